/**
 * The caller's phone of the stand-in server: the requests of the console's panel, and `POST
 * /fake/phone` by which the invented caller opens their link, shares, writes and sends a photo. There
 * is no media server, so a video is refused as it is while a page has not begun.
 */

const SCRIPT = {
  en: "May I send you a text message with a link? If you open it, I can see {shares}. Your call goes on. You can stop at any time.",
  es: "¿Puedo enviarle un mensaje con un enlace? Si lo abre, podré ver {shares}. La llamada sigue. Puede parar en cualquier momento.",
  ar: "هل يمكنني أن أرسل إليك رسالة فيها رابط؟ إذا فتحته فسأرى {shares}. تستمر المكالمة. يمكنك التوقف في أي وقت.",
};
const QUESTIONS = [
  ["talk", "This is 911. Is it safe for you to talk?", [["A", "yes", "yes"], ["B", "no", "no"]]],
  ["need", "Who do you need?", [["A", "police", "police"], ["B", "fire", "fire"], ["C", "ambulance", "ambulance"]]],
  ["place", "Where are you? Write the address, or what you see around you.", []],
];
const PICTURE = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M/wHwAEBgIApD5fRAAAAABJRU5ErkJggg==", "base64");

const WORDING = "This is Millbrook County 911. Your call ended before we could speak. Do you need help? Answer this text, or call 911.";
function questionView([question, meaning, answers]) {
  const text = [meaning, ...answers.map(([letter, own]) => `${letter} = ${own}`)].join("\n");
  return { question, meaning, answers: answers.map(([letter, own, english]) => ({ letter, text: own, meaning: english })), preview: { text, segments: 1, encoding: "gsm7" } };
}
export const emptyPhone = () => ({ consents: [], links: [], fixes: [], messages: [], viewings: [], uploads: [], responder_links: [] });

