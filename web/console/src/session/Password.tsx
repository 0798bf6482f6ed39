import { useState, type SubmitEvent } from "react";

import { sentence } from "@ringdown/api";
import { Button, Notice, TextField } from "@ringdown/ui";

import { useDesk } from "../app/useDesk";
import s from "./session.module.css";

/** One's own password. */
export function Password() {
  const desk = useDesk();
  const [current, setCurrent] = useState("");
  const [trouble, setTrouble] = useState<string | null>(null);
  const [next, setNext] = useState("");
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    try {
      const view = await desk.api.changePassword(current, next);
      setCurrent("");
      setNext("");
      setTrouble(null);
      desk.welcome(view);
      desk.say("Your password is changed.");
    } catch (error) {
      setTrouble(sentence(error));
    }
  };
  return (
    <section aria-label="My password">
      <form className={s["form"]} onSubmit={(event) => void submit(event)}>
          <TextField label="Password now" type="password" value={current} onChange={setCurrent} required autoComplete="current-password" />
          <TextField label="New password" type="password" value={next} onChange={setNext} required autoComplete="new-password" hint="At least 12 characters" />
        {trouble !== null && <Notice tone="down" urgent>{trouble}</Notice>}
        <div><Button kind="primary" type="submit">Change password</Button></div>
      </form>
    </section>
  );
}
