import type { ReactNode } from "react";

import { timeOfDay, type ConsoleState } from "@ringdown/core";
import { Button, Hidden, Icon, useNow, useWatched } from "@ringdown/ui";

import { KeyList } from "../keys/KeyList";
import { Lamps } from "../lamps/Lamps";
import { SessionOver } from "../session/Over";
import s from "./app.module.css";
import type { Prefs } from "./prefs";
import { useAct, useDesk, useLive } from "./useDesk";

const pickOffset = (state: ConsoleState) => state.offset_ms;
const NEXT_THEME: Record<Prefs["theme"], Prefs["theme"]> = { system: "dark", dark: "light", light: "system" };
const SAID_FOR_MS = 6_000;

function Clock() {
  const now = useNow(1000);
  const offset = useLive(pickOffset);
  return <span className={s["clock"]}>{timeOfDay(now + offset)}</span>;
}

/** A word about what just happened; its place is always there, so that nothing moves. */
function Said() {
  const desk = useDesk();
  const said = useWatched(desk.said);
  const now = useNow(1000);
  const fresh = said !== null && (said.tone !== "quiet" || now - said.at < SAID_FOR_MS);
  return (
    <div className={s["said"]} data-tone={fresh ? said.tone : undefined}>
      <div role={said?.tone === "quiet" ? "status" : "alert"}>{fresh && said.text}</div>
      {fresh && said.tone !== "quiet" && (
        <button type="button" className={s["dismiss"]} onClick={() => desk.said.set(null)}>Dismiss</button>
      )}
    </div>
  );
}

/** What is around every page: lamps, who is signed in, keys, theme. */
export function Frame({ children }: { children: ReactNode }) {
  const desk = useDesk();
  const act = useAct();
  const signedIn = useWatched(desk.signedIn);
  const prefs = useWatched(desk.prefs);
  const place = useWatched(desk.place);
  const admin = desk.may("identity:manage") || desk.may("partners:read") || desk.may("audit:read");

  const signOut = () =>
    void act(async () => {
      if (desk.typed.waiting && !desk.said.get()?.text.startsWith("Unsaved")) {
        desk.say("Unsaved text waits on a call. Sign out again to leave it behind.", "warn");
        return;
      }
      await desk.api.signOut();
      desk.typed.drop();
      desk.feed.stop();
      location.assign("/");
    });

  return (
    <div className={s["frame"]}>
      <header className={s["top"]}>
        <div className={s["bar"]}>
          <span className={s["brand"]}><Icon name="person" /> {signedIn?.view.user.name}</span>
          <span className={s["centre"]}>{signedIn?.view.centre.name}</span>
        </div>
        <Lamps />
        <Said />
        <div className={s["tools"]}>
          <Clock />
          {admin && (
            <Button kind="quiet" onPress={() => (location.hash = place.page === "admin" ? "#/" : "#/admin/users")}>
              {place.page === "admin" ? "Calls" : "Admin"}
            </Button>
          )}
          <KeyList />
          <Button kind="quiet" onPress={() => desk.prefs.set({ ...desk.prefs.get(), theme: NEXT_THEME[prefs.theme] })}  >
            <Hidden>Colours: </Hidden>{{ system: "Auto", dark: "Dark", light: "Light" }[prefs.theme]}
          </Button>
          <Button kind="quiet" onPress={signOut} >Sign out</Button>
        </div>
      </header>
      <SessionOver />
      {children}
    </div>
  );
}
