import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inboxOf } from './support/calls.js';
import { application, checkRequest, vNumber, type Event } from './support/messages.js';
import { until } from './support/until.js';
import { World, type GatewayProcess } from './support/world.js';

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly name: string;
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[];
}

/** An OpenTelemetry receiver over TLS that can be told to fail, and keeps what it acknowledged. */
class Receiver {
  readonly spans: Span[] = [];
  readonly logs: { readonly traceId: string; readonly spanId: string }[] = [];
  refused = 0;
  failing = false;
  private server: Server | undefined;

  async listen(certFile: string, keyFile: string): Promise<string> {
    this.server = createServer({ cert: readFileSync(certFile), key: readFileSync(keyFile) }, (request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
      request.on('end', () => {
        if (this.failing) {
          this.refused += 1;
          response.writeHead(503).end();
          return;
        }
        this.take(JSON.parse(text) as Record<string, never>);
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"partialSuccess":{}}');
      });
    });
    await new Promise<void>((resolve) => this.server?.listen(0, '127.0.0.1', resolve));
    return `https://localhost:${(this.server.address() as AddressInfo).port}`;
  }

  private take(body: {
    resourceSpans?: { scopeSpans: { spans: Span[] }[] }[];
    resourceLogs?: { scopeLogs: { logRecords: { traceId: string; spanId: string }[] }[] }[];
  }): void {
    this.spans.push(...(body.resourceSpans ?? []).flatMap((one) => one.scopeSpans.flatMap((scope) => scope.spans)));
    this.logs.push(...(body.resourceLogs ?? []).flatMap((one) => one.scopeLogs.flatMap((scope) => scope.logRecords)));
  }

  close(): void {
    this.server?.closeAllConnections();
    this.server?.close();
  }
}

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const LIMIT_MS = 15_000;

/** Three applications and what the municipality then looks at, as one trace of its system. */
async function casesOpened(world: World, traceparent: string, gateway?: GatewayProcess): Promise<void> {
  for (let n = 0; n < 3; n += 1) {
    const message = application('ams', 'AMS', { vNumber: vNumber(), familyName: 'Proefpersoon' });
    const answer = await world
      .as('ams', gateway)
      .post('/v1/messages')
      .set({ 'content-type': 'application/cloudevents+json', traceparent })
      .send(JSON.stringify(message))
      .expect(202);
    const { caseId } = answer.body as { caseId: string };
    const look = world.as('ams', gateway).get(`/v1/cases/${caseId}`);
    await look.set({ 'purpose-of-use': 'P01', 'user-reference': 'medewerker-7', traceparent }).expect(200);
  }
}

const valueOf = (span: Span, key: string): string | undefined =>
  span.attributes.find((one) => one.key === key)?.value.stringValue;

describe('the standard views, exported behind a cursor over the log', () => {
  const receiver = new Receiver();
  let world: World;
  let environment: Record<string, string>;

  beforeAll(async () => {
    world = await World.open();
    const { certFile, keyFile } = world.pki.files('gateway');
    const endpoint = await receiver.listen(certFile, keyFile);
    environment = { OTLP_ENDPOINT: endpoint, OTLP_CA_FILE: world.pki.caFile };
    receiver.failing = true;
    await world.startGateway(environment);
  });

  afterAll(async () => {
    await world.close();
    receiver.close();
  });

  it('C27 C28 waits for a receiver that fails, then exports each record once, unsampled, in the trace of the caller', async () => {
    await casesOpened(world, `00-${TRACE}-b7ad6b7169203331-00`);
    await until('the receiver refuses', LIMIT_MS, () => receiver.refused > 0);
    expect(receiver.spans).toEqual([]);
    receiver.failing = false;
    const recorded = await world.rows<{ id: string }>(
      `SELECT id FROM access_record WHERE processing_activity IS NOT NULL ORDER BY id`,
    );
    expect(recorded).toHaveLength(6);
    const shown = (): (string | undefined)[] => receiver.spans.map((span) => valueOf(span, 'ketenpoort.access_record'));
    await until('all is exported', LIMIT_MS, () => recorded.every(({ id }) => shown().includes(id)));
    expect(shown().toSorted()).toEqual(recorded.map(({ id }) => id).toSorted());
    // `sampled` was 0: it is passed on and decides nothing.
    expect(new Set(receiver.spans.map((span) => span.traceId))).toEqual(new Set([TRACE]));
    expect(new Set(receiver.spans.map((span) => span.spanId)).size).toBe(6);
    for (const span of receiver.spans) {
      expect(valueOf(span, 'dpl.core.processing_activity_id')).toMatch(/^https:/);
      expect(valueOf(span, 'dpl.core.data_subject_id')).toBeDefined();
    }
    await until('the decisions too', LIMIT_MS, () => receiver.logs.filter((one) => one.traceId === TRACE).length === 6);
    expect(JSON.stringify([receiver.spans, receiver.logs])).not.toContain('medewerker-7');
  });

  it("C28 carries the caller's trace on in a notification, under a span of the gateway whose parent is the caller's", async () => {
    const [trace, parent] = ['3'.repeat(32), '4'.repeat(16)];
    const send = (message: Event) =>
      world
        .as('ams')
        .post('/v1/messages')
        .set({ 'content-type': 'application/cloudevents+json', traceparent: `00-${trace}-${parent}-00` })
        .send(JSON.stringify(message))
        .expect(202);
    const person = { vNumber: vNumber(), familyName: 'Proefpersoon' };
    const { caseId } = (await send(application('ams', 'AMS', person))).body as { caseId: string };
    await send(checkRequest('ams', caseId, person));
    const [item] = await inboxOf(world, 'ind', 1);
    const spans = await world.rows<{ span: string; parent: string }>(
      `SELECT entry ->> 'spanId' AS span, entry ->> 'parentSpanId' AS parent
        FROM (SELECT id, convert_from(canonical, 'UTF8')::jsonb AS entry FROM access_record) AS record
        WHERE entry ->> 'traceId' = $1 AND entry ->> 'action' = 'message.accept' ORDER BY id DESC LIMIT 1`,
      [trace],
    );
    expect(spans.map((one) => one.parent)).toEqual([parent]);
    expect(item?.event.traceparent).toBe(`00-${trace}-${spans[0]?.span}-00`);
  });

  it('C26 C27 goes on after a restart where it was: nothing is sent again, nothing is left out', async () => {
    await until('the cursors are at the end', LIMIT_MS, async () => {
      const [row] = await world.rows<{ behind: number }>(
        'SELECT ((SELECT size FROM tree_head) - min(position))::int AS behind FROM export_cursor HAVING count(*) = 2',
      );
      return row?.behind === 0;
    });
    const [gateway] = world.gateways;
    await gateway?.process.stop();
    const restarted = await world.startGateway(environment);
    await casesOpened(world, `00-${'1'.repeat(32)}-2222222222222222-01`, restarted);
    const arrived = (): number => receiver.spans.filter((span) => span.traceId === '1'.repeat(32)).length;
    await until('the new ones are exported', LIMIT_MS, () => arrived() === 6);
    expect(receiver.spans.filter((span) => span.traceId === TRACE)).toHaveLength(6);
  });
});
