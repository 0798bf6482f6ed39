/** What the centre sends to the holder of a link. Times are ISO 8601, positions WGS84, lengths metres. */
export interface Seen {
  centre: string;
  role: "police" | "fire" | "ems" | "other";
  to: string;
  expires_at: string;
  now: string;
  demo: boolean;
  call_state: string;
  call_started_at: string;
  shows: ("incident" | "location" | "video" | "text")[];
  incident: Incident | null;
  trail: Fix[] | null;
  located_now: boolean;
  camera: boolean | null;
  messages: { direction: "in" | "out"; text: string; at: string }[] | null;
}

export interface Incident {
  sequence: number;
  state: "active" | "cancelled";
  at: string;
  by: string;
  fields: { name: string; text: string }[];
  reason: string | null;
}

export interface Fix {
  fix_id: string;
  lat: number;
  lon: number;
  accuracy_m: number;
  altitude_m: number | null;
  floor: string | null;
  at: string;
}

const NAMES: Record<string, string> = {
  emergency: "Emergency",
  category: "Category",
  type: "Type",
  location: "Location",
  victims: "People hurt or in danger",
  severity: "Severity",
  callback_number: "Call-back number",
  persons: "Persons described",
  vehicles: "Vehicles",
  weapons: "Weapons",
  hazards: "Hazards",
  relation: "Caller's relation",
};
/** What a crew needs first. */
const ORDER = ["type", "location", "severity", "victims", "weapons", "hazards", "persons", "vehicles", "callback_number"];

/** The confirmed fields as a crew reads them: what matters first, unknown names last and as they are. */
export function rows(incident: Incident): { label: string; text: string }[] {
  const rank = (name: string): number => {
    const at = ORDER.indexOf(name);
    return at < 0 ? ORDER.length : at;
  };
  return [...incident.fields]
    .sort((a, b) => rank(a.name) - rank(b.name))
    .map(({ name, text }) => ({ label: NAMES[name] ?? name, text }));
}

/** How long ago, by the centre's clock, in the fewest words. */
export function ago(at: string, now: string): string {
  const seconds = Math.max(0, Math.round((Date.parse(now) - Date.parse(at)) / 1000));
  if (seconds < 60) return `${String(seconds)} s ago`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${String(minutes)} min ago`;
  return `${String(Math.floor(minutes / 60))} h ${String(minutes % 60)} min ago`;
}

/** The time of day of the device, such as 03:07. */
export function clock(at: string): string {
  return new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}

/** A position as it is read out on the radio: five places are a metre. */
export function position(fix: Fix): string {
  return `${fix.lat.toFixed(5)}, ${fix.lon.toFixed(5)}`;
}

/** How high the phone is, where that was told: `floor 3, 38 m above the ellipsoid`. */
export function height({ floor, altitude_m }: Fix): string | null {
  const told = [floor === null ? null : `floor ${floor}`, altitude_m === null ? null : `${String(Math.round(altitude_m))} m above the ellipsoid`];
  return told.filter(Boolean).join(", ") || null;
}

/** Opens the device's own map, without asking anybody on the network. */
export function mapLink(fix: Fix): string {
  const at = `${fix.lat.toFixed(6)},${fix.lon.toFixed(6)}`;
  return `geo:${at}?q=${at}`;
}
