import { tlsOf } from '../load/agency-client.js';
import { admission, bodyOfSize, dossierPart, type Event, type OpenCase } from '../load/messages.js';
import { PLACE, type Shots } from '../load/shots.js';
import type { DemoPki } from '../pki/demo-pki.js';
import type { ClonedCases } from './bed/case-clones.js';

/** Where the messages of a measure come from; the five municipalities of the demo take turns. */
export const MUNICIPALITIES = ['ams', 'rot', 'utr', 'ehv', 'gro'] as const;

export interface AimOptions {
  readonly url: string;
  readonly pki: DemoPki;
  readonly connections: number;
  readonly bytes: number;
}

const POST = {
  path: '/v1/messages',
  headers: { 'content-type': 'application/cloudevents+json' },
  expect: 202,
} as const;

/** M08 of the IND: the first part of a case's dossier (T08), one transition and one recipient. */
export function dossierShots(options: AimOptions, cases: ClonedCases): Shots {
  const { url, pki, connections } = options;
  const senders = [{ tls: tlsOf(pki, 'ind'), template: dossierTemplate(options.bytes) }];
  return { ...POST, url, connections, senders, cases, again: true };
}

/** The body of such an M08 in about `bytes` bytes, with a place for what differs from message to message. */
export function dossierTemplate(bytes: number): string {
  const { id, caseId, vNumber, version } = PLACE;
  const about: OpenCase = { caseId, municipality: 'ams', person: { vNumber, familyName: '' } };
  // The part has the id of its case, so that a later message about it can be its next version.
  const part = dossierPart('ind', about, caseId);
  const marked = { ...part, id, data: { ...part.data, part_version: version.slice(1, -1) } };
  return bodyOfSize(marked, bytes);
}

/** M04 with a bed that is ready: the stay, DT&V's notification and the dossier requests, all in one transaction. */
export function admissionShots({ url, pki, connections, bytes }: AimOptions, cases: ClonedCases): Shots {
  const senders = MUNICIPALITIES.map((municipality) => {
    const about: OpenCase = { caseId: PLACE.caseId, municipality, person: { vNumber: '', familyName: '' } };
    // A stay has an id of its own; that of its case is as unique.
    const event: Event = { ...admission(about, PLACE.caseId), id: PLACE.id };
    return { tls: tlsOf(pki, municipality), template: bodyOfSize(event, bytes) };
  });
  return { ...POST, url, connections, senders, cases, again: false };
}
