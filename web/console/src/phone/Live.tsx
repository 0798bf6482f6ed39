import { useEffect, useRef, useState } from "react";

import { Problem, sentence } from "@ringdown/api";
import type { LinkView } from "@ringdown/core";
import { Badge, Button, Hidden, Icon, Kbd, useWatched } from "@ringdown/ui";

import { useAct, useDesk, useKey, useKeyName } from "../app/useDesk";
import s from "./phone.module.css";
import { useEscape, useLookFocus, useMe, usePhone } from "./usePhone";
import { Watching, type Watched } from "./watching";
import { healthWords, viewersOf } from "./phoneWords";

const timers = {
  now: () => Date.now(),
  set: (callback: () => void, delayMs: number) => setTimeout(callback, delayMs),
  clear: (handle: unknown) => clearTimeout(handle as ReturnType<typeof setTimeout> | undefined),
  random: () => Math.random(),
};

/** The page has not begun yet, or begins again after a break: worth waiting for. */
const NOT_LIVE = "video.stream.not_live";

function useWatching(link: LinkView): Watching {
  const { api, open } = usePhone();
  const me = useMe();
  const [watching] = useState(
    () =>
      new Watching(
        {
          watch: () => api.watch(open.call_id, link.link_id),
          alive: (viewingId, shownMs) => api.stillViewing(open.call_id, viewingId, shownMs),
          close: (viewingId, shownMs) => api.closeViewing(open.call_id, viewingId, shownMs),
          // The media server's library is large, and most calls have no video.
          connect: async (...way) => (await import("./camera")).connect(...way),
          words: sentence,
          isRefusal: (error) => error instanceof Problem && error.status < 500 && error.code !== NOT_LIVE,
        },
        timers,
      ),
  );
  const wanted = link.sharing.includes("video");
  useEffect(() => {
    if (!wanted) return undefined;
    watching.start();
    return () => watching.stop();
  }, [watching, wanted]);
  const taken = open.phone.viewings.find((one) => one.by.user_id === me && one.taken_over_by !== null && one.viewing_id === watching.viewing)?.taken_over_by;
  const takenBy = taken && taken.user_id !== me ? taken.name : null;
  useEffect(() => {
    if (takenBy !== null) watching.taken(takenBy);
  }, [watching, takenBy]);
  return watching;
}

/** The place of the video itself: the library makes its element. */
function Picture({ state, dead }: { state: Watched; dead: boolean }) {
  const place = useRef<HTMLDivElement>(null);
  const { element, shown } = state;
  useEffect(() => {
    const here = place.current;
    if (!here || !element) return undefined;
    here.replaceChildren(element);
    return () => element.remove();
  }, [element]);
  return <div className={s["picture"]} data-shown={shown} data-dead={dead} ref={place} aria-hidden={!shown} />;
}

/** The caller's camera: blurred and silent until it is wanted, closed by Escape at once. */
export function Live({ link }: { link: LinkView }) {
  const { open, api } = usePhone();
  const desk = useDesk();
  const act = useAct();
  const me = useMe();
  const watching = useWatching(link);
  const state = useWatched(watching.state);
  const health = open.phone.health[link.link_id];
  const { shown, phase } = state;
  const sharing = link.sharing.includes("video");
  // Pictures that come count more than a page that is not heard of.
  const dead = phase === "on" && (state.dead || (health?.state === "dead" && !state.moving));
  const waits = phase === "on" && !dead && !state.moving;

  const hide = (): void => watching.hide();
  useEscape(shown, hide);
  const box = useRef<HTMLDivElement>(null);
  useLookFocus(box, shown);
  const flip = (): void => {
    if (shown) hide();
    else watching.show();
  };
  useKey("phone.look", flip);
  const lookKey = useKeyName("phone.look");
  // Whoever is put out hears of it from the media server first, and why a moment later.
  const takenBy = open.phone.viewings.findLast((one) => one.by.user_id === me && one.subject_id === link.link_id)?.taken_over_by?.name ?? null;
  const others = viewersOf(open.phone.viewings, link.link_id, me);

  if (!sharing) return <p className={s["small"]}>{link.agreed.includes("video") ? "The camera is not on." : "The caller has not agreed to live video on their page."}</p>;
  const words =
    phase === "joining" ? (state.trouble ?? "Opening the video…")
    : phase === "failed" ? (state.trouble ?? "The video cannot be opened.")
    : phase === "over" ? (takenBy !== null ? `${takenBy} looks instead of you.` : state.trouble ?? "The video was closed.")
    : dead ? "No pictures come through."
    : waits ? "Waiting for the first picture…"
    : "";
  const slides = !dead && (health?.state === "slides" || (state.moving && state.fps > 0 && state.fps < 2));
  const told = dead ? "No pictures come through." : phase !== "on" || waits ? words : slides ? "Single pictures come through." : "Live video comes through.";
  // The phone knows what it sends; what arrives here is measured here.
  const measured = state.kbps > 0 ? { ...state, loss_percent: health?.loss_percent ?? 0 } : health;
  return (
    <div className={s["stack"]} ref={box}>
      <div className={s["stage"]}>
        <Picture state={state} dead={dead} />
        {(!shown || words !== "") && (
          <div className={s["over"]}>
            {words !== "" && <p><Icon name={phase === "joining" || waits ? "working" : "warn"} /> {words}</p>}
            {phase === "on" && !shown && <Button kind="primary" data-look onPress={() => watching.show()}>Show the video <Kbd keys={lookKey} /></Button>}
            {(phase === "failed" || phase === "over") && <Button onPress={() => watching.start()}>Look again</Button>}
          </div>
        )}
      </div>
      <div className={s["row"]}>
        {phase === "on" && !waits && (dead ? <Badge tone="down" icon="down">No pictures</Badge> : slides ? <Badge tone="warn" icon="warn">Slides</Badge> : <Badge tone="ok" icon="live">Live</Badge>)}
        {phase === "on" && !dead && !waits && measured && <span className={s["small"]}>{healthWords(measured)}</span>}
        <Hidden><span role="status">{told}</span></Hidden>
        <span className={s["end"]} />
        {health?.carries_audio && phase === "on" && <Button pressed={state.sound} isDisabled={!shown} onPress={() => watching.sound(!state.sound)}>Sound of the video</Button>}
        {shown && <Button data-look onPress={hide}>Close the video <Kbd keys="Escape" /></Button>}
      </div>
      {health?.carries_audio && <p className={s["small"]}>The page carries sound too: video yields to it first.</p>}
      {others.length > 0 && (
        <ul className={s["list"]} aria-label="Others who have this video open">
          {others.map((one) => (
            <li key={one.viewing_id} className={s["row"]}>
              <Icon name="person" /> {one.by.name} has it open
              {desk.may("video:take_over") && (
                <Button onPress={() => void act(async () => watching.start(await api.takeOverViewing(open.call_id, one.viewing_id)), `You look instead of ${one.by.name}.`)}>Take over the viewing</Button>
              )}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
