import { useEffect, useRef, useState } from "react";

import { Problem, sentence } from "@ringdown/api";
import type { FieldView } from "@ringdown/core";

import { useDesk } from "../app/useDesk";

/** A value must have been in sight this long before a key may decide about it. */
export const SEEN_MS = 700;

/** Somebody else decided first: what they wrote and what was typed here, both kept. */
export interface Clash {
  typed: string;
  current: FieldView;
}

export interface FieldDesk {
  /** The text being typed; `null` while nobody edits. */
  draft: string | null;
  clash: Clash | null;
  trouble: string | null;
  busy: boolean;
  edit: () => void;
  type: (text: string) => void;
  cancel: () => void;
  /** Saves a value; `true` when the server has it. */
  save: (value: string) => Promise<boolean>;
  confirm: () => void;
  reject: () => void;
  settle: (keepMine: boolean) => void;
}

const currentOf = (error: unknown): FieldView | null =>
  error instanceof Problem && error.isConflict && typeof error.details["current"] === "object"
    ? (error.details["current"] as FieldView | null)
    : null;

/** Nobody has decided here yet, so a person's word simply stands over what was heard. */
const undecided = (field: FieldView): boolean => field.state === "proposed" || field.state === "unknown";

/** When a value last changed on this screen; a decision about something unread is held back. */
export function useSeenSince(value: unknown): () => boolean {
  const since = useRef(0);
  useEffect(() => {
    since.current = performance.now();
  }, [value]);
  return () => performance.now() - since.current >= SEEN_MS;
}

/** What one person does with one field: type, save, confirm, reject; nothing typed is ever lost. */
export function useField(callId: string, field: FieldView): FieldDesk {
  const desk = useDesk();
  const slot = `${callId}.field.${field.name}`;
  const [draft, setDraft] = useState<string | null>(() => desk.typed.get(slot) || null);
  const [base, setBase] = useState(field.version);
  const [clash, setClash] = useState<Clash | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const seen = useSeenSince(`${field.value ?? ""}\n${field.state}`);

  const start = (text: string) => {
    setDraft(text);
    setBase(field.version);
  };
  const done = () => {
    setDraft(null);
    setClash(null);
    setTrouble(null);
    desk.typed.set(slot, "");
  };

  const put = async (value: string, version: number): Promise<boolean> => {
    setBusy(true);
    try {
      await desk.api.editField(callId, field.name, value, version);
      done();
      return true;
    } catch (error) {
      const current = currentOf(error);
      if (current && undecided(current) && current.version !== version) return await put(value, current.version);
      if (current) setClash({ typed: value, current });
      else setTrouble(sentence(error));
      return false;
    } finally {
      setBusy(false);
    }
  };

  const decide = async (act: "confirmField" | "rejectField") => {
    if (busy) return;
    if (!seen()) {
      setTrouble("It changed just now. Look, then press again.");
      return;
    }
    setBusy(true);
    setTrouble(null);
    try {
      await desk.api[act](callId, field.name, field.version);
    } catch (error) {
      setTrouble(currentOf(error) ? "It changed before you decided. Look, then press again." : sentence(error));
    } finally {
      setBusy(false);
    }
  };

  return {
    draft,
    clash,
    trouble,
    busy,
    edit: () => draft === null && start(field.text ?? field.value ?? ""),
    type(text) {
      if (draft === null) setBase(field.version);
      setDraft(text);
      desk.typed.set(slot, text);
    },
    cancel: done,
    save: (value) => put(value, draft === null ? field.version : base),
    confirm: () => void decide("confirmField"),
    reject: () => void decide("rejectField"),
    settle(keepMine) {
      if (!clash) return;
      if (keepMine) void put(clash.typed, Math.max(clash.current.version, field.version));
      else done();
    },
  };
}
