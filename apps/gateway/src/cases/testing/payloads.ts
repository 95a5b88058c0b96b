/** Payloads of synthetic persons, valid against their contracts; each can be changed for the case at hand. */
type Payload = Readonly<Record<string, unknown>>;

export const V_NUMBER = '0000471100';
export const OTHER_V_NUMBER = '9999471100';

export const OIN = {
  ams: '00000099000000000101',
  rot: '00000099000000000102',
  ngo: '00000099000000000201',
  ind: '00000099000000000301',
  dtv: '00000099000000000302',
  avim: '00000099000000000303',
  coa: '00000099000000000304',
  other: '00000099000000000999',
} as const;

const uuid = (last: string): string => `7b2c4f5e-0000-4000-8000-00000000${last}`;
export const STAY_ID = uuid('0001');
export const OTHER_STAY_ID = uuid('0002');
/** Ids of dossier parts. */
export const PART = { ind: uuid('0101'), dtv: uuid('0102'), another: uuid('0103') } as const;
export const NO_SUCH_MESSAGE = uuid('9999');

export const application = (change: Payload = {}): Payload => ({
  pilot: 'AMS',
  v_number: V_NUMBER,
  family_name: 'Proefpersoon',
  given_names: 'Noor Anna',
  birth_date: '1985-07',
  sex: 'V',
  nationalities: ['0499'],
  origin: 'STREET',
  regional_tie: { kind: 'FAMILY', evidence: 'STATEMENT' },
  applied_on: '2026-03-02',
  ...change,
});

/** M01 of someone whose V-number nobody knows. */
export const applicationWithoutNumber = (): Payload => {
  const { v_number: _number, ...rest } = application();
  return { ...rest, provisional_ref: 'AMS-PROEF-1' };
};

export const checkRequest = (change: Payload = {}): Payload => ({
  v_number: V_NUMBER,
  family_name: 'Proefpersoon',
  birth_date: '1985-07',
  questions: ['X1', 'X2', 'X3', 'X4', 'X5', 'X6'],
  test_date: '2026-03-02',
  ...change,
});

/** IND's answer: every ground NO and the number known, unless changed. */
export const indAnswer = (answers: Payload = {}, change: Payload = {}): Payload => ({
  v_number_status: 'MATCH',
  answers: { X1: 'NO', X2: 'NO', X3: 'NO', X4: 'NO', X5: 'NO', ...answers },
  as_of: '2026-03-02T10:00:00Z',
  ...change,
});

export const coaAnswer = (answer = 'NO'): Payload => ({
  v_number_status: 'MATCH',
  answers: { X6: answer },
  as_of: '2026-03-02T10:00:00Z',
});

export const stayIn = (kind: 'SHELTER' | 'GUIDANCE_ONLY', change: Payload = {}): Payload => ({
  stay_id: STAY_ID,
  kind,
  on: '2026-03-02',
  ...change,
});

export const admitted = (change: Payload = {}): Payload => ({
  outcome: 'ADMITTED',
  policy_version: '1',
  decided_on: '2026-03-02',
  ...change,
});

export const refused = (change: Payload = {}): Payload => ({
  ...admitted(),
  outcome: 'REFUSED',
  ground_class: 'NATIONAL',
  ...change,
});

/** What M04 says when a named official decided on these grounds. */
export const decidedByOfficial = (...grounds: readonly string[]): Payload => ({
  decided_by_official: grounds.map((ground) => ({ ground, official_ref: 'medewerker-1', reason: 'DOCUMENT_SHOWN' })),
});

export const stayEvent = (event: string, change: Payload = {}): Payload => ({ event, ...stayIn('SHELTER'), ...change });

export const acknowledgement = (): Payload => ({ acked_at: '2026-03-02T11:00:00Z' });

export const dossierRequest = (parts: readonly string[], change: Payload = {}): Payload => ({
  v_number: V_NUMBER,
  case_id: uuid('0301'),
  parts,
  requested_on: '2026-03-02',
  reason: 'INTAKE',
  ...change,
});

/** M08 or M09: the answer that the supplier has no file is the shortest part there is. */
export const dossierPart = (partId: string, change: Payload = {}): Payload => ({
  part_id: partId,
  part_version: 1,
  as_of: '2026-03-01T08:00:00Z',
  v_number: V_NUMBER,
  part_status: 'NO_FILE',
  ...change,
});

export const receptionHistory = (): Payload => ({
  part_id: uuid('0201'),
  as_of: '2026-03-01T08:00:00Z',
  stays: [],
  right_to_reception_now: false,
});

export const avimSupplement = (): Payload => ({
  part_id: uuid('0202'),
  as_of: '2026-03-01T08:00:00Z',
  identity_verified: true,
  regime: 'AVG',
});

/** M28 or M29 about a message. */
export const notice = (target: string, change: Payload = {}): Payload => ({
  target_message_id: target,
  material: false,
  changed_fields: ['procedures'],
  reason: 'FACT_ERROR',
  ...change,
});

export const receipt = (target: string, status: string, errorCode?: string): Payload => ({
  target_message_id: target,
  status,
  ...(errorCode === undefined ? {} : { error_code: errorCode }),
});

export const rejection = (target: string, errorCode: string): Payload => receipt(target, 'REJECTED', errorCode);

export const assignment = (from: string, to: string): Payload => ({
  ngo_oin: OIN.ngo,
  from,
  to,
  contract_ref: 'PROEF-1',
});
