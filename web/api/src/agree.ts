/**
 * The hand-written types that the console folds (core) and asks for (types.ts) are held to the ones
 * generated from the server's own description. Nothing here runs: when the server changes a shape
 * that the console relies on, this file no longer compiles.
 */
import type * as wire from "@ringdown/core";

import type { components } from "./schema";
import type * as phone from "./phone";
import type * as asked from "./types";

type Served = components["schemas"];

/**
 * Where the server's description says less than what it keeps to: a side is any string, a record of
 * five fields or two sides is a dictionary, and a value that may be null may be absent.
 */
type Loose<T> = T extends wire.Side
  ? string
  : T extends readonly (infer Item)[]
    ? readonly Loose<Item>[]
    : T extends wire.CentreView
      ? Record<string, string>
      : T extends Record<wire.FieldName, infer Field>
          ? Record<string, Loose<Field>>
          : T extends Record<wire.Side, infer Side>
            ? Record<string, Loose<Side>>
            : T extends object
              ? { [Key in keyof T as null extends T[Key] ? never : Key]: Loose<T[Key]> } & {
                  [Key in keyof T as null extends T[Key] ? Key : never]?: Loose<T[Key]>;
                }
              : T;

/** Compiles only if what the server sends can be used as what the console expects. */
type Fits<Expected, Sent extends Loose<Expected>> = [Expected, Sent];

export type Agreed = [
  Fits<wire.CallView, Served["CallView"]>,
  Fits<wire.NoteView, Served["NoteView"]>,
  Fits<wire.EventView, Served["EventView"]>,
  Fits<wire.UtteranceView, Served["UtteranceView"]>,
  Fits<wire.SentDraft, Served["DraftView"]>,
  Fits<wire.ConfirmationView, Served["ConfirmationView"]>,
  Fits<wire.DeliveryView, Served["DeliveryView"]>,
  Fits<wire.LampView, Served["LampView"]>,
  Fits<wire.Snapshot, Served["SnapshotView"]>,
  Fits<wire.CallDetail, Served["OpenCallView"]>,
  Fits<wire.FactBodies["calls.call.started.v1"], Served["CallStarted"]>,
  Fits<wire.FactBodies["calls.call.changed.v1"], Served["CallChanged"]>,
  Fits<wire.FactBodies["calls.call.ended.v1"], Served["CallEnded"]>,
  Fits<wire.FactBodies["calls.event.noted.v1"], Served["EventNoted"]>,
  Fits<wire.FactBodies["calls.note.written.v1"], Served["NoteWritten"]>,
  Fits<wire.FactBodies["media.leg.opened.v1"], Served["LegOpened"]>,
  Fits<wire.FactBodies["media.gap.found.v1"], Served["GapFound"]>,
  Fits<wire.FactBodies["media.leg.completed.v1"], Served["LegCompleted"]>,
  Fits<wire.FactBodies["media.leg.sealed.v1"], Served["LegSealed"]>,
  Fits<wire.FactBodies["speech.utterance.finalised.v1"], Served["UtteranceFinalised"]>,
  Fits<wire.FactBodies["speech.tone.heard.v1"], Served["ToneHeard"]>,
  Fits<wire.FactBodies["incidents.draft.revised.v1"], Served["DraftRevised"]>,
  Fits<wire.FactBodies["incidents.edit.conflicted.v1"], Served["EditConflicted"]>,
  Fits<wire.FactBodies["incidents.incident.confirmed.v1"], Served["IncidentConfirmed"]>,
  Fits<wire.FactBodies["cad.delivery.changed.v1"], Served["DeliveryChanged"]>,
  Fits<wire.SignalBodies["speech.utterance.partial.v1"], Served["UtterancePartial"]>,
  Fits<wire.SignalBodies["speech.channel.changed.v1"], Served["ChannelChanged"]>,
  Fits<wire.SignalBodies["ops.lamp.changed.v1"], Served["LampChanged"]>,
  Fits<wire.FactBodies["texting.message.changed.v1"], Served["MessageChanged"]>,
  Fits<wire.FactBodies["texting.text_back.changed.v1"], Served["TextBackChanged"]>,
  Fits<wire.FactBodies["caller.consent.recorded.v1"], Served["ConsentRecorded"]>,
  Fits<wire.FactBodies["caller.link.changed.v1"], Served["LinkChanged"]>,
  Fits<wire.FactBodies["caller.location.fixed.v1"], Served["CallerLocated"]>,
  Fits<wire.FactBodies["video.viewing.changed.v1"], Served["ViewingChanged"]>,
  Fits<wire.FactBodies["uploads.upload.changed.v1"], Served["UploadChanged"]>,
  Fits<wire.FactBodies["responders.link.changed.v1"], Served["ResponderLinkChanged"]>,
  Fits<phone.Script, Served["ScriptView"]>,
  Fits<phone.LinkPreview, Served["Preview"]>,
  Fits<phone.LinkMade, Served["ringdown__caller__http__MadeLink"]>,
  Fits<phone.Question, Served["ringdown__texting__http__QuestionView"]>,
  Fits<phone.WatchGrant, Served["WatchGrant"]>,
  Fits<phone.PersonExposure, Served["PersonExposure"]>,
  Fits<phone.ResponderLinkMade, Served["ringdown__responders__service__MadeLink"]>,
  Fits<asked.SessionView, Served["SessionView"]>,
  Fits<asked.UserView, Served["UserView"]>,
  Fits<asked.ClientView, Served["ClientView"]>,
  Fits<asked.ClientSecret, Served["ClientSecretView"]>,
  Fits<asked.AuditPage, Served["AuditPage"]>,
  Fits<asked.Waveform, Served["Waveform"]>,
  Fits<asked.IncidentTypes, Served["IncidentTypesView"]>,
  Fits<asked.NamesView, Served["NamesView"]>,
  Fits<asked.StreetsView, Served["StreetsView"]>,
  Fits<asked.StreetsReport, Served["StreetsReport"]>,
  Fits<asked.FoundPlace, Served["FoundPlace"]>,
  Fits<asked.NamesReport, Served["NamesReport"]>,
  Fits<asked.ListeningGrant, Served["ListeningGrant"]>,
  Fits<asked.ListeningSession, Served["ListeningSessionView"]>,
  Fits<asked.PartnerEndpoint, Served["EndpointView"]>,
  Fits<asked.PartnerEndpointSecret, Served["EndpointSecretView"]>,
  Fits<asked.PartnerDelivery, Served["PartnerDeliveryView"]>,
  Fits<asked.LegRecording, Served["LegRecordingView"]>,
];
