import { useCallback, useEffect, useRef, useState } from "react";

import { sentence, type NamesReport, type NamesView } from "@ringdown/api";
import { timeOfDay } from "@ringdown/core";
import { Button, Notice, TextField } from "@ringdown/ui";

import { useDesk } from "../app/useDesk";
import s from "./admin.module.css";
import { count, Loaded, LoadFile, rows } from "./Loaded";

const SEARCH_AFTER_MS = 250;
const KINDS = { street: "Street", place: "Place", business: "Business" };
const names = (value: number): string => `${count(value)} ${value === 1 ? "name" : "names"}`;

/** What became of the file that was sent; every row is accounted for. */
function Report({ report, onDone }: { report: NamesReport; onDone: () => void }) {
  const { refused, first_refused: first } = report;
  return (
    <Loaded refused={refused} first={first} onDone={onDone}>
      <strong>{report.changed ? `${names(report.count)} are in use now.` : "Nothing changed: these names are in use already."}</strong>{" "}
      The file has {rows(report.rows)}: {count(report.taken)} taken
      {report.merged > 0 && `, ${count(report.merged)} said what was known already`}, {refused === 0 ? "none" : count(refused)} refused.
    </Loaded>
  );
}

/** How the file gets in: replacing what is there, or added to it. */
function Load({ onLoaded }: { onLoaded: (report: NamesReport) => void }) {
  const { api } = useDesk();
  return (
    <LoadFile
      holds="CSV or GeoJSON with the names of streets, places and businesses"
      acts={[
        { label: "Replace all names", send: (file, tell) => api.loadNames(file, true, tell) },
        { label: "Add to the names", send: (file, tell) => api.loadNames(file, false, tell) },
      ]}
      reading="Reading the names…"
      unchanged="The names in use are unchanged."
      onLoaded={onLoaded}
    />
  );
}

/** Every name goes only when the person says so twice. */
function Remove({ total, onRemoved }: { total: number; onRemoved: () => void }) {
  const desk = useDesk();
  const [asking, setAsking] = useState(false);
  if (!asking) return <div><Button kind="danger" onPress={() => setAsking(true)}>Remove every name…</Button></div>;
  const remove = async () => {
    try {
      await desk.api.removeNames();
      onRemoved();
    } catch (error) {
      desk.say(sentence(error), "down");
    }
  };
  return (
    <Notice tone="warn" actions={<><Button kind="danger" onPress={() => void remove()}>Remove {names(total)}</Button><Button onPress={() => setAsking(false)}>Keep them</Button></>}>
      Speech then offers no local names beside what it hears.
    </Notice>
  );
}

/** The streets, places and businesses that speech listens for, loaded by the centre itself. */
export function LocalNames() {
  const desk = useDesk();
  const { api } = desk;
  const [view, setView] = useState<NamesView | null>(null);
  const [search, setSearch] = useState("");
  const [report, setReport] = useState<NamesReport | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const asked = useRef(0);
  const mayWrite = desk.may("names:write");

  const ask = useCallback(async () => {
    asked.current += 1;
    const mine = asked.current;
    try {
      const found = await api.names(search.trim());
      if (mine !== asked.current) return;
      setView(found);
      setTrouble(null);
    } catch (error) {
      if (mine === asked.current) setTrouble(sentence(error));
    }
  }, [api, search]);
  useEffect(() => {
    const timer = setTimeout(() => void ask(), search === "" ? 0 : SEARCH_AFTER_MS);
    return () => clearTimeout(timer);
  }, [ask, search]);

  const total = view?.count ?? 0;
  const about = view && [
    view.source === null ? null : `from ${view.source}`,
    view.loaded_at === null ? null : `loaded ${view.loaded_at.slice(0, 10)} ${timeOfDay(view.loaded_at)}`,
    view.loaded_by === null ? null : `by ${view.loaded_by}`,
    view.version === null ? null : `version ${view.version.slice(0, 12)}`,
  ].filter(Boolean).join(", ");
  return (
    <section className={s["section"]} aria-label="Local names">
      {trouble !== null && <Notice tone="down" urgent>{trouble}</Notice>}
      {view && (
        <p>
          {total === 0 ? "No names are loaded: speech offers none beside what it hears." : <><strong>{names(total)}</strong> {about}. Speech offers them beside doubtful words and never instead of them.</>}
        </p>
      )}
      {report && <Report report={report} onDone={() => setReport(null)} />}
      {total > 0 && (
        <div className={s["form"]}>
          <TextField label="Search the names" value={search} onChange={setSearch} autoComplete="off" />
          {search.trim() !== "" && (
            <div role="status">
              {view?.found.length === 0 ? (
                <p>No name has “{search.trim()}” in it.</p>
              ) : (
                <ul className={s["found"]} aria-label="Names found">
                  {view?.found.map(({ name, kind, lat, lon }, index) => (
                    <li key={index}>
                      <strong>{name}</strong>{" "}
                      <span className={s["quiet"]}>{[KINDS[kind], lat === null || lon === null ? null : `${lat.toFixed(5)}, ${lon.toFixed(5)}`].filter(Boolean).join(", ")}</span>
                    </li>
                  ))}
                </ul>
              )}
            </div>
          )}
        </div>
      )}
      {mayWrite && <Load onLoaded={(done) => { setReport(done); void ask(); }} />}
      {mayWrite && total > 0 && <Remove key={view?.version} total={total} onRemoved={() => { setReport(null); setSearch(""); desk.say("Every name is removed."); void ask(); }} />}
    </section>
  );
}
