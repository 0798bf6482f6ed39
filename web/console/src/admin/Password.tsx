import { useState, type FormEvent } from "react";

import { Button, TextField } from "@ringdown/ui";

import { useAct, useDesk } from "../app/useDesk";
import s from "./admin.module.css";

/** One's own password. */
export function Password() {
  const { api } = useDesk();
  const act = useAct();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!(await act(() => api.changePassword(current, next), "Your password is changed."))) return;
    setCurrent("");
    setNext("");
  };
  return (
    <section className={s["section"]} aria-label="My password">
      <form className={s["form"]} onSubmit={(event) => void submit(event)}>
        <div className={s["fields"]}>
          <TextField label="Password now" type="password" value={current} onChange={setCurrent} required autoComplete="current-password" />
          <TextField label="New password" type="password" value={next} onChange={setNext} required autoComplete="new-password" />
        </div>
        <div><Button kind="primary" type="submit">Change password</Button></div>
      </form>
    </section>
  );
}
