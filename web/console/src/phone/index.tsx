import { lazy, Suspense, type ComponentProps } from "react";

import type { OpenCall } from "@ringdown/core";
import { Badge, Button, Kbd } from "@ringdown/ui";

import { useKey, useKeyName } from "../app/useDesk";

const Loaded = lazy(() => import("./PhonePanel"));
const Queue = lazy(() => import("./TextBacks"));

/** Opens and closes the panel of the caller's phone, and says when something there waits. */
export function PhoneButton({ open, shown, onFlip }: { open: OpenCall; shown: boolean; onFlip: () => void }) {
  useKey("phone", onFlip);
  const key = useKeyName("phone");
  const { links, uploads } = open.phone;
  const offered = links.some((link) => link.offer !== null);
  const sharing = links.some((link) => link.state === "sharing");
  const waiting = uploads.filter((one) => one.state === "quarantined").length;
  return (
    <>
      <span role="status">
        {offered ? <Badge tone="warn" icon="warn">Link: go on by text?</Badge> : sharing && <Badge tone="ok" icon="live">Phone shares</Badge>}
        {waiting > 0 && <> <Badge tone="accent">{waiting} not looked at</Badge></>}
      </span>
      <Button pressed={shown} onPress={onFlip}>Caller’s phone <Kbd keys={key} /></Button>
    </>
  );
}

/** The panel, loaded once somebody opens it. */
export function PhonePanel(props: ComponentProps<typeof Loaded>) {
  return <Suspense fallback={<p role="status">Opening…</p>}><Loaded {...props} /></Suspense>;
}

/** The calls to text back; loaded once there is one. */
export const TextBacks = () => <Suspense><Queue /></Suspense>;
