/** Payloads of synthetic persons as domain 2.8 gives them; each can be changed for the case at hand. */
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

export const STAY_ID = '7b2c4f5e-0000-4000-8000-000000000001';
const NATIONAL_GROUNDS = ['X1', 'X2', 'X3', 'X4', 'X5', 'X6'] as const;

export const application = (change: Payload = {}): Payload => ({
  pilot: 'AMS',
  v_number: V_NUMBER,
  family_name: 'Proefpersoon',
  given_names: 'Noor Anna',
  birth_date: '1985-07',
  sex: 'V',
  nationalities: ['0499'],
  origin: 'STREET',
  regional_tie: { kind: 'RESIDENCE', evidence_code: 'BRP' },
  applied_on: '2026-03-02',
  ...change,
});

export const checkRequest = (change: Payload = {}): Payload => ({
  v_number: V_NUMBER,
  family_name: 'Proefpersoon',
  birth_date: '1985-07',
  questions: NATIONAL_GROUNDS,
  test_date: '2026-03-02',
  ...change,
});

/** IND's answer: every ground NO and the number known, unless changed. */
export const indAnswer = (answers: Readonly<Record<string, string>> = {}, change: Payload = {}): Payload => ({
  v_number_status: 'MATCH',
  answers: Object.entries({ X1: 'NO', X2: 'NO', X3: 'NO', X4: 'NO', X5: 'NO', ...answers }).map(asAnswer),
  as_of: '2026-03-02T10:00:00Z',
  ...change,
});

export const coaAnswer = (answer = 'NO'): Payload => ({
  v_number_status: 'MATCH',
  answers: [asAnswer(['X6', answer])],
  as_of: '2026-03-02T10:00:00Z',
});

export const stayIn = (kind: 'SHELTER' | 'GUIDANCE_ONLY', change: Payload = {}): Payload => ({
  stay_id: STAY_ID,
  kind,
  on: '2026-03-02',
  ...change,
});

export const admitted = (change: Payload = {}): Payload => ({ outcome: 'ADMITTED', policy_version: '1', ...change });
export const refused = (change: Payload = {}): Payload => ({
  outcome: 'REFUSED',
  policy_version: '1',
  ground_class: 'NATIONAL',
  ...change,
});

export const stayEvent = (event: string, change: Payload = {}): Payload => ({ event, ...stayIn('SHELTER'), ...change });

export const dossierPart = (partId: string, change: Payload = {}): Payload => ({
  part_id: partId,
  part_version: 1,
  as_of: '2026-03-01T08:00:00Z',
  v_number: V_NUMBER,
  part_status: 'COMPLETE',
  ...change,
});

export const dossierRequest = (parts: readonly string[], change: Payload = {}): Payload => ({
  v_number: V_NUMBER,
  parts,
  requested_on: '2026-03-02',
  reason: 'INTAKE',
  ...change,
});

export const rejection = (errorCode: string): Payload => ({ status: 'REJECTED', error_code: errorCode });

export const notice = (change: Payload = {}): Payload => ({
  changed_fields: ['procedures'],
  reason: 'FACT_ERROR',
  ...change,
});

function asAnswer([question, answer]: readonly [string, string]): Payload {
  return { question, answer };
}

/** What M04 says when an official decided on grounds in review. */
export const DECIDED_BY_OFFICIAL: Payload = { decision: { reason: 'DOCUMENTS' } };
