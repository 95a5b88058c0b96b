import type { WorkTime } from './intent.js';

const MINUTE_MS = 60_000;

/** How long people and systems take, at pace 1: the demo's seconds stand for days. */
export const WORK_TIMES = {
  application: { minMs: 0, maxMs: 4000 },
  checkRequest: { minMs: 100, maxMs: 400 },
  checkAnswer: { minMs: 200, maxMs: 1200 },
  decision: { minMs: 200, maxMs: 600 },
  emergencyBed: { minMs: 50, maxMs: 200 },
  bedReady: { minMs: 400, maxMs: 1500 },
  assignment: { minMs: 20, maxMs: 100 },
  supplementRequest: { minMs: 200, maxMs: 600 },
  dtvAcknowledgement: { minMs: 100, maxMs: 500 },
  dossierPart: { minMs: 400, maxMs: 2500 },
  supplement: { minMs: 300, maxMs: 1500 },
  correction: { minMs: 300, maxMs: 900 },
  redelivery: { minMs: 300, maxMs: 900 },
  purge: { minMs: 50, maxMs: 300 },
  reading: { minMs: 100, maxMs: 500 },
  /** A supplier that does not make it before the demo ends; the dossier stays outstanding, with its age. */
  slowSupplier: { minMs: 30 * MINUTE_MS, maxMs: 45 * MINUTE_MS },
} as const satisfies Record<string, WorkTime>;
