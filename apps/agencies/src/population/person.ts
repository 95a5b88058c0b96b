/** Pilots that take part in the demo population; other pilots can be registered without touching this list. */
export const DEMO_PILOTS = ['AMS', 'ROT', 'UTR', 'EHV', 'GRO'] as const;
export type DemoPilot = (typeof DEMO_PILOTS)[number];

/** Why someone will be refused: a national ground that IND or COA answers, or the regional tie (domain 2.4). */
export const EXCLUSIONS = ['X1', 'X3', 'X4', 'X6', 'L1', 'X2'] as const;
export type Exclusion = (typeof EXCLUSIONS)[number];

/** How the stay begins: with the admission itself, days later when a bed is free, or as an emergency bed before it. */
export type StayStart = 'WITH_ADMISSION' | 'BED_LATER' | 'EMERGENCY_BED';

/** What a dossier supplier does with its part after the first delivery. */
export type PartStory = 'PLAIN' | 'CORRECTED' | 'WITHDRAWN_AND_REDELIVERED';

/** One invented person and everything that is going to happen to this person in the demo. */
export interface Person {
  /** Key of the person in the demo, and stem of the own ids of every message about this person: `s1-004`. */
  readonly key: string;
  readonly pilot: DemoPilot;
  /** Synthetic range only: `0000…`, and `9999…` for a number that IND does not know. */
  readonly vNumber: string;
  readonly familyName: string;
  readonly givenNames: string;
  /** Possibly partial: `1984`, `1984-05` or `1984-05-17`. */
  readonly birthDate: string;
  readonly sex: 'M' | 'V' | 'X' | 'unknown';
  /** RvIG table 32 codes. */
  readonly nationalities: readonly string[];
  readonly origin: 'STREET' | 'BBB' | 'STATE_RECEPTION' | 'OTHER';
  readonly stayKind: 'SHELTER' | 'GUIDANCE_ONLY';
  readonly stayStart: StayStart;
  readonly knownToInd: boolean;
  readonly exclusion: Exclusion | null;
  readonly indHasFile: boolean;
  readonly dtvHasFile: boolean;
  /** Mandatory supplier that will not answer before the demo is over. */
  readonly slowSupplier: 'IND' | 'DTV' | null;
  readonly indPart: PartStory;
  readonly dtvPart: PartStory;
  readonly asksCoa: boolean;
  readonly asksAvim: boolean;
}
