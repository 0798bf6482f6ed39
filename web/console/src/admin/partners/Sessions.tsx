import { useCallback, useEffect } from "react";

import { Badge, Button, Notice } from "@ringdown/ui";

import { useDesk } from "../../app/useDesk";
import s from "../admin.module.css";
import { useList } from "../useList";
import { KIND_WORDS, listenerWords, when } from "./words";

const EVERY_MS = 3_000;

/** Who hears which call now, and how far behind they are. */
export function Sessions() {
  const desk = useDesk();
  const { api } = desk;
  const ask = useCallback(async () => (await api.listening()).filter((one) => one.state !== "closed"), [api]);
  const { list, trouble, again } = useList(ask);
  useEffect(() => {
    const timer = setInterval(() => void again(), EVERY_MS);
    return () => clearInterval(timer);
  }, [again]);
  return (
    <section className={s["section"]} aria-label="Listening now">
      <h2>Listening now</h2>
      {trouble !== null && <Notice tone="down">{trouble}</Notice>}
      {trouble === null && list.length === 0 && <p className={s["quiet"]}>Nobody is listening. Who listens to a call, live or recorded, stands here while they do, and in the audit log for good.</p>}
      <ul>
        {list.map((one) => (
          <li key={one.session_id} className={s["item"]}>
            <div className={s["itemHead"]}>
              <span><strong>{one.listener}</strong> <span className={s["quiet"]}>{KIND_WORDS[one.listener_kind] ?? one.listener_kind}</span></span>
              <span>{listenerWords(one)}</span>
              <span className={s["quiet"]}>since {when(one.joined_at ?? one.created_at)}</span>
              {one.paused && <Badge tone="quiet" icon="pause">Paused</Badge>}
              {desk.may("calls:read") && <Button aria-label={`Go to the call that ${one.listener} listens to`} onPress={() => desk.openCall(one.call_id)}>Call</Button>}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
