import { useState, type SubmitEvent } from "react";

import type { Role, UserPatch, UserView } from "@ringdown/api";
import { Badge, Button, Notice, TextField, Tick } from "@ringdown/ui";

import { useAct, useDesk } from "../app/useDesk";
import s from "./admin.module.css";
import { useList } from "./useList";

const ROLES: { id: Role; label: string }[] = [
  { id: "telecommunicator", label: "Telecommunicator" },
  { id: "supervisor", label: "Supervisor" },
  { id: "administrator", label: "Administrator" },
  { id: "auditor", label: "Auditor" },
];

function Roles({ value, onChange }: { value: Role[]; onChange: (roles: Role[]) => void }) {
  return (
    <fieldset className={s["roles"]}>
      <legend>Roles</legend>
      {ROLES.map(({ id, label }) => (
        <Tick key={id} label={label} checked={value.includes(id)} onChange={(on) => onChange(on ? [...value, id] : value.filter((role) => role !== id))} />
      ))}
    </fieldset>
  );
}

function AddUser({ onAdded }: { onAdded: () => Promise<void> }) {
  const { api } = useDesk();
  const act = useAct();
  const [username, setUsername] = useState("");
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [roles, setRoles] = useState<Role[]>(["telecommunicator"]);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const added = await act(
      () => api.addUser({ username: username.trim(), display_name: name.trim(), password, roles }),
      `${name.trim()} can sign in now.`,
    );
    if (!added) return;
    setUsername("");
    setName("");
    setPassword("");
    await onAdded();
  };
  return (
    <form className={s["form"]} onSubmit={(event) => void submit(event)}>
      <h2>Add a user</h2>
      <div className={s["fields"]}>
        <TextField label="Name" value={name} onChange={setName} required autoComplete="off" />
        <TextField label="User name" value={username} onChange={setUsername} required autoComplete="off" />
        <TextField label="First password" hint="To be changed at the first sign-in" type="password" value={password} onChange={setPassword} required autoComplete="new-password" />
      </div>
      <Roles value={roles} onChange={setRoles} />
      <div><Button kind="primary" type="submit" isDisabled={roles.length === 0}>Add user</Button></div>
    </form>
  );
}

function User({ user, onChanged }: { user: UserView; onChanged: () => Promise<void> }) {
  const desk = useDesk();
  const act = useAct();
  const [open, setOpen] = useState(false);
  const [name, setName] = useState(user.display_name);
  const [roles, setRoles] = useState(user.roles);
  const [password, setPassword] = useState("");
  const self = user.user_id === desk.signedIn.get()?.view.user.user_id;
  const change = async (patch: UserPatch, done: string) => {
    if (await act(() => desk.api.changeUser(user.user_id, patch), done)) await onChanged();
  };
  return (
    <li className={s["item"]}>
      <div className={s["itemHead"]}>
        <span><strong>{user.display_name}</strong> <span className={s["quiet"]}>{user.username}</span></span>
        <span className={s["quiet"]}>{user.roles.map((role) => ROLES.find(({ id }) => id === role)?.label ?? role).join(", ")}</span>
        <span className={s["marks"]}>
          {user.disabled && <Badge tone="down" icon="rejected">Disabled</Badge>}
          {user.locked && <Badge tone="warn" icon="warn">Locked</Badge>}
        </span>
        <Button aria-expanded={open} onPress={() => setOpen(!open)} aria-label={`Change ${user.display_name}`}>Change</Button>
      </div>
      {open && (
        <div className={s["form"]}>
          <div className={s["fields"]}>
            <TextField label="Name" value={name} onChange={setName} />
            <TextField label="New password" type="password" value={password} onChange={setPassword} autoComplete="new-password" hint="Empty: the password stays" />
          </div>
          <Roles value={roles} onChange={setRoles} />
          <div className={s["row"]}>
            <Button kind="primary" onPress={() => void change({ display_name: name.trim(), roles, ...(password ? { new_password: password } : {}) }, "Saved.").then(() => setPassword(""))}>Save</Button>
            {user.locked && <Button onPress={() => void change({ unlock: true }, "Unlocked.")}>Unlock</Button>}
            {!self && <Button kind={user.disabled ? "plain" : "danger"} onPress={() => void change({ disabled: !user.disabled }, user.disabled ? "The user may sign in again." : "Disabled, and signed out everywhere.")}>{user.disabled ? "Enable" : "Disable"}</Button>}
          </div>
        </div>
      )}
    </li>
  );
}

/** Who may sign in, and as what. */
export function Users() {
  const { api } = useDesk();
  const { list, trouble, again } = useList(api.users);
  return (
    <section className={s["section"]} aria-label="Users">
      {trouble !== null && <Notice tone="down" urgent>{trouble}</Notice>}
      <ul>{list.map((user) => <User key={user.user_id} user={user} onChanged={again} />)}</ul>
      <AddUser onAdded={again} />
    </section>
  );
}
