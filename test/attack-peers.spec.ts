import { createHmac, createPrivateKey, createPublicKey, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Response } from 'supertest';
import { inboxOf, recordsDuring, submit } from './support/calls.js';
import { playMainJob, type Journey } from './support/journey.js';
import {
  application,
  coaAnswer,
  decision,
  event,
  indAnswer,
  stayStarted,
  vNumber,
  type Event,
} from './support/messages.js';
import { signed } from './support/signed.js';
import { peer, World } from './support/world.js';

/** Registered organisations that lie. What they may not say is refused, is one record, and tells them nothing. */
const LIMIT_MS = 90_000;
const PLANTED = 'Leugenaar';
const person = { vNumber: vNumber(), familyName: PLANTED };
const other = { vNumber: vNumber(), familyName: PLANTED };

let world: World;
let own: Journey;
let strange: Journey;
let stayElsewhere: string;

beforeAll(async () => {
  world = await World.open();
  await world.startGateway();
  own = await playMainJob(world, { municipality: 'gro', pilot: 'GRO', person, ngo: 'ngo-1' });
  strange = await playMainJob(world, { municipality: 'ams', pilot: 'AMS', person: other });
  const [stay] = await world.rows<{ id: string }>('SELECT id FROM stay WHERE case_id = $1', [strange.caseId]);
  stayElsewhere = stay?.id ?? '';
}, LIMIT_MS);
afterAll(() => world.close());

/** Refused with this code, as one record that says who tried; neither repeats what was sent, nor is anything kept. */
async function refusedOnce(from: string, code: string, act: () => Promise<Response>): Promise<void> {
  const kept = 'SELECT (SELECT count(*) FROM message)::int AS messages, (SELECT count(*) FROM delivery)::int AS rows';
  const before = await world.rows(kept);
  const { answer, records } = await recordsDuring(world, act);
  expect(answer.body).toMatchObject({ code });
  expect(records).toMatchObject([
    { kind: 'REFUSAL', peer: { oin: peer(from).oin }, decision: { outcome: 'refuse', code } },
  ]);
  expect(answer.text + JSON.stringify(records)).not.toMatch(
    new RegExp(`${PLANTED}|${person.vNumber}|${other.vNumber}`),
  );
  expect(await world.rows(kept)).toEqual(before);
}

const sent = (from: string, message: () => Event) => () => submit(world, from, message());
const yesterday = (): string => new Date(Date.now() - 86_400_000).toISOString();

describe('a lie in a message', () => {
  it.each<readonly [what: string, from: string, code: string, message: () => Event]>([
    ['about who sends it', 'gro', 'SOURCE_MISMATCH', () => application('ams', 'AMS', person)],
    ['about who sends it, with its own system behind it', 'utr', 'SOURCE_MISMATCH', () => ({ ...application('utr', 'UTR', person), source: `urn:nld:oin:${peer('gro').oin}:proef` })],
    ['about what it is', 'ngo-1', 'SENDER_NOT_ENTITLED', () => decision('ngo-1', own.caseId)],
    ['about whose case it is', 'utr', 'CASE_NOT_AVAILABLE', () => decision('utr', own.caseId)],
    ['about the pilot', 'utr', 'PILOT_UNKNOWN', () => application('utr', 'GRO', { ...person, vNumber: vNumber() })],
    ['about what it is for', 'ind', 'PURPOSE_NOT_ALLOWED', () => ({ ...indAnswer(own.caseId), purpose: 'P09' })],
    ['about the stay, which is one of another case', 'gro', 'CASE_STATE_CONFLICT', () => stayStarted('gro', own.caseId, 'GUIDANCE_ONLY', stayElsewhere)],
    ['about a message, which is one of another case', 'ind', 'TARGET_NOT_FOUND', () => event('ind', 'technical-receipt', { target_message_id: strange.posted.M08, status: 'RECEIVED' }, { caseid: own.caseId })],
    ['about who must hear it: nobody may say that', 'gro', 'SCHEMA_INVALID', () => ({ ...coaAnswer(own.caseId), recipients: [peer('ind').oin] })],
    ['about the law behind it: the gateway derives that', 'gro', 'SCHEMA_INVALID', () => ({ ...coaAnswer(own.caseId), legalbasis: 'LB1' })],
    ['about the person of the case', 'ind', 'IDENTITY_MISMATCH', () => partAbout(other.vNumber)],
    ['that has passed', 'coa', 'MESSAGE_EXPIRED', () => ({ ...coaAnswer(own.caseId), expiresat: yesterday() })],
  ])('%s is refused to %s as %s', async (_what, from, code, message) => {
    await refusedOnce(from, code, sent(from, message));
  }); // prettier-ignore

  function partAbout(vNumberOfOther: string): Event {
    const data = { part_id: randomUUID(), part_version: 1, as_of: new Date().toISOString(), part_status: 'NO_FILE' };
    return event('ind', 'ind-dossier-part', { ...data, v_number: vNumberOfOther }, { caseid: own.caseId });
  }
});

