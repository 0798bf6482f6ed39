import { Channel, createCable, SubscriptionRejectedError } from "@anycable/core";

class PartnerEvents extends Channel {
  static identifier = "PartnerEventsChannel";
}

/** The words held so far, after another event has come: from its first word on, what was held of
 * the same speaker gives way. */
export function replaced(held, words) {
  const from = new Map();
  for (const word of words) {
    const at = Date.parse(word.started_at);
    if (!(at >= from.get(word.speaker))) from.set(word.speaker, at);
  }
  const stays = (word) => !(Date.parse(word.started_at) >= from.get(word.speaker));
  return [...held.filter(stays), ...words];
}

/** The words of one call as they are spoken. `onWords` gets all of them, in the order of time. */
export async function follow(incidentId, access, { onWords, onState }) {
  const { url, token } = await access();
  const cable = createCable(url, {
    protocol: "actioncable-v1-ext-json",
    websocketAuthStrategy: "sub-protocol", // keeps the token out of addresses and their logs
    auth: { token },
    tokenRefresher: async (transport) => transport.setToken((await access()).token),
  });
  let held = [];
  let again = null;
  let left = false;
  const subscribe = () => {
    const channel = new PartnerEvents({ incident_id: incidentId });
    channel.on("message", (message) => {
      if (message.type !== "transcript") return;
      held = replaced(held, message.words);
      onWords([...held].sort((a, b) => Date.parse(a.started_at) - Date.parse(b.started_at)));
    });
    channel.on("connect", () => onState("following"));
    channel.on("disconnect", () => onState("away"));
    channel.on("close", (error) => {
      if (left) return;
      const refused = error instanceof SubscriptionRejectedError;
      onState(refused ? "closed" : "away");
      if (!refused) again = setTimeout(subscribe, 3000); // a slow server: everything comes again
    });
    cable.subscribe(channel);
  };
  subscribe();
  return () => {
    left = true;
    clearTimeout(again);
    cable.disconnect();
  };
}
