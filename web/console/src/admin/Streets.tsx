import { useCallback, useEffect, useState, type SubmitEvent } from "react";

import { sentence, type FoundPlace, type StreetLayer, type StreetsReport, type StreetsView } from "@ringdown/api";
import { timeOfDay } from "@ringdown/core";
import { Button, Notice, SelectField, TextField } from "@ringdown/ui";

import { useDesk } from "../app/useDesk";
import { PlaceMap } from "../map";
import s from "./admin.module.css";
import { count, Loaded, LoadFile, rows } from "./Loaded";

const LAYERS: Record<StreetLayer, string> = {
  roads: "Roads",
  addresses: "Addresses",
  landmarks: "Landmarks",
  mileposts: "Mileposts",
};
const KINDS = [{ label: null, options: [{ value: "", label: "Seen by its rows" }, ...Object.entries(LAYERS).map(([value, label]) => ({ value, label }))] }];
const NO_PLACES: [] = [];

/** What became of the file that was sent; every row is accounted for. */
function Report({ report, onDone }: { report: StreetsReport; onDone: () => void }) {
  const { refused, first_refused: first } = report;
  const what = `${count(report.count)} ${report.layer}`;
  return (
    <Loaded refused={refused} first={first} onDone={onDone}>
      <strong>{report.changed ? `${what} are in use now.` : `Nothing changed: these ${what} are in use already.`}</strong>{" "}
      The file has {rows(report.rows)}: {count(report.rows - refused)} taken, {refused === 0 ? "none" : count(refused)} refused.
    </Loaded>
  );
}

/** How a file gets in; it takes the place of its layer. */
function Load({ onLoaded }: { onLoaded: (report: StreetsReport) => void }) {
  const { api } = useDesk();
  const [layer, setLayer] = useState<StreetLayer | "">("");
  return (
    <LoadFile
      holds="GeoJSON or CSV of road centre lines, address points, landmarks or mileposts"
      acts={[{ label: "Replace this layer", send: (file, tell) => api.loadStreets(file, layer === "" ? null : layer, tell) }]}
      reading="Reading the map…"
      unchanged="The map in use is unchanged."
      onLoaded={onLoaded}
    >
      <SelectField label="What it holds" value={layer} onChange={(value) => setLayer(value as StreetLayer | "")} groups={KINDS} />
    </LoadFile>
  );
}

/** A place as a caller might say it, and what the map makes of it. */
function Try({ view }: { view: StreetsView }) {
  const { api } = useDesk();
  const [text, setText] = useState("");
  const [found, setFound] = useState<readonly FoundPlace[] | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const ask = async (event: SubmitEvent) => {
    event.preventDefault();
    try {
      setFound(await api.matchPlace(text.trim()));
      setTrouble(null);
    } catch (error) {
      setTrouble(sentence(error));
    }
  };
  return (
    <div className={s["form"]}>
      <h2>Try a place</h2>
      <form className={s["row"]} onSubmit={(event) => void ask(event)}>
        <TextField label="A place as a caller says it" value={text} onChange={setText} autoComplete="off" />
        <Button type="submit" isDisabled={text.trim() === ""}>Find it</Button>
      </form>
      {trouble !== null && <Notice tone="down" urgent>{trouble}</Notice>}
      <p role="status">{found?.length === 0 && "Nothing on the map is like it."}</p>
      <PlaceMap places={NO_PLACES} {...(found ? { matches: found } : {})} bounds={view.bounds} />
    </div>
  );
}

/** The agency's own map: what it is made of, from which files, and what it finds. */
export function Streets() {
  const desk = useDesk();
  const { api } = desk;
  const [view, setView] = useState<StreetsView | null>(null);
  const [report, setReport] = useState<StreetsReport | null>(null);
  const [removing, setRemoving] = useState<StreetLayer | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const mayWrite = desk.may("streets:write");
  const ask = useCallback(async () => {
    try {
      setView(await api.streets());
      setTrouble(null);
    } catch (error) {
      setTrouble(sentence(error));
    }
  }, [api]);
  useEffect(() => {
    // Told once the answer is there, not while the page is being put together.
    const timer = setTimeout(() => void ask(), 0);
    return () => clearTimeout(timer);
  }, [ask]);
  const remove = async (layer: StreetLayer) => {
    setRemoving(null);
    try {
      await api.removeStreets(layer);
      desk.say(`The map has no ${layer} now.`);
      setReport(null);
    } catch (error) {
      desk.say(sentence(error), "down");
    }
    await ask();
  };
  return (
    <section className={s["section"]} aria-label="Streets">
      {trouble !== null && <Notice tone="down" urgent>{trouble}</Notice>}
      {view?.layers.length === 0 && <p>No map is loaded: what callers say is not looked up, and places are drawn without streets.</p>}
      {view && view.layers.length > 0 && (
        <div className={s["tableBox"]}>
          <table className={s["table"]} data-plain>
            <caption className="hidden-visually">Layers of the map</caption>
            <thead><tr><th scope="col">Layer</th><th scope="col">Features</th><th scope="col">File</th><th scope="col">Loaded</th><th scope="col">Version</th>{mayWrite && <th scope="col">Act</th>}</tr></thead>
            <tbody>
              {view.layers.map((one) => (
                <tr key={one.layer}>
                  <td>{LAYERS[one.layer]}</td>
                  <td>{count(one.count)}</td>
                  <td className={s["breaks"]}>{one.source}</td>
                  <td>{one.loaded_at.slice(0, 10)} {timeOfDay(one.loaded_at)}, by {one.loaded_by}</td>
                  <td className={s["code"]}>{one.version.slice(0, 12)}</td>
                  {mayWrite && <td><Button kind="danger" onPress={() => setRemoving(one.layer)} aria-label={`Remove the ${one.layer}…`}>Remove…</Button></td>}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {removing && (
        <Notice tone="warn" actions={<><Button kind="danger" onPress={() => void remove(removing)}>Remove the {removing}</Button><Button onPress={() => setRemoving(null)}>Keep them</Button></>}>
          Places that callers name are then not found among the {removing}.
        </Notice>
      )}
      {report && <Report report={report} onDone={() => setReport(null)} />}
      {mayWrite && <Load onLoaded={(done) => { setReport(done); void ask(); }} />}
      {view && view.layers.length > 0 && <Try key={view.layers.map((one) => one.version).join()} view={view} />}
    </section>
  );
}
