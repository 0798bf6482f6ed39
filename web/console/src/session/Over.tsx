import { useState } from "react";

import { Button, Dialog, Notice, useWatched } from "@ringdown/ui";

import { useDesk } from "../app/useDesk";
import s from "./session.module.css";
import { SignInForm } from "./SignIn";

/** Says that the session is over, without taking the focus; nothing on the page is lost. */
export function SessionOver() {
  const desk = useDesk();
  const signedIn = useWatched(desk.signedIn);
  const [asking, setAsking] = useState(false);
  if (!signedIn?.over) return null;
  return (
    <div className={s["over"]}>
      <Notice tone="down" urgent actions={<Button kind="primary" onPress={() => setAsking(true)}>Sign in again</Button>}>
        You are signed out. Everything you typed is kept on this page. The recording goes on.
      </Notice>
      <Dialog title="Sign in again" isOpen={asking} onClose={() => setAsking(false)}>
        <SignInForm
          username={signedIn.view.user.username}
          onDone={(view) => {
            setAsking(false);
            // Somebody else at this desk starts with a clean page; typed text stays its author's.
            if (view.user.user_id === signedIn.view.user.user_id) desk.welcome(view);
            else location.reload();
          }}
        />
      </Dialog>
    </div>
  );
}
