import { LAMP_NAMES, LAMP_STATE_WORDS, LAMP_WORDS, timeOfDay, type LampState, type LampView, type LinkState } from "@ringdown/core";
import { Button, Icon, Tip, useWatched } from "@ringdown/ui";

import { useDesk, useLive } from "../app/useDesk";
import s from "./lamps.module.css";

const LINK_LAMP: Record<LinkState["state"], { state: LampState; text: string }> = {
  live: { state: "ok", text: "The console is connected." },
  connecting: { state: "working", text: "The console is connecting." },
  reconnecting: { state: "down", text: "Disconnected; reconnecting by itself." },
  signed_out: { state: "down", text: "Disconnected: you are signed out." },
  stopped: { state: "off", text: "The console is not connected." },
};
const LINK_WORKS = "notes (kept on this page), calls, recording.";

function linkLamp(link: LinkState): LampView {
  const { state, text } = LINK_LAMP[link.state];
  return { name: "console", state, since: new Date(link.since).toISOString(), text, still_works: state === "ok" ? "" : LINK_WORKS };
}

const SEVERITY: readonly LampState[] = ["ok", "off", "working", "warn", "down"];
const worse = (a: LampView, b: LampView): LampView => (SEVERITY.indexOf(b.state) > SEVERITY.indexOf(a.state) ? b : a);

const nameOf = (lamp: LampView): string => (lamp.name === "console" ? "Console" : (LAMP_WORDS[lamp.name] ?? lamp.name));

function Lamp({ lamp, stale }: { lamp: LampView; stale: boolean }) {
  const word = LAMP_STATE_WORDS[lamp.state];
  return (
    <li className={s["lamp"]}>
      <Tip
        tip={
          <>
            <p><strong>{nameOf(lamp)}</strong>: {stale ? `was “${word}” when the console was last connected` : `${word} since ${timeOfDay(lamp.since)}`}</p>
            {lamp.text && <p>{lamp.text}</p>}
            {lamp.still_works && <p><strong>Still works:</strong> {lamp.still_works}</p>}
          </>
        }
      >
        <Button kind="quiet">
          <span className={s["face"]} data-state={lamp.state} data-stale={stale || undefined}>
            <Icon name={lamp.state} />
            <span className={s["name"]}>{nameOf(lamp)}</span>
            <span className={s["word"]}>{stale ? `Was ${word}` : `${word} · ${timeOfDay(lamp.since).slice(0, 5)}`}</span>
          </span>
        </Button>
      </Tip>
    </li>
  );
}

/** Every lane, always in sight, and one line for the worst of them; the line is always there. */
export function Lamps() {
  const { feed } = useDesk();
  const link = useWatched({ get: feed.link, subscribe: feed.subscribe });
  const known = useLive((state) => state.lamps);
  const lanes = LAMP_NAMES.map(
    (name): LampView => known[name] ?? { name, state: "working", since: new Date(link.since).toISOString(), text: "Nothing heard from it yet.", still_works: "" },
  );
  // A lane that an agency has not set up is none; what it has set up is in sight as long as it is.
  const extra = Object.values(known).filter((lamp) => !LAMP_NAMES.includes(lamp.name) && lamp.state !== "off");
  const console_ = linkLamp(link);
  const live = link.state === "live";
  const all = [console_, ...lanes, ...extra];
  const worst = live ? all.reduce(worse) : console_;
  const quiet = worst.state === "ok" || worst.state === "off";
  const calm = quiet || worst.state === "working";
  return (
    <section className={s["lamps"]} aria-label="Lanes">
      <ul className={s["row"]}>
        {all.map((lamp) => (
          <Lamp key={lamp.name} lamp={lamp} stale={!live && lamp !== console_} />
        ))}
      </ul>
      <p className={s["line"]} data-state={calm ? "ok" : worst.state} role="status">
        {quiet ? (
          "All lanes work."
        ) : (
          <>
            <Icon name={worst.state} />
            <span className={s["words"]}>
              <strong>{nameOf(worst)} since {timeOfDay(worst.since)}:</strong> {worst.text} {worst.still_works && `Still works: ${worst.still_works}`}
            </span>
          </>
        )}
      </p>
    </section>
  );
}
