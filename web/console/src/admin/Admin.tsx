import { Button } from "@ringdown/ui";

import { useDesk } from "../app/useDesk";
import { Password } from "../session/Password";
import s from "./admin.module.css";
import { AuditPage } from "./Audit";
import { Clients } from "./Clients";
import { LocalNames } from "./LocalNames";
import { Partners } from "./partners/Partners";
import { Streets } from "./Streets";
import { Users } from "./Users";

const TABS = [
  { id: "users", label: "Users", permission: "identity:manage", page: Users },
  { id: "clients", label: "API clients", permission: "identity:manage", page: Clients },
  { id: "partners", label: "Partners", permission: "partners:read", page: Partners },
  { id: "names", label: "Local names", permission: "names:read", page: LocalNames },
  { id: "streets", label: "Streets", permission: "streets:read", page: Streets },
  { id: "audit", label: "Audit", permission: "audit:read", page: AuditPage },
  { id: "password", label: "My password", permission: "session:self", page: Password },
];

/** The centre's own affairs, for those who may see to them. */
export default function Admin({ tab }: { tab: string }) {
  const desk = useDesk();
  const allowed = TABS.filter((one) => desk.may(one.permission));
  const chosen = allowed.find((one) => one.id === tab) ?? allowed[0];
  if (!chosen) return <main className={s["page"]}><p>Nothing here is open to your roles.</p></main>;
  const Page = chosen.page;
  return (
    <main className={s["page"]}>
      <h1 className="hidden-visually">Administration</h1>
      <nav className={s["tabs"]} aria-label="Administration">
        {allowed.map((one) => (
          <Button key={one.id} kind="quiet" pressed={one === chosen} onPress={() => (location.hash = `#/admin/${one.id}`)}>{one.label}</Button>
        ))}
      </nav>
      <Page />
    </main>
  );
}
