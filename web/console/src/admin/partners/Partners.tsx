import { useCallback, useEffect, useState } from "react";

import type { ClientView, PartnerEndpoint } from "@ringdown/api";
import { Button, Notice } from "@ringdown/ui";

import { useDesk } from "../../app/useDesk";
import s from "../admin.module.css";
import { useList } from "../useList";
import { Credentials } from "./Credentials";
import { Deliveries, type Filter } from "./Deliveries";
import { Endpoints } from "./Endpoints";
import { Sessions } from "./Sessions";
import { alarms, SCOPE } from "./words";

const EVERY_MS = 5_000;

/** What went wrong and waits for a person; first on the page, and read out when it comes. */
function Alarms({ endpoints, onShow }: { endpoints: PartnerEndpoint[]; onShow: (filter: Filter) => void }) {
  return alarms(endpoints).map(({ endpoint, kind }) => (
    <Notice key={`${endpoint.endpoint_id} ${kind}`} tone="down" urgent actions={kind === "dead" && <Button onPress={() => onShow({ endpointId: endpoint.endpoint_id, state: "dead" })}>Show them</Button>}>
      {kind === "dead" ? (
        <><strong>{endpoint.dead} {endpoint.dead === 1 ? "event" : "events"} could not be delivered to {endpoint.name}.</strong> Every try has failed. Ask the partner, then send them again.</>
      ) : (
        <><strong>{endpoint.name} says that its address is gone (410).</strong> Nothing is sent to it and new events wait. Ask the partner for the right address, then switch it on again.</>
      )}
    </Notice>
  ));
}

/** Partners: who they are, what they are told, whether it arrives, and who listens. */
export function Partners() {
  const desk = useDesk();
  const { api } = desk;
  const mayManage = desk.may("partners:manage");
  const maySeeClients = desk.may("identity:manage");
  const askClients = useCallback(
    async (): Promise<ClientView[]> => (maySeeClients ? (await api.clients()).filter((one) => one.scopes.includes(SCOPE)) : []),
    [api, maySeeClients],
  );
  const clients = useList(askClients);
  const endpoints = useList(api.endpoints);
  const [filter, setFilter] = useState<Filter>({ endpointId: "", state: "" });
  const { again } = endpoints;
  useEffect(() => {
    const timer = setInterval(() => void again(), EVERY_MS);
    return () => clearInterval(timer);
  }, [again]);
  const show = (wanted: Filter) => {
    setFilter(wanted);
    const place = document.getElementById("partner-deliveries");
    place?.scrollIntoView();
    place?.focus();
  };
  const trouble = clients.trouble ?? endpoints.trouble;
  return (
    <div className={s["parts"]}>
      {trouble !== null && <Notice tone="down" urgent>{trouble}</Notice>}
      <Alarms endpoints={endpoints.list} onShow={show} />
      {maySeeClients && <Credentials list={clients.list} again={clients.again} mayManage={mayManage} />}
      <Endpoints list={endpoints.list} partners={clients.list} again={again} onShow={(endpointId) => show({ endpointId, state: "" })} mayManage={mayManage && maySeeClients} />
      <Deliveries endpoints={endpoints.list} filter={filter} onFilter={setFilter} again={again} mayManage={mayManage} />
      {desk.may("partners:read") && <Sessions />}
    </div>
  );
}
