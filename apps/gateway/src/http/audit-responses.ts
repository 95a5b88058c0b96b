import { PEER_KINDS, PURPOSES, ROLES } from '#contracts/domain.js';
import { GRANT_GROUNDS, RECORD_ACTION, RECORD_KIND } from './audit-schemas.js';
import { INSTANT, OIN, UUID } from './schema-parts.js';

/* Answers to officers: closed, like those to agencies. */
function closed<Properties extends Readonly<Record<string, object>>>(
  properties: Properties,
  required: readonly (keyof Properties & string)[],
) {
  return { type: 'object', additionalProperties: false, required, properties } as const;
}

const NAME = { type: ['string', 'null'], description: 'null: niet (meer) geregistreerd.' } as const;
const ORGANISATION = closed({ oin: OIN, name: NAME }, ['oin', 'name']);
const FIELD_GROUP_LIST = {
  type: 'array',
  items: closed({ code: { type: 'string', pattern: '^FG[0-9]{2}$' }, nl: { type: 'string' } }, ['code', 'nl']),
} as const;
const BASE64 = { type: 'string', pattern: '^[A-Za-z0-9+/]*={0,2}$' } as const;

const ENTRY_VIEW = closed(
  {
    id: UUID,
    at: INSTANT,
    nl: { type: 'string', description: 'De regel in één zin: wie deed wat, en werd dat toegestaan.' },
    kind: RECORD_KIND,
    action: { ...RECORD_ACTION, description: 'Wat er gebeurde.' },
    peer: {
      ...closed({ oin: OIN, name: NAME, kind: { enum: PEER_KINDS }, officer: { type: 'string' } }, ['oin', 'name']),
      description: 'Wie het vroeg of verstuurde; officer is de rol als het een functionaris in persoon was.',
    },
    userReference: {
      type: 'string',
      description: 'Verwijzing naar de medewerker. Alleen bij regels van uw eigen organisatie.',
    },
    purpose: closed({ code: { enum: PURPOSES }, nl: { type: 'string' } }, ['code', 'nl']),
    decision: closed(
      {
        outcome: { enum: ['permit', 'refuse'] },
        code: { type: 'string', pattern: '^[A-Z][A-Z0-9_]*$' },
        title: { type: 'string', description: 'De code in gewone woorden.' },
        role: { enum: ROLES },
        policyVersion: { type: 'string' },
        reasons: { type: 'array', items: { type: 'string' }, description: 'De ware redenen, zonder waarden.' },
      },
      ['outcome', 'reasons'],
    ),
    caseId: UUID,
    messageId: UUID,
    contract: closed(
      {
        id: { type: 'string', pattern: '^M[0-9]{2}$' },
        version: { type: 'integer', minimum: 1 },
        nl: { type: 'string' },
      },
      ['id', 'version', 'nl'],
    ),
    processingActivity: { type: 'string', format: 'uri' },
    legalBases: { type: 'array', items: { type: 'string', pattern: '^LB[0-9]+$' } },
    fieldGroups: closed({ released: FIELD_GROUP_LIST, withheld: FIELD_GROUP_LIST }, ['released', 'withheld']),
    source: { ...ORGANISATION, description: 'Van wie het bericht was dat werd gelezen.' },
    municipality: { ...ORGANISATION, description: 'De gemeente die de zaak coördineert.' },
    recipients: {
      type: 'array',
      items: ORGANISATION,
      description: 'Aan wie het verder ging; bij een zoekvraag de andere gemeenten waarvan een zaak werd gevonden.',
    },
    traceId: { type: 'string', pattern: '^[0-9a-f]{32}$' },
  },
  ['id', 'at', 'nl', 'kind', 'action', 'decision', 'legalBases', 'fieldGroups', 'recipients'],
);

export const ACCESS_LOG_PAGE_SCHEMA = closed(
  {
    items: { type: 'array', maxItems: 100, items: ENTRY_VIEW, description: 'De nieuwste eerst.' },
    nextCursor: {
      type: 'string',
      pattern: '^[A-Za-z0-9_-]{48}$',
      description: 'Voor de volgende bladzijde van dezelfde vraag; ontbreekt op de laatste.',
    },
  },
  ['items'],
);

