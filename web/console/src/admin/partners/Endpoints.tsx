import { useState } from "react";

import { sentence, type ClientView, type PartnerEndpoint, type PartnerEndpointSecret } from "@ringdown/api";
import { Badge, Button, Icon } from "@ringdown/ui";

import { useAct, useDesk } from "../../app/useDesk";
import s from "../admin.module.css";
import { EndpointForm } from "./EndpointForm";
import { Once, type Told } from "./Once";
import { Sure } from "./Sure";
import { disabledWords, eventWords, when } from "./words";

interface Answer {
  ok: boolean;
  text: string;
}

/** Sends a test and says what came back; it may take as long as the receiver takes. */
function useTest(endpointId: string, again: () => Promise<void>): { answer: Answer | null; busy: boolean; test: () => Promise<void> } {
  const { api } = useDesk();
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [busy, setBusy] = useState(false);
  const test = async () => {
    setBusy(true);
    setAnswer(null);
    try {
      const came = await api.testEndpoint(endpointId);
      const ok = came.state === "delivered";
      const said = came.last_status === null ? "" : `It answered ${came.last_status}.`;
      setAnswer({ ok, text: ok ? `The receiver took the test. ${said}` : `The test was not taken. ${came.last_error?.text ?? said}` });
    } catch (error) {
      setAnswer({ ok: false, text: sentence(error) });
    } finally {
      setBusy(false);
      await again();
    }
  };
  return { answer, busy, test };
}

function Endpoint({ endpoint, partner, again, onTold, onShow, mayManage }: { endpoint: PartnerEndpoint; partner: string; again: () => Promise<void>; onTold: (told: Told) => void; onShow: (endpointId: string) => void; mayManage: boolean }) {
  const { api } = useDesk();
  const act = useAct();
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const { answer, busy: testing, test } = useTest(endpoint.endpoint_id, again);
  const id = endpoint.endpoint_id;
  const change = async (work: () => Promise<unknown>, done: string) => {
    setBusy(true);
    const changed = await act(work, done);
    setBusy(false);
    if (changed) await again();
    return changed;
  };
  return (
    <li className={s["item"]}>
      <div className={s["itemHead"]}>
        <span><strong>{endpoint.name}</strong> <span className={s["quiet"]}>for {partner}</span></span>
        <span className={s["breaks"]}>{endpoint.url}</span>
        <span className={s["marks"]}>
          {endpoint.enabled ? <Badge tone="ok" icon="ok">On</Badge> : <Badge tone={endpoint.disabled_because === "administrator" ? "quiet" : "down"} icon="off">Off</Badge>}
          {endpoint.queued > 0 && <Badge tone="quiet" icon="clock">{endpoint.queued} waiting</Badge>}
          {endpoint.dead > 0 && <Badge tone="down" icon="down">{endpoint.dead} not delivered</Badge>}
        </span>
      </div>
      <p className={s["quiet"]}>Sends: {endpoint.events.map(eventWords).join("; ")}.{endpoint.include_demo && " Demo calls too."} Last taken: {when(endpoint.last_success_at)}.</p>
      {!endpoint.enabled && <p>{disabledWords(endpoint.disabled_because)}</p>}
      {endpoint.last_error && <p><Icon name="warn" /> Last error, {when(endpoint.last_error.at)}: {endpoint.last_error.text}</p>}
      <div className={s["row"]}>
        {mayManage && (
          <>
            <Button aria-label={`Send a test: ${endpoint.name}`} isDisabled={testing} onPress={() => void test()}>{testing ? "Sending…" : "Send a test"}</Button>
            <Button aria-label={`Change: ${endpoint.name}`} aria-expanded={open} onPress={() => setOpen(!open)}>Change</Button>
            <Button aria-label={`${endpoint.enabled ? "Switch off" : "Switch on"}: ${endpoint.name}`} isDisabled={busy} onPress={() => void change(() => api.changeEndpoint(id, { enabled: !endpoint.enabled }), endpoint.enabled ? "Switched off." : "Switched on.")}>{endpoint.enabled ? "Switch off" : "Switch on"}</Button>
            <Sure label="New secret" about={endpoint.name} title={`A new signing secret for ${endpoint.name}?`} act="Make a new secret" onSure={() => void act(async () => { onTold(toldOf(await api.rotateEndpoint(id))); await again(); })}>
              Events are signed with both secrets for a day, so that the partner can change over without losing any.
            </Sure>
            <Sure danger label="Remove" about={endpoint.name} title={`Remove ${endpoint.name}?`} act="Remove it" onSure={() => void change(() => api.removeEndpoint(id), "Removed.")}>
              What still waits for it is given up.
            </Sure>
          </>
        )}
        <Button kind="quiet" aria-label={`Deliveries: ${endpoint.name}`} onPress={() => onShow(id)}>Deliveries</Button>
        {testing && <progress aria-label={`Waiting for the answer of ${endpoint.name}`} className={s["thin"]} />}
      </div>
      <div role="status">{answer && <p className={s["answer"]} data-ok={answer.ok}><Icon name={answer.ok ? "ok" : "down"} /> {answer.text}</p>}</div>
      {open && (
        <EndpointForm partners={[]} endpoint={endpoint} busy={busy} onCancel={() => setOpen(false)} onSend={(form) => void change(() => api.changeEndpoint(id, form), "Saved.").then((saved) => saved && setOpen(false))} />
      )}
    </li>
  );
}

const toldOf = (made: PartnerEndpointSecret): Told => ({ of: made.name, values: [{ label: "Signing secret", text: made.secret }] });

/** Where events are sent, and how that goes. */
export function Endpoints({ list, partners, again, onShow, mayManage }: { list: PartnerEndpoint[]; partners: ClientView[]; again: () => Promise<void>; onShow: (endpointId: string) => void; mayManage: boolean }) {
  const { api } = useDesk();
  const act = useAct();
  const [told, setTold] = useState<Told | null>(null);
  const [busy, setBusy] = useState(false);
  const [adding, setAdding] = useState(false);
  const usable = partners.filter((one) => !one.disabled);
  const nameOf = (clientId: string) => partners.find((one) => one.client_id === clientId)?.name ?? clientId;
  return (
    <section className={s["section"]} aria-label="Endpoints">
      <h2>Endpoints</h2>
      {told && <Once told={told} onDone={() => setTold(null)} />}
      {list.length > 0 ? (
        <ul>{list.map((one) => <Endpoint key={one.endpoint_id} endpoint={one} partner={nameOf(one.client_id)} again={again} onTold={setTold} onShow={onShow} mayManage={mayManage} />)}</ul>
      ) : (
        <p className={s["quiet"]}>No endpoint yet: partners can ask for incidents, but are not told of them. {mayManage && usable.length === 0 && "Add a credential first."}</p>
      )}
      {mayManage && usable.length > 0 && !adding && list.length > 0 && <div><Button aria-expanded={false} onPress={() => setAdding(true)}>Add an endpoint…</Button></div>}
      {mayManage && usable.length > 0 && (adding || list.length === 0) && (
        <EndpointForm partners={usable} busy={busy} {...(list.length > 0 ? { onCancel: () => setAdding(false) } : {})} onSend={({ auth = { kind: "none" }, ...form }, clientId) => {
          setBusy(true);
          void act(async () => {
            setTold(toldOf(await api.addEndpoint({ ...form, auth, client_id: clientId })));
            await again();
            setAdding(false);
          }).then(() => setBusy(false));
        }} />
      )}
    </section>
  );
}
