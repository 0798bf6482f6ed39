import type { ConsoleState } from "@ringdown/core";
import { Icon, Kbd, useNow } from "@ringdown/ui";

import { useKeyName, useLive } from "../app/useDesk";
import s from "./phone.module.css";
import { usePhone } from "./usePhone";
import { fixWords } from "./phoneWords";

const pickOffset = (state: ConsoleState) => state.offset_ms;

/** Where the phone last said it is. The map stands beside the draft, with every other source. */
export function Trail() {
  const { open } = usePhone();
  const now = useNow(5_000);
  const offset = useLive(pickOffset);
  const mapKey = useKeyName("draft.places");
  const { fixes } = open.phone;
  const last = fixes.reduce<(typeof fixes)[number] | null>((a, b) => (a && a.at > b.at ? a : b), null);
  if (!last) return null;
  return (
    <section className={s["part"]} aria-labelledby="phone-trail">
      <h3 id="phone-trail">Where the phone is</h3>
      <p><Icon name="map" /> {fixWords(last, now + offset)}</p>
      <p className={s["small"]}>{fixes.length === 1 ? "One fix" : `${fixes.length} fixes`}, 95 % sure. {mapKey !== "" && <><Kbd keys={mapKey} /> shows it on the map. </>}It replaces no other source.</p>
    </section>
  );
}