describe('a lie in a signature', () => {
  const message = (): Event => application('gro', 'GRO', { vNumber: vNumber(), familyName: 'Ondertekend' });
  const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const keyOf = (name: string): Buffer => readFileSync(world.pki.files(name).keyFile);

  const lies: readonly (readonly [what: string, lie: () => Promise<Event>])[] = [
    ['of another message', async () => ({ ...message(), jws: (await signed(world, 'gro', message())).jws })],
    ['by another organisation', () => signed(world, 'ams', message())],
    ['of what stood there before', async () => ({ ...(await signed(world, 'gro', message())), expiresat: '2099-01-01T00:00:00Z' })],
    ['without an algorithm', () => Promise.resolve({ ...message(), jws: `${encoded({ alg: 'none' })}..AA` })],
    [
      'with the public key as if it were a shared secret',
      () => {
        const header = encoded({ alg: 'HS256' });
        const key = createPublicKey(createPrivateKey(keyOf('gro'))).export({ type: 'spki', format: 'pem' });
        const jws = `${header}..${createHmac('sha256', key).update(`${header}.`).digest('base64url')}`;
        return Promise.resolve({ ...message(), jws });
      },
    ],
    [
      'by a key that it brings along',
      async () => {
        const jwk = createPublicKey(createPrivateKey(keyOf('ams'))).export({ format: 'jwk' });
        const [, , signature = ''] = String((await signed(world, 'ams', message())).jws).split('.');
        return { ...message(), jws: `${encoded({ alg: 'ES256', jwk })}..${signature}` };
      },
    ],
    ['with a header that nobody understands', () => Promise.resolve({ ...message(), jws: `${encoded({ alg: 'ES256', crit: ['b64'], b64: false })}..AA` })],
  ]; // prettier-ignore

  it.each(lies)('%s is refused', async (_what, lie) => {
    const lied = await lie();
    await refusedOnce('gro', 'SIGNATURE_INVALID', sent('gro', () => lied));
  }); // prettier-ignore

  it('is no lie when the sender signed this very message', async () => {
    const good = await signed(world, 'gro', message());
    expect((await submit(world, 'gro', good)).status).toBe(202);
  });
});

describe('a message that was sent before', () => {
  it('gets the receipt that it got, however often and long after, and has no second effect', async () => {
    const [id, first] = [...own.sent][0] ?? [];
    if (!id || !first) throw new Error('nothing was sent');
    const rows = 'SELECT count(*)::int AS n FROM delivery';
    const before = await world.rows(rows);
    const answers = [await submit(world, 'gro', first), await submit(world, 'gro', first)];
    for (const { status, body } of answers) expect([status, body]).toMatchObject([202, { messageId: id }]);
    expect(answers[0]?.text).toBe(answers[1]?.text);
    expect(await world.rows(rows)).toEqual(before);
  });

  it('is another message under a used id when one byte of it differs, signed or not', async () => {
    const [, first] = [...own.sent][0] ?? [];
    if (!first) throw new Error('nothing was sent');
    const changed = { ...first, data: { ...first.data, family_name: `${PLANTED} Anders` } };
    await refusedOnce('gro', 'MESSAGE_ID_REUSED', sent('gro', () => changed));
    const alsoSigned = await signed(world, 'gro', changed);
    await refusedOnce('gro', 'MESSAGE_ID_REUSED', sent('gro', () => alsoSigned));
  }); // prettier-ignore

  it('by another organisation is not taken for it: an id is of its source', async () => {
    const [, first] = [...own.sent][0] ?? [];
    if (!first) throw new Error('nothing was sent');
    await refusedOnce('ams', 'SOURCE_MISMATCH', sent('ams', () => first));
  }); // prettier-ignore
});

describe('what belongs to another', () => {
  it('is not there: content, state and case, with the certificate of whoever else', async () => {
    const [item] = await inboxOf(world, 'dtv', 1);
    const paths = [`/v1/messages/${item?.messageId}/content`, `/v1/messages/${own.posted.M08}`, `/v1/cases/${own.caseId}`];
    for (const path of paths) {
      const call = () => world.as('utr').get(path).set({ 'purpose-of-use': 'P01', 'user-reference': 'medewerker-1' });
      await refusedOnce('utr', 'CASE_NOT_AVAILABLE', async () => await call());
    }
  }); // prettier-ignore

  it('does not open by headers that name another certificate, address or method', async () => {
    const dtv = world.tlsOf('dtv').cert.toString('base64');
    const claims = {
      'client-cert': `:${dtv}:`,
      'client-cert-chain': `:${dtv}:`,
      forwarded: `for=127.0.0.1;by=${peer('dtv').oin}`,
      'x-forwarded-client-cert': `Cert="${dtv}"`,
      'x-original-url': `/v1/cases/${own.caseId}`,
      'x-http-method-override': 'GET',
      'purpose-of-use': 'P02',
      'user-reference': 'medewerker-1',
    };
    const call = () => world.as('utr').get(`/v1/cases/${own.caseId}`).set(claims);
    await refusedOnce('utr', 'CASE_NOT_AVAILABLE', async () => await call());
  });

  it('does not open for a person on a route of systems, nor for a system on one of persons', async () => {
    const { answer: asPerson, records } = await recordsDuring(world, async () => await world.as('fg-dtv').get('/v1/inbox'));
    expect(asPerson.body).toMatchObject({ code: 'PERSON_CERTIFICATE' });
    expect(records).toMatchObject([{ kind: 'REFUSAL', decision: { code: 'PERSON_CERTIFICATE' } }]);
    const search = () => world.as('gro').post('/v1/access-log-entries/_search').send({ caseId: own.caseId });
    await refusedOnce('gro', 'SYSTEM_CERTIFICATE', async () => await search());
  }); // prettier-ignore
});
