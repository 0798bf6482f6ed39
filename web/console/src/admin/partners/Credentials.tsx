import { useState, type SubmitEvent } from "react";

import type { ClientSecret, ClientView } from "@ringdown/api";
import { Badge, Button, TextField } from "@ringdown/ui";

import { useAct, useDesk } from "../../app/useDesk";
import s from "../admin.module.css";
import { Once, type Told } from "./Once";
import { Sure } from "./Sure";
import { SCOPE, when } from "./words";

const toldOf = (made: ClientSecret): Told => ({
  of: made.name,
  values: [{ label: "Client ID", text: made.client_id }, { label: "Client secret", text: made.client_secret }],
});

/** Who may read incidents, listen and follow the words: one credential for each partner. */
export function Credentials({ list, again, mayManage }: { list: ClientView[]; again: () => Promise<void>; mayManage: boolean }) {
  const { api } = useDesk();
  const act = useAct();
  const [name, setName] = useState("");
  const [told, setTold] = useState<Told | null>(null);
  const show = (work: () => Promise<ClientSecret>) =>
    act(async () => {
      setTold(toldOf(await work()));
      await again();
    });
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (name.trim() !== "" && (await show(() => api.addClient(name.trim(), [SCOPE])))) setName("");
  };
  const row = (client: ClientView) => (
    <li key={client.client_id} className={s["item"]}>
      <div className={s["itemHead"]}>
        <span><strong>{client.name}</strong> <code className={s["code"]}>{client.client_id}</code></span>
        <span className={s["quiet"]}>{client.last_used_at === null ? "Not used yet" : `Last used ${when(client.last_used_at)}`}</span>
        {client.disabled && <Badge tone="down" icon="rejected">Disabled</Badge>}
        {!client.disabled && mayManage && (
          <span className={s["row"]}>
            <Sure label="New secret" about={client.name} title={`A new secret for ${client.name}?`} act="Make a new secret" onSure={() => void show(() => api.rotateClient(client.client_id))}>
              The old secret and every token made with it stop at once. Until the partner has the new one they get no incidents, hear nothing and see no words.
            </Sure>
            <Sure danger label="Disable" about={client.name} title={`Disable ${client.name}?`} act="Disable now" onSure={() => void act(() => api.disableClient(client.client_id), "Disabled, and cut off everywhere.").then(again)}>
              Their requests are refused, their sockets close and whoever listens with it hears nothing more, at once. This cannot be undone; a partner who comes back gets a new credential.
            </Sure>
          </span>
        )}
      </div>
    </li>
  );
  return (
    <section className={s["section"]} aria-label="Credentials">
      <h2>Credentials</h2>
      {told && <Once told={told} onDone={() => setTold(null)} />}
      {list.length > 0 ? <ul>{list.map(row)}</ul> : <p className={s["quiet"]}>No partner has a credential yet. {mayManage ? "Add one below and hand it to the partner: it is all they need to begin." : "An administrator can add one."}</p>}
      {mayManage && (
        <form className={s["form"]} onSubmit={(event) => void submit(event)}>
          <h3>Add a credential</h3>
          <div className={s["fields"]}><TextField label="Partner" value={name} onChange={setName} required autoComplete="off" hint="May read incidents, listen to calls and follow their words" /></div>
          <div><Button kind="primary" type="submit">Add credential</Button></div>
        </form>
      )}
    </section>
  );
}
