import { useEffect, useState } from "react";

import type { ListeningSession } from "@ringdown/api";
import { Button, Icon, Tip } from "@ringdown/ui";

import { useDesk } from "../app/useDesk";

const EVERY_MS = 5_000;

/** How many listen to this call now, and who: for those who may see it of the whole centre. */
export function Listeners({ callId }: { callId: string }) {
  const desk = useDesk();
  const { api } = desk;
  const [there, setThere] = useState<ListeningSession[]>([]);
  const may = desk.may("audit:read");
  useEffect(() => {
    if (!may) return;
    let over = false;
    const look = () =>
      api.listening().then(
        (all) => {
          if (!over) setThere(all.filter((one) => one.call_id === callId && (one.state === "live" || one.state === "away")));
        },
        () => undefined, // What was known stays; the lamps say what is wrong.
      );
    void look();
    const timer = setInterval(() => void look(), EVERY_MS);
    return () => {
      over = true;
      clearInterval(timer);
    };
  }, [api, callId, may]);
  if (there.length === 0) return null;
  return (
    <Tip tip={there.map((one) => <p key={one.session_id}>{one.listener}</p>)}>
      <Button kind="quiet" aria-label={`${there.length} listening: ${there.map((one) => one.listener).join(", ")}`}><Icon name="ear" />{there.length} listening</Button>
    </Tip>
  );
}