export function fakePhone({ found, fact, signal, id, iso, Refusal }) {
  const textBacks = new Map();
  const say = { message: "texting.message.changed.v1", consent: "caller.consent.recorded.v1", link: "caller.link.changed.v1", fix: "caller.location.fixed.v1", viewing: "video.viewing.changed.v1", upload: "uploads.upload.changed.v1" };
  const lists = { message: "messages", consent: "consents", link: "links", fix: "fixes", viewing: "viewings", upload: "uploads", responder: "responder_links" };
  function put(call, what, one) {
    const list = call.phone[lists[what]];
    if (!list.includes(one)) list.push(one);
    if (what === "responder") fact("responders.link.changed.v1", call.view.call_id, { link: one });
    else fact(say[what], call.view.call_id, { [what]: one });
    return one;
  }
  const by = (me) => ({ user_id: me.user_id, name: me.name });
  const at = (call) => Math.max(0, Date.now() - Date.parse(call.view.started_at));
  const message = (call, more) => put(call, "message", { message_id: id("msg"), call_id: call.view.call_id, number: call.view.ani, channel: "sms", direction: "out", kind: "text", text: "", state: carrier, segments: 1, error: null, by: null, link_id: null, question: null, meaning: null, attachments: [], at: iso(), changed_at: iso(), ...more });
  const consent = (call, more) => put(call, "consent", { consent_id: id("cns"), call_id: call.view.call_id, shares: [], outcome: "agreed", via: "voice", at_ms: at(call), by: null, language: "en", reason: null, link_id: null, number: null, at: iso(), ...more });
  const text = () => `Millbrook County 911: tap to share with us. https://ringdown.example/l#${"•".repeat(32)}`;
  let carrier = "manual";
  const one = (call, list, key, value) => call.phone[list].find((each) => each[key] === value) ?? (() => { throw new Refusal(404, "caller.link.not_found", "There is no such thing."); })();
  function textBack(call, change) {
    const kept = textBacks.get(call.view.call_id) ?? { call_id: call.view.call_id, number: call.view.ani, state: "waiting", due_at: iso(), texted_at: null, answered_at: null, closed_at: null, reason: null, by: null, unmatched: false };
    Object.assign(kept, change);
    textBacks.set(kept.call_id, kept);
    fact("texting.text_back.changed.v1", kept.call_id, { text_back: kept });
    return kept;
  }

  const routes = [
    ["GET", /^\/v1\/caller\/script$/, ({ query }) => {
      const shares = query.get("shares").split(",").join(", ");
      return { language: query.get("language"), text: (SCRIPT[query.get("language")] ?? SCRIPT.en).replace("{shares}", shares), english: SCRIPT.en.replace("{shares}", shares), languages: {}, offered: ["location", "video", "upload", "chat"] };
    }],
    ["POST", /^\/v1\/calls\/([^/]+)\/caller\/consents$/, ({ args, me }, body) => consent(found(args[0]), { ...body, by: by(me) })],
    ["POST", /^\/v1\/calls\/([^/]+)\/caller\/links\/preview$/, ({ args }) => ({ text: text(found(args[0])), segments: 1, encoding: "gsm7" })],
    ["POST", /^\/v1\/calls\/([^/]+)\/caller\/links$/, ({ args, me }, body) => {
      const call = found(args[0]);
      const agreed = one(call, "consents", "consent_id", body.consent_id);
      const link_id = id("lnk");
      const sent = message(call, { kind: "link", text: text().replaceAll("•", "x"), link_id, by: by(me), number: body.number });
      const link = put(call, "link", { link_id, call_id: args[0], consent_id: agreed.consent_id, shares: agreed.shares, number: body.number, language: agreed.language, state: "sent", agreed: [], sharing: [], message_id: sent.message_id, made_by: by(me), made_at: iso(), expires_at: iso(Date.now() + 1_800_000), opened_at: null, ended_at: null, device: null, refused_devices: 0, quiet_since: null, offer: null, reason: null });
      return { link, message: sent };
    }],
    ["DELETE", /^\/v1\/calls\/([^/]+)\/caller\/links\/([^/]+)$/, ({ args }) => { const call = found(args[0]); return put(call, "link", Object.assign(one(call, "links", "link_id", args[1]), { state: "revoked", agreed: [], sharing: [], ended_at: iso(), offer: null })); }],
    ["POST", /^\/v1\/calls\/([^/]+)\/texts$/, ({ args, me }, { text: words, question = null }) => message(found(args[0]), { kind: question ? "question" : "text", question, text: words ?? questionView(QUESTIONS.find(([name]) => name === question)).preview.text, by: by(me) })],
    ["POST", /^\/v1\/calls\/([^/]+)\/texts\/preview$/, (_, body) => ({ text: body.text, segments: Math.ceil(body.text.length / 160), encoding: "gsm7" })],
    ["GET", /^\/v1\/texts\/questions$/, () => ({ questions: QUESTIONS.map(questionView) })],
    ["GET", /^\/v1\/text-backs\/([^/]+)\/wording$/, () => ({ text: WORDING, segments: 1, encoding: "gsm7" })],
    ["POST", /^\/v1\/calls\/([^/]+)\/text-back$/, ({ args }) => textBack(found(args[0]), {})],
    ["POST", /^\/v1\/text-backs\/([^/]+)\/text$/, ({ args, me }) => { const call = found(args[0]); const sent = message(call, { kind: "text_back", text: WORDING, by: by(me) }); textBack(call, { state: "texted", texted_at: iso(), due_at: iso(Date.now() + 180_000) }); return sent; }],
    ["POST", /^\/v1\/text-backs\/([^/]+)\/close$/, ({ args, me }, body) => textBack(found(args[0]), { state: "closed", closed_at: iso(), reason: body.reason, by: by(me) })],
    ["POST", /^\/v1\/calls\/([^/]+)\/video\/([^/]+)\/watch$/, () => { throw new Refusal(409, "video.stream.not_live", "The caller shows nothing now."); }],
    ["POST", /^\/v1\/calls\/([^/]+)\/viewings\/([^/]+)\/(alive|close)$/, ({ args }, body) => { const call = found(args[0]); return put(call, "viewing", Object.assign(one(call, "viewings", "viewing_id", args[1]), { shown_ms: body.shown_ms, ...(args[2] === "close" ? { ended_at: iso() } : {}) })); }],
    ["GET", /^\/v1\/exposure$/, ({ me }) => { const mine = [...phones()].flatMap((p) => p.viewings).filter((v) => v.by.user_id === me.user_id); const ms = mine.reduce((sum, v) => sum + v.shown_ms, 0); return { since: iso(), viewings: mine, people: [{ person: by(me), viewings: mine.length, shown_ms: ms, today_ms: ms, longest_ms: ms }] }; }],
    ["GET", /^\/v1\/calls\/([^/]+)\/uploads\/([^/]+)\/(picture|export)$/, ({ args, me }) => {
      const call = found(args[0]);
      const upload = one(call, "uploads", "upload_id", args[1]);
      if (upload.state === "quarantined") put(call, "upload", Object.assign(upload, { state: "viewed" }));
      put(call, "viewing", { viewing_id: id("vwg"), call_id: args[0], subject: "upload", subject_id: args[1], by: by(me), started_at: iso(), ended_at: null, shown_ms: 0, taken_over_by: null, instead_of: null });
      return { wav: PICTURE, headers: { "Content-Type": "image/png" } };
    }],
    ["DELETE", /^\/v1\/calls\/([^/]+)\/uploads\/([^/]+)$/, ({ args }, body) => { const call = found(args[0]); return put(call, "upload", Object.assign(one(call, "uploads", "upload_id", args[1]), { state: "removed", reason: body.reason ?? null })); }],
    ["POST", /^\/v1\/calls\/([^/]+)\/responder-links$/, ({ args, me }, body) => {
      const link_id = id("rsp");
      const link = put(found(args[0]), "responder", { link_id, call_id: args[0], role: body.role, to: body.to, shows: body.shows, state: "active", made_by: by(me), made_at: iso(), expires_at: iso(Date.now() + 7_200_000), opens: 0, last_opened_at: null, revoked_by: null });
      return { link, address: `https://ringdown.example/r#${"y".repeat(32)}` };
    }],
    ["DELETE", /^\/v1\/calls\/([^/]+)\/responder-links\/([^/]+)$/, ({ args, me }) => { const call = found(args[0]); return put(call, "responder", Object.assign(one(call, "responder_links", "link_id", args[1]), { state: "revoked", revoked_by: by(me) })); }],
  ];
  let phones = () => [];

  /** What the invented caller does: `open`, `text`, `photo`, `fix`, `offer`, `refuse`, `health`, `abandon`. */
  function act(call, body) {
    const link = call.phone.links.at(-1);
    const put_link = (change) => put(call, "link", Object.assign(link, change));
    const acts = {
      carrier: () => { carrier = body.state; },
      open: () => { consent(call, { shares: link.shares, via: "page", link_id: link.link_id }); put_link({ state: "sharing", agreed: link.shares, sharing: body.sharing ?? link.shares, opened_at: iso(), device: "iPhone, Safari", offer: null }); },
      refuse: () => put_link({ refused_devices: link.refused_devices + 1 }),
      offer: () => put_link({ offer: body.why ?? "unopened" }),
      quiet: () => put_link({ quiet_since: iso(), offer: "quiet" }),
      delivered: () => put(call, "message", Object.assign(call.phone.messages.find((m) => m.message_id === link.message_id), { state: body.state ?? "delivered", error: body.error ?? null, changed_at: iso() })),
      text: () => message(call, { direction: "in", state: "received", channel: body.channel ?? "page", text: body.text, meaning: body.meaning ?? null }),
      fix: () => put(call, "fix", { fix_id: id("fix"), call_id: call.view.call_id, link_id: link.link_id, lat: body.lat ?? 47.61012, lon: body.lon ?? -122.3341, accuracy_m: body.accuracy_m ?? 12, altitude_m: 31, altitude_accuracy_m: 4, floor: null, heading_deg: null, speed_mps: null, at: iso(), received_at: iso(), at_ms: at(call) }),
      photo: () => put(call, "upload", { upload_id: id("upl"), call_id: call.view.call_id, link_id: link?.link_id ?? null, via: "page", state: body.state ?? "quarantined", kind: "photo", content_type: "image/png", size: 2_340_000, received: 2_340_000, sha256: "0".repeat(64), metadata: { taken: "2026-11-22 03:04:05", camera: "Phone 12" }, reason: null, at: iso(), changed_at: iso() }),
      viewer: () => put(call, "viewing", { viewing_id: id("vwg"), call_id: call.view.call_id, subject: "video", subject_id: link.link_id, by: { user_id: "user_2", name: "Sam Okafor" }, started_at: iso(), ended_at: null, shown_ms: 0, taken_over_by: null, instead_of: null }),
      health: () => signal("video.health.changed.v1", call.view.call_id, { health: { link_id: link.link_id, state: "live", width: 640, height: 480, fps: 15, kbps: 212, loss_percent: 0, carries_audio: false, at: iso(), ...body.health } }),
      abandon: () => textBack(call, { due_at: iso() }),
    };
    return acts[body.does]?.() ?? {};
  }
  return { routes, act, textBacks: () => [...textBacks.values()].filter((each) => each.state !== "closed"), seePhones: (all) => { phones = all; } };
}
