import { deliveryWords, latestDelivery, timeOfDay, type DeliveryState, type DeliveryView, type OpenCall } from "@ringdown/core";
import { Button, Icon, type IconName } from "@ringdown/ui";

import { useAct, useDesk } from "../app/useDesk";
import s from "./incident.module.css";

const ICONS: Record<DeliveryState, IconName> = {
  queued: "clock",
  sending: "send",
  retrying: "warn",
  acknowledged: "confirmed",
  dead: "down",
  held: "pause",
};

function Delivery({ delivery, open }: { delivery: DeliveryView; open: OpenCall }) {
  const desk = useDesk();
  const act = useAct();
  const confirmation = open.confirmations.find((c) => c.confirmation_id === delivery.confirmation_id);
  const takenBack = confirmation?.state === "cancelled";
  const stuck = delivery.state === "dead" || delivery.state === "held" || delivery.state === "retrying";
  return (
    <li className={s["delivery"]} data-state={delivery.state}>
      <Icon name={ICONS[delivery.state]} />
      <span className={s["deliveryText"]}>
        <strong>{takenBack ? `Cancellation: ${deliveryWords(delivery)}` : deliveryWords(delivery)}</strong>{" "}
        <span className={s["quiet"]}>
          {[
            delivery.sequence > 1 && !takenBack ? `update ${delivery.sequence - 1}` : null,
            confirmation ? `${takenBack ? "cancelled" : "confirmed"} ${timeOfDay(confirmation.at)} by ${confirmation.by.name}` : null,
            delivery.acknowledged_at === null ? null : `acknowledged ${timeOfDay(delivery.acknowledged_at)}`,
            delivery.attempts > 1 ? `${delivery.attempts} tries` : null,
          ]
            .filter(Boolean)
            .join(", ")}
        </span>
      </span>
      {stuck && desk.may("cad:retry") && (
        <Button onPress={() => void act(() => desk.api.retryDelivery(delivery.delivery_id), "Trying again now.")}>Try now</Button>
      )}
    </li>
  );
}

/** What has become of everything that was sent; the latest is always in sight. */
export function Deliveries({ open }: { open: OpenCall }) {
  const latest = latestDelivery(open);
  if (!latest) return null;
  const older = open.deliveries.slice(0, -1).reverse();
  return (
    <div role="status" aria-label="CAD">
      <ul>
        <Delivery delivery={latest} open={open} />
      </ul>
      {older.length > 0 && (
        <details className={s["older"]}>
          <summary>{older.length} earlier</summary>
          <ul>{older.map((delivery) => <Delivery key={delivery.delivery_id} delivery={delivery} open={open} />)}</ul>
        </details>
      )}
    </div>
  );
}
