import { useState, type SubmitEvent } from "react";

import type { ClientSecret, ClientView } from "@ringdown/api";
import { Badge, Button, Notice, TextField, Tick } from "@ringdown/ui";

import { useAct, useDesk } from "../app/useDesk";
import s from "./admin.module.css";
import { SCOPE } from "./partners/words";
import { useList } from "./useList";

const SCOPES = [
  { id: "media:ingest", label: "Send sound" },
  { id: "calls:write", label: "Report calls" },
  { id: "calls:read", label: "Read calls" },
  { id: "eido:read", label: "Read confirmed incidents (EIDO)" },
];

function Secret({ made, onDone }: { made: ClientSecret; onDone: () => void }) {
  return (
    <Notice tone="warn" urgent actions={<Button onPress={onDone}>I have kept it</Button>}>
      <p>The secret of <strong>{made.name}</strong> is shown this once. Keep it now.</p>
      <p>Client <code className={s["code"]}>{made.client_id}</code></p>
      <p>Secret <code className={s["code"]}>{made.client_secret}</code></p>
    </Notice>
  );
}

/** Machines that may talk to this centre, each with its own credentials. */
export function Clients() {
  const { api } = useDesk();
  const act = useAct();
  const { list, trouble, again } = useList(api.clients);
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<string[]>(["media:ingest"]);
  const [made, setMade] = useState<ClientSecret | null>(null);

  const show = (work: () => Promise<ClientSecret>) =>
    act(async () => {
      setMade(await work());
      await again();
    });
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (await show(() => api.addClient(name.trim(), scopes))) setName("");
  };
  const row = (client: ClientView) => (
    <li key={client.client_id} className={s["item"]}>
      <div className={s["itemHead"]}>
        <span><strong>{client.name}</strong> <span className={s["quiet"]}>{client.client_id}</span></span>
        <span className={s["quiet"]}>{client.scopes.join(", ")}</span>
        <span className={s["marks"]}>{client.disabled && <Badge tone="down" icon="rejected">Disabled</Badge>}</span>
        {!client.disabled && (
          <span className={s["row"]}>
            <Button aria-label={`New secret for ${client.name}`} onPress={() => void show(() => api.rotateClient(client.client_id))}>New secret</Button>
            <Button kind="danger" aria-label={`Disable ${client.name}`} onPress={() => void act(() => api.disableClient(client.client_id), "Disabled.").then(again)}>Disable</Button>
          </span>
        )}
      </div>
    </li>
  );
  return (
    <section className={s["section"]} aria-label="API clients">
      {trouble !== null && <Notice tone="down" urgent>{trouble}</Notice>}
      {made && <Secret made={made} onDone={() => setMade(null)} />}
      {/* Partners' credentials have a page of their own, which says what depends on them. */}
      <ul>{list.filter((client) => !client.scopes.includes(SCOPE)).map(row)}</ul>
      <form className={s["form"]} onSubmit={(event) => void submit(event)}>
        <h2>Add a client</h2>
        <div className={s["fields"]}><TextField label="Name" value={name} onChange={setName} required hint="The telephone system or media source" /></div>
        <fieldset className={s["roles"]}>
          <legend>May</legend>
          {SCOPES.map(({ id, label }) => (
            <Tick key={id} label={label} checked={scopes.includes(id)} onChange={(on) => setScopes(on ? [...scopes, id] : scopes.filter((scope) => scope !== id))} />
          ))}
        </fieldset>
        <div><Button kind="primary" type="submit" isDisabled={scopes.length === 0}>Add client</Button></div>
      </form>
    </section>
  );
}
