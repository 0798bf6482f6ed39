import { lazy, Suspense, type ComponentProps } from "react";

const Loaded = lazy(() => import("./PlaceMap"));

/** The list and map of places, loaded once somebody looks at it. */
export function PlaceMap(props: ComponentProps<typeof Loaded>) {
  return (
    <Suspense fallback={<p role="status">The places are being opened…</p>}>
      <Loaded {...props} />
    </Suspense>
  );
}
