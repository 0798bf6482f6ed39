import { useState, type SubmitEvent } from "react";

import type { ClientView, EndpointForm as Form, PartnerEndpoint } from "@ringdown/api";
import { Button, SelectField, TextField, Tick } from "@ringdown/ui";

import s from "../admin.module.css";
import { EVENTS } from "./words";

type Auth = "keep" | Form["auth"]["kind"];
const AUTHS: { value: Auth; label: string }[] = [
  { value: "none", label: "Signature alone" },
  { value: "bearer", label: "Signature and a token that the partner gave" },
  { value: "oauth", label: "Signature and a token fetched by OAuth" },
];

/** Where events go. For an endpoint that exists, what is not touched stays. */
export function EndpointForm({ partners, endpoint, busy, onSend, onCancel }: { partners: ClientView[]; endpoint?: PartnerEndpoint; busy: boolean; onSend: (form: Partial<Form> & Omit<Form, "auth">, clientId: string) => void; onCancel?: () => void }) {
  const [clientId, setClientId] = useState(partners[0]?.client_id ?? "");
  const [name, setName] = useState(endpoint?.name ?? "");
  const [url, setUrl] = useState(endpoint?.url ?? "https://");
  const [events, setEvents] = useState<string[]>(endpoint?.events ?? EVENTS.map(({ id }) => id));
  const [demo, setDemo] = useState(endpoint?.include_demo ?? false);
  const [local, setLocal] = useState(endpoint?.allow_private ?? false);
  const [auth, setAuth] = useState<Auth>(endpoint ? "keep" : "none");
  const [token, setToken] = useState("");
  const [tokenUrl, setTokenUrl] = useState("https://");
  const [authId, setAuthId] = useState("");
  const [authSecret, setAuthSecret] = useState("");

  const chosen = (): { auth?: Form["auth"] } => {
    if (auth === "keep") return {};
    if (auth === "none") return { auth: { kind: "none" } };
    if (auth === "bearer") return { auth: { kind: "bearer", token } };
    return { auth: { kind: "oauth", token_url: tokenUrl.trim(), client_id: authId.trim(), client_secret: authSecret } };
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const partner = partners.some((one) => one.client_id === clientId) ? clientId : (partners[0]?.client_id ?? "");
    onSend({ name: name.trim(), url: url.trim(), events, include_demo: demo, allow_private: local, ...chosen() }, partner);
  };
  const keep = endpoint ? [{ value: "keep" as const, label: "As it is" }] : [];
  return (
    <form className={s["form"]} onSubmit={submit}>
      {!endpoint && <h3>Add an endpoint</h3>}
      <div className={s["fields"]}>
        {!endpoint && (
          <SelectField label="Partner" value={clientId || (partners[0]?.client_id ?? "")} onChange={setClientId} groups={[{ label: null, options: partners.map((one) => ({ value: one.client_id, label: one.name })) }]} />
        )}
        <TextField label="Name" value={name} onChange={setName} required autoComplete="off" hint="How you will know it in the list" />
        <TextField label="Address" value={url} onChange={setUrl} required autoComplete="off" hint="Begins with https://" />
      </div>
      <fieldset className={s["roles"]}>
        <legend>Send</legend>
        {EVENTS.map(({ id, label }) => (
          <Tick key={id} label={label} checked={events.includes(id)} onChange={(on) => setEvents(on ? [...events, id] : events.filter((one) => one !== id))} />
        ))}
        <Tick label="Demo calls too" checked={demo} onChange={setDemo} />
      </fieldset>
      <div className={s["fields"]}>
        <SelectField label="How the partner knows us" value={auth} onChange={(value) => setAuth(value as Auth)} groups={[{ label: null, options: [...keep, ...AUTHS] }]} />
        {auth === "bearer" && <TextField label="Token" type="password" value={token} onChange={setToken} required autoComplete="off" hint="Kept encrypted, never shown" />}
        {auth === "oauth" && (
          <>
            <TextField label="Address of tokens" value={tokenUrl} onChange={setTokenUrl} required autoComplete="off" />
            <TextField label="Client ID there" value={authId} onChange={setAuthId} required autoComplete="off" />
            <TextField label="Client secret there" type="password" value={authSecret} onChange={setAuthSecret} required autoComplete="off" hint="Kept encrypted, never shown" />
          </>
        )}
      </div>
      <Tick label="This address may be on our own network (otherwise private addresses are refused)" checked={local} onChange={setLocal} />
      <div className={s["row"]}>
        <Button kind="primary" type="submit" isDisabled={busy || events.length === 0}>{endpoint ? "Save" : "Add endpoint"}</Button>
        {onCancel && <Button onPress={onCancel}>Cancel</Button>}
        {events.length === 0 && <span className={s["quiet"]}>Choose at least one thing to send.</span>}
      </div>
    </form>
  );
}
