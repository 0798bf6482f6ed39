import { useCallback, useEffect, useRef, useState, type SubmitEvent } from "react";

import { sentence, type PartnerDelivery, type PartnerEndpoint } from "@ringdown/api";
import { Badge, Button, Notice, SelectField, TextField } from "@ringdown/ui";

import { useAct, useDesk } from "../../app/useDesk";
import s from "../admin.module.css";
import { DELIVERY_WORDS, eventWords, outcome, when } from "./words";

const PAGE = 50;
const EVERY_MS = 5_000;
export interface Filter {
  endpointId: string;
  state: string;
}

interface Shown {
  rows: PartnerDelivery[];
  /** How many have come since: they wait for a press, so that no row moves under a finger. */
  fresh: number;
  more: boolean;
}

/** Deliveries of a filter: rows shown are kept up to date where they stand. */
function useDeliveries(filter: Filter) {
  const { api } = useDesk();
  const [shown, setShown] = useState<Shown | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const rows = useRef<PartnerDelivery[]>([]);
  const query = useCallback(
    (before?: string) =>
      api.partnerDeliveries({
        limit: String(PAGE),
        ...(filter.endpointId ? { endpoint_id: filter.endpointId } : {}),
        ...(filter.state ? { state: filter.state } : {}),
        ...(before === undefined ? {} : { before }),
      }),
    [api, filter],
  );
  const put = useCallback((list: PartnerDelivery[], fresh: number, more: boolean) => {
    rows.current = list;
    setShown({ rows: list, fresh, more });
    setTrouble(null);
  }, []);
  const load = useCallback(async () => {
    try {
      const list = await query();
      put(list, 0, list.length === PAGE);
    } catch (error) {
      setTrouble(sentence(error));
    }
  }, [put, query]);
  const older = async () => {
    try {
      const list = await query(rows.current.at(-1)?.delivery_id);
      put([...rows.current, ...list], shown?.fresh ?? 0, list.length === PAGE);
    } catch (error) {
      setTrouble(sentence(error));
    }
  };
  useEffect(() => {
    let over = false;
    const look = async () => {
      const list = await query();
      if (over) return;
      const newest = new Map(list.map((row) => [row.delivery_id, row]));
      const known = new Set(rows.current.map((row) => row.delivery_id));
      const fresh = list.filter((row) => !known.has(row.delivery_id)).length;
      rows.current = rows.current.map((row) => newest.get(row.delivery_id) ?? row);
      setShown((now) => (now ? { ...now, rows: rows.current, fresh } : now));
    };
    const first = setTimeout(() => void load(), 0);
    // A question without an answer is asked again; what is shown stays as it is.
    const timer = setInterval(() => void look().catch(() => undefined), EVERY_MS);
    return () => {
      over = true;
      clearTimeout(first);
      clearInterval(timer);
    };
  }, [load, query]);
  return { shown, trouble, load, older };
}

/** Sends every dead letter of a stretch of time again. */
function Range({ endpoints, chosen, onDone }: { endpoints: PartnerEndpoint[]; chosen: string; onDone: () => Promise<void> }) {
  const desk = useDesk();
  const act = useAct();
  const [endpointId, setEndpointId] = useState("");
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const [busy, setBusy] = useState(false);
  const [open, setOpen] = useState(false);
  const wanted = endpointId || chosen || (endpoints[0]?.endpoint_id ?? "");
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    await act(async () => {
      const { count } = await desk.api.redeliverRange(wanted, new Date(from).toISOString(), new Date(to).toISOString());
      desk.say(count === 0 ? "Nothing undelivered lies in that time." : `${count} ${count === 1 ? "delivery goes" : "deliveries go"} out again.`);
      await onDone();
    });
    setBusy(false);
  };
  if (!open) return <div><Button aria-expanded={false} onPress={() => setOpen(true)}>Send undelivered events of a time again…</Button></div>;
  return (
    <form className={s["form"]} onSubmit={(event) => void submit(event)}>
      <h3>Send undelivered events of a time again</h3>
      <div className={s["fields"]}>
        <SelectField label="Endpoint" value={wanted} onChange={setEndpointId} groups={[{ label: null, options: endpoints.map((one) => ({ value: one.endpoint_id, label: one.name })) }]} />
        <TextField label="From" type="datetime-local" value={from} onChange={setFrom} required />
        <TextField label="Until" type="datetime-local" value={to} onChange={setTo} required />
      </div>
      <div className={s["row"]}>
        <Button type="submit" isDisabled={busy || from === "" || to === ""}>{busy ? "Sending…" : "Send them again"}</Button>
        <Button kind="quiet" onPress={() => setOpen(false)}>Close</Button>
      </div>
    </form>
  );
}

