import type { Contract } from '#contracts/contract.js';
import type { ContractBook } from '../local-api/build-event.js';
import { DOSSIER_PART } from './fake-gateway.js';

/** One contract that comes in and one that goes out: enough for the adapter, which knows no contract by name. */
export const IND_PART: Contract = {
  id: 'M08',
  name: 'IndDossierPart',
  dutch: 'dossierdeel IND',
  type: DOSSIER_PART,
  version: 1,
  kind: 'RESPONSE',
  family: 'dossier-part',
  senders: ['IND'],
  purposes: ['P03'],
  legalBases: ['LB2'],
  processingActivity: 'https://ketenpoort.example/verwerkingen/dossier',
  caseId: 'required',
  routes: [{ to: 'MUNICIPALITY', purpose: 'P03', when: 'ALWAYS' }],
};

export const APPLICATION: Contract = {
  ...IND_PART,
  id: 'M01',
  name: 'ResidentApplication',
  type: 'nl.lvv.resident-application.v1',
  kind: 'NOTIFICATION',
  family: 'case-notification',
  senders: ['MUNICIPALITY'],
  purposes: ['P01'],
  caseId: 'none',
  routes: [],
};

export const CATALOGUE = [APPLICATION, IND_PART];

/** Demands a `pilot`, and nothing else. */
export const contractBook: ContractBook = {
  find: (name) => CATALOGUE.find((one) => one.id === name || one.type === name),
  validate: (_contract, data) =>
    'pilot' in (data as object) ? [] : [{ pointer: '/data', rule: 'required', detail: 'pilot is missing' }],
};
