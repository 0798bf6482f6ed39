import { useState, type SubmitEvent } from "react";

import { Problem, sentence, type SessionView } from "@ringdown/api";
import { Button, Notice, TextField } from "@ringdown/ui";

import { useDesk } from "../app/useDesk";
import s from "./session.module.css";

/** Asks for user name and password; `onDone` gets the session. */
export function SignInForm({ username = "", onDone }: { username?: string; onDone: (view: SessionView) => void }) {
  const { api } = useDesk();
  const [name, setName] = useState(username);
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    try {
      onDone(await api.signIn(name.trim(), password));
    } catch (error) {
      const wrong = error instanceof Problem && error.isSignedOut;
      setTrouble(wrong ? error.sentence || "User name or password is wrong." : sentence(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <form className={s["form"]} onSubmit={(event) => void submit(event)}>
      <TextField label="User name" value={name} onChange={setName} autoComplete="username" required big />
      <TextField label="Password" type="password" value={password} onChange={setPassword} autoComplete="current-password" required big />
      {trouble !== null && <Notice tone="down" urgent>{trouble}</Notice>}
      <Button kind="primary" type="submit">{busy ? "Signing in…" : "Sign in"}</Button>
    </form>
  );
}

/** The page before anybody is signed in. */
export function SignInPage({ setupNeeded }: { setupNeeded: boolean }) {
  const desk = useDesk();
  return (
    <main className={s["page"]}>
      <div className={s["card"]}>
        <h1>Ringdown</h1>
        {setupNeeded ? (
          <Notice tone="warn">
            This centre has not been set up yet. Open the one-time link that the server printed when it started.
          </Notice>
        ) : (
          <>
            <p className={s["quiet"]}>Sign in to take calls.</p>
            <SignInForm
              onDone={(view) => {
                desk.welcome(view);
                const { failures } = view.previous_log_on;
                if (failures > 0) desk.say(`${failures} failed sign-in${failures === 1 ? "" : "s"} with your name since you were last here.`, "warn");
              }}
            />
          </>
        )}
      </div>
    </main>
  );
}