/** What was sent to whom, what became of it, and what can be done about it. */
export function Deliveries({ endpoints, filter, onFilter, again, mayManage }: { endpoints: PartnerEndpoint[]; filter: Filter; onFilter: (filter: Filter) => void; again: () => Promise<void>; mayManage: boolean }) {
  const { api } = useDesk();
  const act = useAct();
  const { shown, trouble, load, older } = useDeliveries(filter);
  const nameOf = (id: string) => endpoints.find((one) => one.endpoint_id === id)?.name ?? "A removed endpoint";
  const refresh = async () => {
    await Promise.all([load(), again()]);
  };
  const resend = (one: PartnerDelivery) => void act(() => api.redeliver(one.delivery_id), "It goes out again.").then((done) => (done ? refresh() : undefined));
  const rows = shown?.rows ?? [];
  const filtered = filter.endpointId !== "" || filter.state !== "";
  return (
    <section className={s["section"]} aria-label="Deliveries" id="partner-deliveries" tabIndex={-1}>
      <h2>Deliveries</h2>
      {trouble !== null && <Notice tone="down" urgent>{trouble}</Notice>}
      <div className={s["fields"]}>
        <SelectField label="Endpoint" value={filter.endpointId} onChange={(endpointId) => onFilter({ ...filter, endpointId })} groups={[{ label: null, options: [{ value: "", label: "All" }, ...endpoints.map((one) => ({ value: one.endpoint_id, label: one.name }))] }]} />
        <SelectField label="State" value={filter.state} onChange={(state) => onFilter({ ...filter, state })} groups={[{ label: null, options: [{ value: "", label: "All" }, ...Object.entries(DELIVERY_WORDS).map(([value, { text }]) => ({ value, label: text }))] }]} />
      </div>
      <div role="status" className={s["row"]}>
        {shown === null && trouble === null && <>Looking… <progress aria-label="Looking for deliveries" className={s["thin"]} /></>}
        {shown && shown.fresh > 0 && <Button onPress={() => void refresh()}>{shown.fresh === PAGE ? "Many" : shown.fresh} newer: show</Button>}
      </div>
      {shown && rows.length === 0 && (
        <p className={s["quiet"]}>{filtered ? "Nothing like that." : endpoints.length === 0 ? "Nothing was sent: there is no endpoint." : "Nothing was sent yet. An event goes out when a call begins, moves or ends; a test goes out by its button."}</p>
      )}
      {rows.length > 0 && (
        // A wide table scrolls by itself, and by keyboard.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <div className={s["tableBox"]} role="region" aria-label="Rows of deliveries" tabIndex={0}>
          <table className={s["table"]} data-plain="true">
            <thead><tr><th scope="col">When</th><th scope="col">State</th><th scope="col">Event</th><th scope="col">Endpoint</th><th scope="col">Tries</th><th scope="col">What happened</th><th scope="col"><span className="hidden-visually">Act</span></th></tr></thead>
            <tbody>
              {rows.map((one) => {
                const words = DELIVERY_WORDS[one.state];
                return (
                  <tr key={one.delivery_id}>
                    <td>{when(one.created_at)}</td>
                    <td><Badge tone={words.tone} icon={words.icon}>{words.text}</Badge></td>
                    <td>{eventWords(one.type)}{one.redelivery_of !== null && " (again)"}</td>
                    <td>{nameOf(one.endpoint_id)}</td>
                    <td>{one.attempts}</td>
                    <td>{outcome(one)}</td>
                    <td>{mayManage && one.state === "dead" && one.redelivered_as === null && <Button aria-label={`Send again: ${eventWords(one.type)}, ${when(one.created_at)}`} onPress={() => resend(one)}>Send again</Button>}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
      {shown?.more && <div><Button onPress={() => void older()}>Older</Button></div>}
      {mayManage && endpoints.length > 0 && <Range endpoints={endpoints} chosen={filter.endpointId} onDone={refresh} />}
    </section>
  );
}
