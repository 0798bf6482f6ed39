import { useEffect, useRef, useState } from "react";

import { timeOfDay, type UploadView } from "@ringdown/core";
import { Button, ButtonLink, Icon, Kbd, Notice, TextField } from "@ringdown/ui";

import { useAct, useDesk } from "../app/useDesk";
import s from "./phone.module.css";
import { useEscape, useLookFocus, useMe, usePhone } from "./usePhone";
import { canBeShown, sizeText, uploadWords, viewersOf } from "./phoneWords";

const ALIVE_MS = 2_000;
const WAYS: Record<UploadView["via"], string> = {
  page: "from the page",
  mms: "by MMS",
  recording: "recorded from the caller's camera",
};

/** Counts how long a file is before a person, and tells when somebody looks instead or the server ended it. */
function useCounted(uploadId: string, onEnded: (by: string | null) => void): void {
  const { open, api } = usePhone();
  const me = useMe();
  const callId = open.call_id;
  const mine = open.phone.viewings.findLast((one) => one.subject_id === uploadId && one.by.user_id === me);
  const running = mine?.ended_at === null ? mine.viewing_id : undefined;
  const counted = useRef<string | undefined>(undefined);
  const latest = useRef(onEnded);
  useEffect(() => {
    latest.current = onEnded;
  });
  useEffect(() => {
    if (running !== undefined) counted.current = running;
    else if (mine !== undefined && mine.viewing_id === counted.current) latest.current(mine.taken_over_by?.name ?? null);
  }, [running, mine]);
  useEffect(() => {
    if (running === undefined) return undefined;
    const since = Date.now();
    // The server ends what it hears no more of.
    const told = (work: Promise<unknown>): void => void work.catch(() => undefined);
    const timer = setInterval(() => told(api.stillViewing(callId, running, Date.now() - since)), ALIVE_MS);
    return () => {
      clearInterval(timer);
      told(api.closeViewing(callId, running, Date.now() - since));
    };
  }, [api, callId, running]);
}

function Shown({ upload, what, onClose }: { upload: UploadView; what: string; onClose: () => void }) {
  const { open, api } = usePhone();
  const [failed, setFailed] = useState(false);
  const desk = useDesk();
  useCounted(upload.upload_id, (by) => {
    if (by !== null) desk.say(`${by} looks instead of you.`, "warn");
    onClose();
  });
  useEscape(true, onClose);
  const name = `From the caller, ${timeOfDay(upload.at)}`;
  return (
    <div className={s["stack"]}>
      <div className={s["stage"]}>
        {failed ? (
          <div className={s["over"]}><p>It cannot be shown. Close it and look again.</p></div>
        ) : (
          <div className={s["picture"]} data-shown="true">
            {upload.kind === "video" ? (
              <video src={api.filePath(open.call_id, upload.upload_id)} aria-label={name} controls muted autoPlay onError={() => setFailed(true)} />
            ) : (
              <img src={api.picturePath(open.call_id, upload.upload_id)} alt={name} onError={() => setFailed(true)} />
            )}
          </div>
        )}
      </div>
      <div className={s["row"]}><span className={s["end"]} /><Button data-look onPress={onClose}>Close the {what.toLowerCase()} <Kbd keys="Escape" /></Button></div>
    </div>
  );
}

function Remove({ upload, onDone }: { upload: UploadView; onDone: () => void }) {
  const { open, api } = usePhone();
  const act = useAct();
  const [reason, setReason] = useState("");
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  return (
    <form
      className={s["stack"]}
      aria-label="Remove this file"
      onSubmit={(event) => {
        event.preventDefault();
        if (reason.trim() !== "") void act(() => api.removeUpload(open.call_id, upload.upload_id, reason.trim()), "The file is removed.").then((done) => done && onDone());
      }}
    >
      <TextField label="Why it is removed" value={reason} onChange={setReason} inputRef={field} required />
      <div className={s["row"]}>
        <Button kind="danger" type="submit" isDisabled={reason.trim() === ""}>Remove it</Button>
        <Button kind="quiet" onPress={onDone}>Keep it</Button>
      </div>
    </form>
  );
}

function FileCard({ upload, shown, onShow }: { upload: UploadView; shown: boolean; onShow: (on: boolean) => void }) {
  const { open, api } = usePhone();
  const desk = useDesk();
  const act = useAct();
  const me = useMe();
  const [removing, setRemoving] = useState(false);
  const card = useRef<HTMLLIElement>(null);
  useLookFocus(card, shown);
  const what = upload.kind === "video" ? "Video" : upload.kind === "photo" ? "Photo" : "File";
  const ready = canBeShown(upload) && desk.may("uploads:view");
  const others = viewersOf(open.phone.viewings, upload.upload_id, me);
  const data = Object.entries(upload.metadata ?? {});
  return (
    <li className={s["card"]} ref={card} data-tone={upload.state === "refused" ? "warn" : undefined}>
      <p><strong>{what}</strong> <span className={s["small"]}>{[timeOfDay(upload.at), WAYS[upload.via], sizeText(upload.size), uploadWords(upload)].join(", ")}</span></p>
      {others.map((one) => (
        <div key={one.viewing_id} className={s["row"]}>
          <span className={s["small"]}>{one.by.name} has it open.</span>
          {desk.may("video:take_over") && (
            <Button onPress={() => void act(() => api.takeOverViewing(open.call_id, one.viewing_id), `You look instead of ${one.by.name}.`).then((done) => done && onShow(true))}>Take over the viewing</Button>
          )}
        </div>
      ))}
      {ready && (shown ? <Shown upload={upload} what={what} onClose={() => onShow(false)} /> : (
        <div className={s["stage"]}>
          <div className={s["veil"]} />
          <div className={s["over"]}><Button kind="primary" data-look onPress={() => onShow(true)}>Show the {what.toLowerCase()}</Button></div>
        </div>
      ))}
      {data.length > 0 && (
        <details className={s["fold"]}>
          <summary>What the file says of itself</summary>
          <dl className={s["data"]}>{data.map(([name, value]) => <div key={name} className={s["row"]}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
        </details>
      )}
      {canBeShown(upload) && desk.may("uploads:export") && !removing && (
        <div className={s["row"]}>
          <ButtonLink href={api.exportPath(open.call_id, upload.upload_id)}><Icon name="copy" />Export without what it says of itself</ButtonLink>
          <Button kind="danger" onPress={() => setRemoving(true)}>Remove…</Button>
        </div>
      )}
      {removing && <Remove upload={upload} onDone={() => setRemoving(false)} />}
    </li>
  );
}

/** Photos and videos of the caller: each veiled until somebody wants to see it, one at a time. */
export function Files() {
  const { open } = usePhone();
  const [shown, setShown] = useState<string | null>(null);
  const files = open.phone.uploads.toReversed();
  if (files.length === 0) return null;
  const waiting = files.filter((one) => one.state === "quarantined").length;
  return (
    <section className={s["part"]} aria-labelledby="phone-files">
      <h3 id="phone-files">Photos and videos</h3>
      {waiting > 0 && <Notice tone="quiet">{waiting === 1 ? "One has" : `${waiting} have`} not been looked at.</Notice>}
      <ul className={s["list"]}>
        {files.map((one) => <FileCard key={one.upload_id} upload={one} shown={shown === one.upload_id} onShow={(on) => setShown(on ? one.upload_id : null)} />)}
      </ul>
    </section>
  );
}
