import { useState } from "react";

import { timeOfDay, type LinkView } from "@ringdown/core";
import { Badge, Button, Notice, useNow } from "@ringdown/ui";

import { useAct } from "../app/useDesk";
import { phone as grouped } from "../calls/words";
import { ByHand } from "./ByHand";
import { Live } from "./Live";
import s from "./phone.module.css";
import { usePhone } from "./usePhone";
import { ASK_IN_WORDS, didNotArrive, goesOn, isOver, languageName, linksOf, linkWords, messageWords, OFFER_WORDS, sharesText, span } from "./phoneWords";

function LinkCard({ link }: { link: LinkView }) {
  const { open, api, compose } = usePhone();
  const act = useAct();
  const now = useNow(1000);
  const [asked, setAsked] = useState(false);
  const message = open.phone.messages.find((one) => one.message_id === link.message_id);
  const { text, tone } = linkWords(link);
  const over = isOver(link);
  const left = Date.parse(link.expires_at) - now;
  const live = !over && (link.shares.includes("video") || link.sharing.includes("video"));
  const opened = link.opened_at !== null;
  const ends = !over || (goesOn(link) && left > 0);
  // Where they are is asked in words of their language; a person sends it.
  const goOn = async (): Promise<void> => {
    const place = await api.questions(link.language).then((all) => all.find((one) => one.question === "place"), () => undefined);
    if (place) compose(place.preview.text, { question: place.question, language: link.language });
    else compose(ASK_IN_WORDS);
  };
  return (
    <li className={s["card"]} data-tone={tone}>
      <div className={s["row"]}>
        <strong data-tone={tone} role="status">{text}</strong>
        <span className={s["end"]} />
        {ends && !asked && <Button kind="danger" onPress={() => setAsked(true)}>{opened && !over ? "Stop sharing…" : "Take back…"}</Button>}
        {asked && ends && (
          <>
            <Button kind="danger" onPress={() => void act(() => api.revokeLink(open.call_id, link.link_id), "The link is taken back; the caller’s phone is told to stop.")}>{opened && !over ? "Stop it now" : "Take it back now"}</Button>
            <Button kind="quiet" onPress={() => setAsked(false)}>Keep it</Button>
          </>
        )}
      </div>
      {message && didNotArrive(message) && <Badge tone="down" icon="down">Message {messageWords(message)}</Badge>}
      {link.refused_devices > 0 && (
        <Notice tone="warn">{link.refused_devices === 1 ? "Another phone tried" : `Other phones tried ${link.refused_devices} times`} to open this link and {link.refused_devices === 1 ? "was" : "were"} refused. Ask whether it was passed on.</Notice>
      )}
      {link.offer !== null && !over && (
        <Notice tone="warn" urgent actions={<Button kind="primary" onPress={() => void goOn()}>Go on by text</Button>}>{OFFER_WORDS[link.offer]} The voice call and its recording go on.</Notice>
      )}
      {message?.state === "manual" && !opened && !over && <ByHand text={message.text} />}
      {live && opened && <Live link={link} />}
      <p className={s["small"]}>
        {[
          `To ${grouped(link.number)}`,
          languageName(link.language),
          `for ${sharesText(link.shares)}`,
          message && !opened && `message ${messageWords(message)}`,
          link.device,
          ends && over && `they can open it again for ${span(left)}`,
          over ? (link.ended_at === null ? null : `over at ${timeOfDay(link.ended_at)}`) : left > 0 && !opened ? `can be opened for ${span(left)}` : null,
          link.reason,
        ].filter(Boolean).join(", ")}
      </p>
    </li>
  );
}

/** Every link of the call: what may still do something first, the rest folded away. */
export function Links() {
  const { open } = usePhone();
  const { current, over } = linksOf(open.phone);
  if (current.length + over.length === 0) return null;
  return (
    <section className={s["part"]} aria-labelledby="phone-links">
      <h3 id="phone-links">{current.length === 0 ? "No link is open" : current.length === 1 ? "Link" : "Links"}</h3>
      {current.length > 0 && <ul className={s["list"]}>{current.map((link) => <LinkCard key={link.link_id} link={link} />)}</ul>}
      {over.length > 0 && (
        <details className={s["fold"]} open={current.length === 0}>
          <summary>Links that are over ({over.length})</summary>
          <ul className={s["list"]}>{over.map((link) => <LinkCard key={link.link_id} link={link} />)}</ul>
        </details>
      )}
    </section>
  );
}
