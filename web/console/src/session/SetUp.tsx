import { useState, type SubmitEvent } from "react";

import { sentence } from "@ringdown/api";
import { Button, Notice, TextField } from "@ringdown/ui";

import { useDesk } from "../app/useDesk";
import s from "./session.module.css";

const BLANK = { centre_name: "", display_name: "", username: "", password: "" };

/** The first page of a new centre: names it and makes its first administrator. */
export function SetUpPage({ token, onDone }: { token: string; onDone: () => void }) {
  const desk = useDesk();
  const [form, setForm] = useState(BLANK);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const put = (name: keyof typeof BLANK) => (value: string) => setForm((old) => ({ ...old, [name]: value }));

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    try {
      const view = await desk.api.setUp({ token, ...form });
      onDone();
      desk.welcome(view);
    } catch (error) {
      setTrouble(sentence(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <main className={s["page"]}>
      <div className={s["card"]}>
        <h1>Set up Ringdown</h1>
        <p className={s["quiet"]}>You become the first administrator of this centre. This link works once.</p>
        {!token && <Notice tone="down">The link is incomplete. Copy the whole address that the server printed.</Notice>}
        <form className={s["form"]} onSubmit={(event) => void submit(event)}>
          <TextField label="Name of the centre" value={form.centre_name} onChange={put("centre_name")} required big autoComplete="organization" />
          <TextField label="Your name" value={form.display_name} onChange={put("display_name")} required big autoComplete="name" hint="Stands beside everything you confirm." />
          <TextField label="User name" value={form.username} onChange={put("username")} required big autoComplete="username" />
          <TextField label="Password" type="password" value={form.password} onChange={put("password")} required big autoComplete="new-password" hint="At least 12 characters; a few words are best." />
          {trouble !== null && <Notice tone="down" urgent>{trouble}</Notice>}
          <Button kind="primary" type="submit">{busy ? "Setting up…" : "Set up and sign in"}</Button>
        </form>
      </div>
    </main>
  );
}
