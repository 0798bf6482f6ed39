import type { ConsentView, Language, LinkView, MessageView, ResponderLinkView, Share, TextBackView, UploadView, ViewingView } from "@ringdown/core";

import type { Client } from "./client";

/** What the requests about the caller's phone give and take; names are the server's. */

export interface ConsentForm {
  shares: readonly Share[];
  outcome: "agreed" | "refused" | "overridden";
  language: string;
  number?: string;
  reason?: string;
}

export interface LinkForm {
  consent_id: string;
  number?: string;
  other_number_reason?: string;
}

/** The message before it goes: as it is sent, but for the secret part of its link. */
export interface LinkPreview {
  text: string;
  segments: number;
  encoding: "gsm7" | "ucs2";
}

/** What to say to the caller, in their language and in English; `offered` is what may be asked for at all. */
export interface Script {
  language: string;
  text: string;
  english: string;
  offered: Share[];
}

export interface LinkMade {
  link: LinkView;
  message: MessageView;
}

/** A ready question for somebody who cannot speak, as it goes; `meaning` is the same in English. */
export interface Question {
  question: string;
  meaning: string;
  answers: { letter: string; text: string; meaning: string }[];
  preview: LinkPreview;
}

/** What a person is about to send: words of their own, or a ready question. */
export type TextDraft = { text: string } | { question: string; language: Language };

/** A viewing and, of live video, the way into its room. */
export interface WatchGrant {
  viewing: ViewingView;
  url?: string | null;
  token?: string | null;
  carries_audio: boolean;
}

/** How much of what callers showed one person has seen, unblurred. */
export interface PersonExposure {
  person: { user_id: string; name: string };
  viewings: number;
  shown_ms: number;
  today_ms: number;
  longest_ms: number;
}

export interface ResponderForm {
  role: ResponderLinkView["role"];
  to: string;
  shows: ResponderLinkView["shows"];
}

/** The address is told once. */
export interface ResponderLinkMade {
  link: ResponderLinkView;
  address: string;
}


const call = (id: string): string => `/v1/calls/${encodeURIComponent(id)}`;
const part = (id: string): string => encodeURIComponent(id);

/** Every request about the caller's phone, by name. They come with the panel, not with the first load. */
export function phoneEndpoints(client: Client) {
  const json = client.json.bind(client);
  return {
    script: (shares: readonly Share[], language: string) =>
      json<Script>("GET", `/v1/caller/script?shares=${shares.join(",")}&language=${language}`),
    recordConsent: (id: string, form: ConsentForm) =>
      json<ConsentView>("POST", `${call(id)}/caller/consents`, { ...form }),
    previewLink: (id: string, form: LinkForm) =>
      json<LinkPreview>("POST", `${call(id)}/caller/links/preview`, { ...form }),
    sendLink: (id: string, form: LinkForm) => json<LinkMade>("POST", `${call(id)}/caller/links`, { ...form }),
    revokeLink: (id: string, linkId: string) =>
      json<LinkView>("DELETE", `${call(id)}/caller/links/${part(linkId)}`),
    stopShare: (id: string, linkId: string, share: Share) =>
      json<LinkView>("POST", `${call(id)}/caller/links/${part(linkId)}/stop`, { share }),

    /** Of a call, or of texts that belong to none (`thread_…`). */
    thread: async (id: string) => (await json<{ messages: MessageView[] }>("GET", `${call(id)}/texts`)).messages,
    previewText: (id: string, draft: TextDraft) => json<LinkPreview>("POST", `${call(id)}/texts/preview`, { ...draft }),
    sendText: (id: string, draft: TextDraft) => json<MessageView>("POST", `${call(id)}/texts`, { ...draft }),
    questions: async (language: Language) =>
      (await json<{ questions: Question[] }>("GET", `/v1/texts/questions?language=${language}`)).questions,
    queueTextBack: (id: string) => json<TextBackView>("POST", `${call(id)}/text-back`),
    textBackWording: (id: string) => json<LinkPreview>("GET", `/v1/text-backs/${part(id)}/wording`),
    textBack: (id: string) => json<MessageView>("POST", `/v1/text-backs/${part(id)}/text`),
    closeTextBack: (id: string, reason: string) =>
      json<TextBackView>("POST", `/v1/text-backs/${part(id)}/close`, { reason }),

    watch: (id: string, linkId: string) => json<WatchGrant>("POST", `${call(id)}/video/${part(linkId)}/watch`),
    stillViewing: (id: string, viewingId: string, shownMs: number) =>
      json<ViewingView>("POST", `${call(id)}/viewings/${part(viewingId)}/alive`, { shown_ms: shownMs }),
    closeViewing: (id: string, viewingId: string, shownMs: number) =>
      json<ViewingView>("POST", `${call(id)}/viewings/${part(viewingId)}/close`, { shown_ms: shownMs }),
    takeOverViewing: (id: string, viewingId: string) =>
      json<WatchGrant>("POST", `${call(id)}/viewings/${part(viewingId)}/take-over`),
    exposure: async (days: number) =>
      (await json<{ people: PersonExposure[] }>("GET", `/v1/exposure?days=${days}`)).people,

    picturePath: (id: string, uploadId: string) => `${call(id)}/uploads/${part(uploadId)}/picture`,
    filePath: (id: string, uploadId: string) => `${call(id)}/uploads/${part(uploadId)}/file`,
    exportPath: (id: string, uploadId: string) => `${call(id)}/uploads/${part(uploadId)}/export`,
    removeUpload: (id: string, uploadId: string, reason: string) =>
      json<UploadView | undefined>("DELETE", `${call(id)}/uploads/${part(uploadId)}`, { reason }),

    makeResponderLink: (id: string, form: ResponderForm) =>
      json<ResponderLinkMade>("POST", `${call(id)}/responder-links`, { ...form }),
    revokeResponderLink: (id: string, linkId: string) =>
      json<ResponderLinkView>("DELETE", `${call(id)}/responder-links/${part(linkId)}`),
  };
}

export type PhoneApi = ReturnType<typeof phoneEndpoints>;
