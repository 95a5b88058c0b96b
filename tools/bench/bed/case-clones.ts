import { randomUUID } from 'node:crypto';
import pg from 'pg';
import {
  ContentCipher,
  decryptIdentity,
  encryptIdentity,
  type WrappedCaseKey,
} from '../../../apps/gateway/src/storage/content-crypto.js';
import { readIndexKey, readMasterKeys } from '../../../apps/gateway/src/storage/master-key.js';
import { subjectIndex } from '../../../apps/gateway/src/storage/subject-index.js';
import { type OpenCase, personNumber } from '../../load/messages.js';
import type { SecretFiles } from '../../pki/secrets.js';

/** Cases by column, as the generator wants them. */
export interface ClonedCases {
  readonly ids: readonly string[];
  readonly vNumbers: readonly string[];
}

interface CaseRow {
  readonly number: string;
  readonly snapshot: Readonly<Record<string, unknown>> & {
    readonly timers: readonly Readonly<Record<string, string>>[];
  };
  readonly identity: Buffer;
  readonly wrapped: Buffer;
  readonly keyId: string;
}

/** What the gateway seals in `lvv_case.identity`, as far as it is changed here. */
interface Sealed {
  readonly identity: Readonly<Record<string, unknown>>;
}

const STEP = 2_000;
/** Of case numbers: far from what the gateway gives. */
const FIRST_YEAR = 5_000;
const NUMBERS_A_YEAR = 1_000_000;

const READ = `SELECT number, snapshot, identity, wrapped_case_key AS wrapped, key_id AS "keyId" FROM ketenpoort.lvv_case WHERE id = $1`;
const WRITE = `
  WITH t AS (SELECT * FROM unnest($2::uuid[], $3::uuid[], $4::bytea[], $5::text[], $6::bytea[], $7::bytea[])
    AS t(id, person, index, number, identity, wrapped)),
  people AS (INSERT INTO ketenpoort.person (id, subject_index, created_at) SELECT person, index, now() FROM t RETURNING id),
  cases AS (INSERT INTO ketenpoort.lvv_case (id, number, pilot, municipality_oin, person_id, state, snapshot, version, identity,
      wrapped_case_key, key_id, opened_at, updated_at)
    SELECT t.id, t.number, k.pilot, k.municipality_oin, t.person, k.state,
      k.snapshot || jsonb_build_object('id', t.id, 'number', t.number), k.version, t.identity, t.wrapped, k.key_id, k.opened_at, now()
    FROM t CROSS JOIN ketenpoort.lvv_case k WHERE k.id = $1 AND (SELECT count(*) FROM people) > 0 RETURNING id)
  INSERT INTO ketenpoort.timer (case_id, kind, due_at, started_at)
    SELECT t.id, r.kind, r.due_at, r.started_at FROM t CROSS JOIN ketenpoort.timer r
    WHERE r.case_id = $1 AND (SELECT count(*) FROM cases) > 0`;

/**
 * Cases in the stage of `models`, which were brought there message by message: each copy has its own person, number, keys
 * and timers, and none of the model's messages. A hundred thousand take a minute through the interface and seconds so.
 * Copy n is of model n modulo their number. `firstPerson`: people before it are taken.
 */
export async function cloneCases(
  ownerUrl: string,
  secrets: SecretFiles,
  models: readonly OpenCase[],
  { count, firstPerson }: { readonly count: number; readonly firstPerson: number },
): Promise<ClonedCases> {
  const [masterKeys, indexKey] = [
    await readMasterKeys(secrets.masterKeyFile),
    await readIndexKey(secrets.indexKeyFile),
  ];
  const cipher = new ContentCipher(masterKeys);
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const clones = Array.from({ length: count }, (_, n) => ({
      id: randomUUID(),
      person: personNumber(firstPerson + n),
    }));
    for (const [place, model] of models.entries()) {
      const { rows } = await client.query<CaseRow>(READ, [model.caseId]);
      const row = rows[0];
      if (!row) throw new Error('the case to copy is not there');
      const key: WrappedCaseKey = { caseId: model.caseId, keyId: row.keyId, wrapped: row.wrapped };
      const sealed = decryptIdentity(cipher.unwrapCaseKey(key), row.identity) as Sealed;
      const own = clones.flatMap((clone, n) => (n % models.length === place ? [{ ...clone, n: firstPerson + n }] : []));
      for (let at = 0; at < own.length; at += STEP) {
        const step = own.slice(at, at + STEP).map(({ id, person, n }) => {
          const caseKey = cipher.newCaseKey(id);
          return {
            id,
            index: subjectIndex(indexKey, person.vNumber),
            number: row.number.replace(/-\d{4}-\d{6}$/, `-${FIRST_YEAR + Math.floor(n / NUMBERS_A_YEAR)}-${six(n)}`),
            identity: encryptIdentity(caseKey, withNumber(sealed, person.vNumber)),
            wrapped: caseKey.wrapped,
          };
        });
        const column = <Name extends keyof (typeof step)[number]>(name: Name) => step.map((one) => one[name]);
        const people = step.map(() => randomUUID());
        await client.query(WRITE, [
          model.caseId,
          column('id'),
          people,
          column('index'),
          column('number'),
          column('identity'),
          column('wrapped'),
        ]);
      }
    }
    return { ids: clones.map(({ id }) => id), vNumbers: clones.map(({ person }) => person.vNumber) };
  } finally {
    await client.end();
  }
}

function withNumber(sealed: Sealed, vNumber: string): Sealed {
  return { ...sealed, identity: { ...sealed.identity, v_number: vNumber } };
}

function six(n: number): string {
  return String(n % NUMBERS_A_YEAR).padStart(6, '0');
}
