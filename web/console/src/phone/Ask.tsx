import { useState } from "react";

import type { ConsentView, Language, Share } from "@ringdown/core";
import { Button, Icon, Notice, SelectField, TextField, Tick } from "@ringdown/ui";

import { useAct, useDesk } from "../app/useDesk";
import { phone as grouped } from "../calls/words";
import { e164 } from "./number";
import s from "./phone.module.css";
import { useAnswer, usePhone } from "./usePhone";
import { consentWords, direction, languageName, LANGUAGES, openConsent, SHARE_WORDS, SHARES } from "./phoneWords";

const NAMED = LANGUAGES.map(({ code, english, own }) => ({ value: code, label: code === "en" ? english : `${english} (${own})` }));

/** What to say to the caller, in their language and, where it is another, in English below. */
function ScriptBox({ shares, language, onOffered }: { shares: readonly Share[]; language: Language; onOffered: (shares: readonly Share[]) => void }) {
  const { api } = usePhone();
  const wanted = `${language}:${shares.join(",")}`;
  const told = useAnswer(shares.length === 0 ? null : wanted, async () => {
    const script = await api.script(shares, language);
    onOffered(script.offered);
    return script;
  });
  if (shares.length === 0) return <p className={s["quiet"]}>Choose at least one.</p>;
  const { got, trouble } = told.key === wanted ? told : { got: null, trouble: null };
  if (trouble !== null) return <Notice tone="warn">{trouble} Ask in your own words, and name what will be shared.</Notice>;
  if (got === null) return <p className={s["quiet"]}>The words are being fetched…</p>;
  return (
    <div className={s["script"]} role="group" aria-label={`Say this to the caller, in ${languageName(language)}`}>
      <p lang={language} dir={direction(language)}>{got.text}</p>
      {language !== "en" && <p className={s["small"]} lang="en">{got.english}</p>}
    </div>
  );
}

function NumberField({ number, reason, onNumber, onReason }: { number: string; reason: string; onNumber: (text: string) => void; onReason: (text: string) => void }) {
  const { open } = usePhone();
  const other = isOther(open.call.ani, number);
  return (
    <div className={s["two"]}>
      <TextField label="To which number" type="tel" value={number} onChange={onNumber} hint={e164(number) === null ? "A number with its area code, or + and the country." : other ? "Not the number that calls." : "The number that calls."} />
      {other && <TextField label="Why another number" value={reason} onChange={onReason} required hint="For example: caller’s own phone, call is from a desk." />}
    </div>
  );
}
const isOther = (ani: string | null, number: string): boolean => e164(number) !== null && e164(number) !== e164(ani ?? "");

/** The message as it goes, shown before it goes. */
function Send({ consent }: { consent: ConsentView }) {
  const { api, open } = usePhone();
  const act = useAct();
  const [number, setNumber] = useState(open.call.ani ?? "");
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const to = e164(number);
  const other = isOther(open.call.ani, number);
  const consentId = consent.consent_id;
  const { got: preview, trouble } = useAnswer(consentId, () => api.previewLink(open.call_id, { consent_id: consentId }));
  const ready = to !== null && (!other || reason.trim() !== "") && !busy;
  const send = async (): Promise<void> => {
    if (to === null || !ready) return;
    setBusy(true);
    await act(() => api.sendLink(open.call_id, { consent_id: consentId, number: to, ...(other ? { other_number_reason: reason.trim() } : {}) }), "The link is made and on its way.");
    setBusy(false);
  };
  return (
    <form className={s["stack"]} aria-label="Send the link" onSubmit={(event) => { event.preventDefault(); void send(); }}>
      <p><Icon name="confirmed" /> {consentWords(consent)}</p>
      <NumberField number={number} reason={reason} onNumber={setNumber} onReason={setReason} />
      {trouble !== null && <Notice tone="warn" urgent>{trouble}</Notice>}
      {preview && (
        <div className={s["stack"]}>
          <div className={s["sms"]} role="group" aria-label="The message as it goes" lang={consent.language} dir={direction(consent.language)}>{preview.text}</div>
          <p className={s["small"]}>{preview.segments === 1 ? "One SMS segment" : `${preview.segments} SMS segments`} ({preview.encoding === "gsm7" ? "plain letters" : "all scripts"}), {preview.text.length} characters. The link is good once, on the first phone that opens it.</p>
        </div>
      )}
      <div className={s["row"]}>
        <Button kind="primary" type="submit" isDisabled={!ready}><Icon name="send" />{busy ? "Sending…" : to === null ? "Send the link" : `Send to ${grouped(to)}`}</Button>
      </div>
    </form>
  );
}

