import { byId, type Phone, type PhoneBodies } from "./phone";
import type { Fact } from "./wire";

export type PhoneFact = Extract<Fact, { kind: keyof PhoneBodies }>;

/** Folds one fact of the caller's phone into what is known of it. */
export function foldPhone(phone: Phone, fact: PhoneFact): Phone {
  switch (fact.kind) {
    case "texting.message.changed.v1":
      return { ...phone, messages: byId(phone.messages, fact.body.message, (one) => one.message_id) };
    case "caller.consent.recorded.v1":
      return { ...phone, consents: byId(phone.consents, fact.body.consent, (one) => one.consent_id) };
    case "caller.link.changed.v1":
      return { ...phone, links: byId(phone.links, fact.body.link, (one) => one.link_id) };
    case "caller.location.fixed.v1":
      return { ...phone, fixes: byId(phone.fixes, fact.body.fix, (one) => one.fix_id) };
    case "video.viewing.changed.v1":
      return { ...phone, viewings: byId(phone.viewings, fact.body.viewing, (one) => one.viewing_id) };
    case "uploads.upload.changed.v1":
      return { ...phone, uploads: byId(phone.uploads, fact.body.upload, (one) => one.upload_id) };
    case "responders.link.changed.v1":
      return {
        ...phone,
        responder_links: byId(phone.responder_links, fact.body.link, (one) => one.link_id),
      };
    // The queue is part of the call list.
    case "texting.text_back.changed.v1":
      return phone;
    default:
      return fact satisfies never;
  }
}
