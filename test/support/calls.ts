import type { Response } from 'supertest';
import type { InboxItem } from '#messaging/event.js';
import type { Event } from './messages.js';
import type { GatewayProcess, World } from './world.js';

/** What a story says about an access record: its canonical bytes, read back. */
export interface LoggedRecord {
  readonly id: string;
  readonly kind: string;
  readonly action: string;
  readonly peer?: {
    readonly oin?: string;
    readonly kind?: string;
    readonly thumbprint?: string;
    readonly officer?: string;
  };
  readonly processingActivity?: string;
  readonly municipality?: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly userReference?: string;
  readonly purpose?: string;
  readonly caseId?: string;
  readonly messageId?: string;
  readonly subjects: readonly { readonly id: string }[];
  readonly decision: { readonly outcome: string; readonly code?: string; readonly reasons: readonly string[] };
  readonly fieldGroups: { readonly released: readonly string[]; readonly withheld: readonly string[] };
  readonly handshake?: { readonly address: string; readonly count: number };
}

/** Posts one CloudEvent with the certificate of `from`. */
export async function submit(world: World, from: string, message: Event, gateway?: GatewayProcess): Promise<Response> {
  return await world
    .as(from, gateway)
    .post('/v1/messages')
    .set('content-type', 'application/cloudevents+json')
    .send(JSON.stringify(message));
}

/** Posts a message that must be accepted; the refusal is the error otherwise. */
export async function accepted(
  world: World,
  from: string,
  message: Event,
): Promise<{ readonly messageId: string; readonly caseId: string }> {
  const answer = await submit(world, from, message);
  if (answer.status !== 202) throw new Error(`${String(message.type)} from ${from}: ${answer.status} ${answer.text}`);
  return answer.body as { messageId: string; caseId: string };
}

/** The whole inbox of a peer once it holds at least `atLeast` items: what the gateway makes by itself comes a moment later. */
export async function inboxOf(world: World, name: string, atLeast = 0): Promise<readonly InboxItem[]> {
  for (let tries = 0; tries < 40; tries += 1) {
    const { body } = await world.as(name).get('/v1/inbox');
    const { items } = body as { items: InboxItem[] };
    if (items.length >= atLeast) return items;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the inbox of ${name} does not reach ${atLeast} items`);
}

/** Reads the content of a message, with `Purpose-Of-Use` when one is given. */
export async function contentOf(world: World, name: string, messageId: string, purpose?: string): Promise<Response> {
  const call = world.as(name).get(`/v1/messages/${messageId}/content`);
  return await (purpose === undefined ? call : call.set('purpose-of-use', purpose));
}

/** Reads a view of a case (`''`, `/dossier` or `/timeline`) as a person would. */
export async function consult(
  world: World,
  name: string,
  caseAndView: string,
  headers: Readonly<Record<string, string>>,
): Promise<Response> {
  return await world.as(name).get(`/v1/cases/${caseAndView}`).set(headers);
}

/** The access records that came into being while `act` ran, oldest first. */
export async function recordsDuring<Answer>(
  world: World,
  act: () => Promise<Answer>,
): Promise<{ readonly answer: Answer; readonly records: readonly LoggedRecord[] }> {
  const before = await world.rows<{ id: string }>('SELECT id FROM access_record');
  const answer = await act();
  return { answer, records: await recordsExcept(world, before) };
}

export async function allRecords(world: World): Promise<readonly LoggedRecord[]> {
  return await recordsExcept(world, []);
}

async function recordsExcept(world: World, known: readonly { id: string }[]): Promise<readonly LoggedRecord[]> {
  const rows = await world.rows<{ record: LoggedRecord }>(
    `SELECT convert_from(canonical, 'UTF8')::jsonb AS record FROM access_record WHERE id <> ALL ($1) ORDER BY at, id`,
    [known.map(({ id }) => id)],
  );
  return rows.map(({ record }) => record);
}