/** What to ask for, in which language; the words to say; what the caller answered. */
function Question({ onDone }: { onDone: () => void }) {
  const { api, open } = usePhone();
  const desk = useDesk();
  const act = useAct();
  const [chosen, setChosen] = useState<readonly Share[]>(["location", "video"]);
  const [language, setLanguage] = useState<Language>(open.phone.consents.at(-1)?.language ?? "en");
  const [offered, setOffered] = useState<readonly Share[]>(SHARES);
  const [overriding, setOverriding] = useState(false);
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const shares = SHARES.filter((share) => chosen.includes(share) && offered.includes(share));
  const record = async (outcome: "agreed" | "refused" | "overridden"): Promise<void> => {
    if (busy || shares.length === 0) return;
    setBusy(true);
    const said = { agreed: "“Agreed” is recorded with this second of the call.", refused: "“Refused” is recorded. Nothing is sent.", overridden: "The override is recorded with your reason." }[outcome];
    const done = await act(() => api.recordConsent(open.call_id, { shares, outcome, language, ...(outcome === "overridden" ? { reason: reason.trim() } : {}) }), said);
    setBusy(false);
    if (done) onDone();
  };
  const mayOverride = desk.may("caller:override") && shares.length === 1 && shares[0] === "location";
  return (
    <div className={s["stack"]}>
      <fieldset className={s["shares"]}>
        <legend>Ask the caller for</legend>
        {SHARES.filter((share) => offered.includes(share)).map((share) => (
          <Tick key={share} label={SHARE_WORDS[share]} checked={chosen.includes(share)} onChange={(on) => setChosen(on ? [...chosen, share] : chosen.filter((one) => one !== share))} />
        ))}
      </fieldset>
      <SelectField label="Language" value={language} onChange={(code) => setLanguage(code as Language)} groups={[{ label: null, options: NAMED }]} />
      <ScriptBox shares={shares} language={language} onOffered={setOffered} />
      <div className={s["row"]}>
        <Button kind="primary" isDisabled={shares.length === 0 || busy} onPress={() => void record("agreed")}><Icon name="ok" />Caller agreed</Button>
        <Button isDisabled={shares.length === 0 || busy} onPress={() => void record("refused")}><Icon name="rejected" />Caller refused</Button>
        {mayOverride && !overriding && <Button kind="quiet" onPress={() => setOverriding(true)}>Without consent…</Button>}
      </div>
      {mayOverride && overriding && (
        <form className={s["stack"]} aria-label="Location without consent" onSubmit={(event) => { event.preventDefault(); if (reason.trim() !== "") void record("overridden"); }}>
          <TextField label="Why the caller is located without consent" value={reason} onChange={setReason} required hint="For example: caller does not answer any more, danger to life. It is recorded with your name." />
          <div className={s["row"]}>
            <Button kind="danger" type="submit" isDisabled={reason.trim() === ""}>Record the override</Button>
            <Button kind="quiet" onPress={() => setOverriding(false)}>Leave it</Button>
          </div>
        </form>
      )}
    </div>
  );
}

/** The way from asking to a link: nothing can be sent before the answer is recorded. */
export function Ask({ first }: { first: boolean }) {
  const { open } = usePhone();
  const [again, setAgain] = useState(false);
  const consent = openConsent(open.phone);
  const last = open.phone.consents.at(-1);
  return (
    <section className={s["part"]} aria-labelledby="phone-ask">
      <h3 id="phone-ask">{consent ? "Send the link" : "Ask the caller"}</h3>
      {consent ? (
        <>
          <Send key={consent.consent_id} consent={consent} />
          {again ? <Question onDone={() => setAgain(false)} /> : <div className={s["row"]}><Button kind="quiet" onPress={() => setAgain(true)}>Ask for something else…</Button></div>}
        </>
      ) : first || again ? (
        <>
          {last?.outcome === "refused" && <p className={s["small"]}>{consentWords(last)}</p>}
          <Question onDone={() => setAgain(false)} />
        </>
      ) : (
        <div className={s["row"]}><Button onPress={() => setAgain(true)}>Ask for more…</Button></div>
      )}
      {open.phone.consents.length > 0 && (
        <details className={s["fold"]}>
          <summary>What was asked and answered ({open.phone.consents.length})</summary>
          <ol className={s["list"]}>
            {open.phone.consents.map((one) => <li key={one.consent_id} className={s["small"]}>{consentWords(one)}</li>)}
          </ol>
        </details>
      )}
    </section>
  );
}

