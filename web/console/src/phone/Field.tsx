import { useState } from "react";

import type { ResponderLinkMade } from "@ringdown/api/phone";
import { timeOfDay, type ResponderLinkView } from "@ringdown/core";
import { Button, Notice, SelectField, TextField, Tick } from "@ringdown/ui";

import { useAct, useDesk } from "../app/useDesk";
import { Copy } from "./ByHand";
import s from "./phone.module.css";
import { Qr } from "./Qr";
import { usePhone } from "./usePhone";
import { ROLE_WORDS, SHOWN_WORDS } from "./phoneWords";

type Role = ResponderLinkView["role"];
type Shown = ResponderLinkView["shows"][number];
const ROLES = Object.entries(ROLE_WORDS).map(([value, label]) => ({ value, label }));
const SHOWN = Object.keys(SHOWN_WORDS) as Shown[];

/** The address of a new link: told this once, to be handed on. */
function Made({ made, onDone }: { made: ResponderLinkMade; onDone: () => void }) {
  return (
    <Notice tone="quiet" urgent actions={<><Copy text={made.address} what="address" main /><Button kind="quiet" onPress={onDone}>Done</Button></>}>
      <p>For {made.link.to}. It is shown this once.</p>
      <p className={s["sms"]} role="group" aria-label="Address for the responder">{made.address}</p>
      <Qr text={made.address} label="The same address as a QR code" />
    </Notice>
  );
}

function Make({ onMade }: { onMade: (made: ResponderLinkMade) => void }) {
  const { open, api } = usePhone();
  const act = useAct();
  const [role, setRole] = useState<Role>("fire");
  const [to, setTo] = useState("");
  const [shows, setShows] = useState<readonly Shown[]>(["incident", "location"]);
  const ready = to.trim() !== "" && shows.length > 0;
  const make = () =>
    act(async () => {
      onMade(await api.makeResponderLink(open.call_id, { role, to: to.trim(), shows: SHOWN.filter((one) => shows.includes(one)) }));
      setTo("");
    });
  return (
    <form className={s["stack"]} aria-label="Link for a responder" onSubmit={(event) => { event.preventDefault(); if (ready) void make(); }}>
      <div className={s["two"]}>
        <SelectField label="Who they are" value={role} onChange={(value) => setRole(value as Role)} groups={[{ label: null, options: ROLES }]} />
        <TextField label="Unit or name" value={to} onChange={setTo} required hint="For example: Engine 4." />
      </div>
      <fieldset className={s["shares"]}>
        <legend>They see</legend>
        {SHOWN.map((one) => <Tick key={one} label={SHOWN_WORDS[one]} checked={shows.includes(one)} onChange={(on) => setShows(on ? [...shows, one] : shows.filter((other) => other !== one))} />)}
      </fieldset>
      <div className={s["row"]}><Button type="submit" isDisabled={!ready}>Make a link</Button></div>
    </form>
  );
}

function Card({ link }: { link: ResponderLinkView }) {
  const { open, api } = usePhone();
  const act = useAct();
  const active = link.state === "active";
  const opens = link.opens === 0 ? "not opened" : `opened ${link.opens} ${link.opens === 1 ? "time" : "times"}${link.last_opened_at === null ? "" : `, last at ${timeOfDay(link.last_opened_at)}`}`;
  const ends = active ? `until ${timeOfDay(link.expires_at)}` : link.state === "revoked" ? `taken back${link.revoked_by ? ` by ${link.revoked_by.name}` : ""}` : "ran out";
  return (
    <li className={s["card"]} data-tone={active ? "ok" : undefined}>
      <div className={s["row"]}>
        <strong>{link.to}</strong> <span className={s["small"]}>{ROLE_WORDS[link.role]}</span>
        <span className={s["end"]} />
        {active && <Button kind="danger" onPress={() => void act(() => api.revokeResponderLink(open.call_id, link.link_id), `The link of ${link.to} is taken back.`)}>Take back</Button>}
      </div>
      <p className={s["small"]}>{[link.shows.map((one) => SHOWN_WORDS[one].toLowerCase()).join(", "), opens, ends].join("; ")}</p>
    </li>
  );
}

/** Links for those in the field: what is confirmed, on any phone, until it is taken back. */
export function Field() {
  const { open } = usePhone();
  const desk = useDesk();
  const [made, setMade] = useState<ResponderLinkMade | null>(null);
  const links = open.phone.responder_links.toReversed();
  const may = desk.may("responders:share");
  if (!may && links.length === 0) return null;
  const active = links.filter((link) => link.state === "active").length;
  return (
    <section className={s["part"]} aria-label="For responders">
      <details className={s["fold"]}>
        <summary>For responders in the field{active > 0 ? ` (${active} open)` : ""}</summary>
        {made && <Made made={made} onDone={() => setMade(null)} />}
        {links.length > 0 && <ul className={s["list"]} aria-label="Links for responders">{links.map((link) => <Card key={link.link_id} link={link} />)}</ul>}
        {may && <Make onMade={setMade} />}
      </details>
    </section>
  );
}
