import { lazy, Suspense, useEffect, useState } from "react";

import { Problem, sentence } from "@ringdown/api";
import { Button, Notice, useWatched } from "@ringdown/ui";

import { Password } from "../session/Password";
import { Presence } from "../session/presence";
import { SetUpPage } from "../session/SetUp";
import { SignInPage } from "../session/SignIn";
import s from "./app.module.css";
import { useDesk } from "./useDesk";
import { Frame } from "./Frame";
import { Workspace } from "./Workspace";

const Admin = lazy(() => import("../admin/Admin"));

/** The set-up link carries its secret after `#`, where no server log sees it. */
function setUpToken(): string | null {
  return location.pathname === "/setup" ? location.hash.slice(1) : null;
}

type Start = { kind: "asking" } | { kind: "nobody"; setupNeeded: boolean } | { kind: "trouble"; text: string };

/** Chooses the page: set-up, sign-in, or the console. */
export function App() {
  const desk = useDesk();
  const signedIn = useWatched(desk.signedIn);
  const place = useWatched(desk.place);
  const [token, setToken] = useState(setUpToken);
  const [start, setStart] = useState<Start>({ kind: "asking" });
  const [tries, setTries] = useState(0);

  useEffect(() => {
    if (token !== null) return;
    const ask = async () => {
      try {
        desk.welcome(await desk.api.session());
      } catch (error) {
        if (!(error instanceof Problem) || !error.isSignedOut) throw error;
        const { needed } = await desk.api.setupNeeded();
        setStart({ kind: "nobody", setupNeeded: needed });
      }
    };
    ask().catch((error: unknown) => setStart({ kind: "trouble", text: sentence(error) }));
  }, [desk, token, tries]);

  useEffect(() => desk.keyboard.listen(window), [desk]);

  const present = signedIn !== null && !signedIn.over;
  useEffect(() => {
    if (!present) return;
    const liveCallOpen = () => (desk.store.get().open?.call.state ?? "ended") !== "ended";
    return new Presence(liveCallOpen, desk.api.session).watch(window);
  }, [desk, present]);

  if (token !== null)
    return (
      <SetUpPage
        token={token}
        onDone={() => {
          history.replaceState(null, "", "/");
          setToken(null);
        }}
      />
    );
  if (!signedIn) {
    if (start.kind === "nobody") return <SignInPage setupNeeded={start.setupNeeded} />;
    return (
      <main className={s["start"]}>
        {start.kind === "trouble" ? (
          <Notice tone="down" urgent actions={<Button onPress={() => setTries((n) => n + 1)}>Try again</Button>}>{start.text}</Notice>
        ) : (
          <p>Opening the console…</p>
        )}
      </main>
    );
  }
  if (signedIn.view.must_change_password)
    return (
      <main className={s["start"]}>
        <h1>Choose your own password</h1>
        <p>The password you have was given to you. Nothing else is open until you have changed it.</p>
        <Password />
      </main>
    );
  return (
    <Frame>
      {place.page === "admin" ? (
        <Suspense fallback={<p className={s["start"]}>Opening…</p>}>
          <Admin tab={place.tab} />
        </Suspense>
      ) : (
        <Workspace callId={place.callId} />
      )}
    </Frame>
  );
}