const HASH = { type: 'string', pattern: '^[A-Za-z0-9+/]{43}=$' } as const;

export const INCLUSION_PROOF_SCHEMA = closed(
  {
    recordId: UUID,
    epoch: { type: 'integer', minimum: 1 },
    origin: { type: 'string', description: 'Naam van het logboek, zoals hij in het checkpoint staat.' },
    index: { type: 'integer', minimum: 0, description: 'Plaats in het logboek.' },
    entry: { type: 'string', pattern: '^[A-Za-z0-9+/]{48}$', description: 'Wat er van de regel in het logboek staat.' },
    leafHash: HASH,
    checkpoint: closed(
      {
        size: { type: 'integer', minimum: 1 },
        root: HASH,
        note: { type: 'string', description: 'Het getekende checkpoint (C2SP signed note).' },
        quorum: { type: 'boolean', description: 'Of genoeg getuigen hebben meegetekend.' },
      },
      ['size', 'root', 'note', 'quorum'],
    ),
    proof: { type: 'array', maxItems: 53, items: HASH, description: 'RFC 6962, 2.1.1; de buur van het blad eerst.' },
    tlogProof: { type: 'string', description: 'Alles in één bestand (C2SP tlog-proof).' },
  },
  ['recordId', 'epoch', 'origin', 'index', 'entry', 'leafHash', 'checkpoint', 'proof', 'tlogProof'],
);

export const ACCESS_LOG_ENTRY_SCHEMA = closed(
  {
    entry: ENTRY_VIEW,
    record: {
      type: 'object',
      description: 'De regel zoals hij is vastgelegd, zonder wat in `hidden` staat; de vorm hoort bij de handeling.',
    },
    hidden: {
      type: 'array',
      items: { enum: ['/userReference', '/peer/thumbprint', '/details/userReference'] },
      description: 'Weggelaten, omdat het naar een medewerker van een andere organisatie wijst.',
    },
    evidence: {
      description:
        'De precieze bytes en het zout waaraan het logboek is gebonden: SHA-256(zout || bytes) staat in de entry. null als ' +
        'er iets is weggelaten, of als de regel uw organisatie niet betreft.',
      ...closed({ canonical: BASE64, salt: BASE64 }, ['canonical', 'salt']),
      type: ['object', 'null'],
    },
    proof: {
      ...INCLUSION_PROOF_SCHEMA,
      type: ['object', 'null'],
      description: 'Het bewijs dat de regel in het logboek staat; null zolang hij daar nog niet staat.',
    },
  },
  ['entry', 'record', 'hidden', 'evidence', 'proof'],
);

export const ACCESS_GRANT_SCHEMA = closed(
  {
    id: UUID,
    kind: { enum: ['NATIONAL_VIEW'] },
    status: {
      enum: ['REQUESTED', 'RUNNING', 'ENDED', 'LAPSED'],
      description: 'RUNNING zodra elke verantwoordelijke heeft ingestemd, tot het einde.',
    },
    ground: closed({ code: { enum: GRANT_GROUNDS }, nl: { type: 'string' } }, ['code', 'nl']),
    requestedBy: ORGANISATION,
    requestedAt: INSTANT,
    validUntil: INSTANT,
    endedAt: INSTANT,
    consents: { type: 'array', items: closed({ oin: OIN, name: NAME, at: INSTANT }, ['oin', 'name', 'at']) },
    missing: {
      type: 'array',
      description:
        'Wie nog niet heeft ingestemd. NO_OFFICER: er is geen FG geregistreerd die het kan; ook dat houdt tegen.',
      items: closed({ oin: OIN, name: NAME, reason: { enum: ['NOT_YET', 'NO_OFFICER'] } }, ['oin', 'name', 'reason']),
    },
  },
  ['id', 'kind', 'status', 'ground', 'requestedBy', 'requestedAt', 'validUntil', 'consents', 'missing'],
);

export const ACCESS_GRANT_LIST_SCHEMA = closed(
  { items: { type: 'array', maxItems: 100, items: ACCESS_GRANT_SCHEMA, description: 'De nieuwste eerst.' } },
  ['items'],
);
