import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { adapterFigures } from '../apps/adapters/src/local-api/adapter-figures.js';
import { application, vNumber } from './support/messages.js';
import { until } from './support/until.js';
import { World, peer } from './support/world.js';

interface SentSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly { readonly key: string }[];
}

const RULES = readFileSync('ops/prometheus/ketenpoort.rules.yml', 'utf8');
const DASHBOARD = readFileSync('ops/grafana/ketenpoort.json', 'utf8');
const CALLER = { trace: '0af7651916cd43dd8448eb211c80319c', span: 'b7ad6b7169203331' };
const LIMIT_MS = 15_000;
const PERSON = { vNumber: vNumber(), familyName: 'Proefpersoon-Bedrijfsvoering' };

/** Of the machine and of Prometheus itself: no process of ours has them. */
const FROM_ELSEWHERE = /^(node_|up$)/;

/** Metric names of an expression, without the functions, labels and keywords of PromQL. */
function namesIn(expression: string): string[] {
  const bare = expression.replace(/\{[^}]*\}|"[^"]*"|\[[^\]]*\]|(by|without)\s*\([^)]*\)/g, ' ');
  return [...bare.matchAll(/[a-z][a-z0-9_]*(?!\w*\s*\()/g)]
    .map(([name]) => name)
    .filter((name) => name.includes('_') || name === 'up');
}

let world: World;
let receiver: Server;
let figures: string;
const spans: SentSpan[] = [];

/** Two requests of a followed trace, one of an unfollowed one, one refusal. */
async function work(): Promise<void> {
  const message = application('ams', 'AMS', PERSON);
  const post = (traceparent: string) =>
    world.as('ams').post('/v1/messages').set({ 'content-type': 'application/cloudevents+json', traceparent });
  const { body } = await post(`00-${CALLER.trace}-${CALLER.span}-01`).send(JSON.stringify(message)).expect(202);
  const { caseId } = body as { caseId: string };
  const again = application('ams', 'AMS', { ...PERSON, vNumber: vNumber() });
  await post(`00-${'1'.repeat(32)}-${CALLER.span}-00`)
    .send(JSON.stringify(again))
    .expect(202);
  const refused = world.as('avim').get(`/v1/cases/${caseId}`).set({ 'purpose-of-use': 'P01', 'user-reference': 'x-1' });
  await refused.expect(404);
}

beforeAll(async () => {
  receiver = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
    request.on('end', () => {
      const body = JSON.parse(text) as { resourceSpans: { scopeSpans: { spans: SentSpan[] }[] }[] };
      spans.push(...body.resourceSpans.flatMap((one) => one.scopeSpans.flatMap((scope) => scope.spans)));
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  world = await World.open();
  await world.startGateway({
    LOG_LEVEL: 'info',
    TRACES_ENDPOINT: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`,
    TRACES_SAMPLE_RATIO: '0',
  });
  await work();
  figures = await (await fetch(`${world.gateways[0]?.managementUrl}/metrics`)).text();
});

afterAll(async () => {
  await world.close();
  receiver.closeAllConnections();
  receiver.close();
});

const value = (series: string): number =>
  Number(
    figures
      .split('\n')
      .find((line) => line.startsWith(`${series} `))
      ?.split(' ')
      .at(-1),
  );

describe('the figures of a gateway', () => {
  it('count what was asked, accepted and refused, by kind of caller', () => {
    const posted =
      'ketenpoort_http_requests_total{route="/v1/messages",method="POST",status="2xx",peer_kind="MUNICIPALITY"}';
    expect(value(posted)).toBe(2);
    expect(value('ketenpoort_messages_accepted_total{contract="M01",peer_kind="MUNICIPALITY"}')).toBe(2);
    expect(value('ketenpoort_problems_total{code="CASE_NOT_AVAILABLE"}')).toBe(1);
    expect(value('ketenpoort_batch_items_sum{queue="accept"}')).toBeGreaterThanOrEqual(2);
    expect(value('ketenpoort_batch_wait_seconds_count{queue="accept"}')).toBeGreaterThanOrEqual(2);
  });

  it('say when certificates and the revocation list end', () => {
    const now = Date.now() / 1_000;
    expect(value('ketenpoort_crl_expiry_timestamp_seconds')).toBeGreaterThan(now);
    for (const holder of ['gateway', peer('ams').oin]) {
      expect(value(`ketenpoort_certificate_expiry_timestamp_seconds{holder="${holder}"}`)).toBeGreaterThan(now);
    }
  });

  it('hold no address, no id and no person', () => {
    expect(figures).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-|[0-9a-f]{40}/);
    for (const planted of [PERSON.vNumber, PERSON.familyName, 'x-1']) expect(figures).not.toContain(planted);
  });
});

describe('the alert rules and the dashboard', () => {
  const known = (): Set<string> => {
    const adapter = adapterFigures({
      name: 'ams',
      oin: peer('ams').oin,
      transport: { kind: 'inbox', connected: true },
      gatewayReachable: true,
      systemAvailable: true,
      takenSinceStart: 0,
      casesAtWork: 0,
      parkedCases: 0,
      unrecordedAcknowledgements: 0,
      log: null,
    });
    const typed = [...(figures + adapter).matchAll(/^# TYPE (\S+) (\S+)$/gm)];
    return new Set(
      typed.flatMap(([, name = '', type]) =>
        type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
      ),
    );
  };
  const unknown = (expressions: readonly string[]): string[] => {
    const names = known();
    return expressions.flatMap(namesIn).filter((name) => !names.has(name) && !FROM_ELSEWHERE.test(name));
  };

  it('ask for metrics that the gateway and its adapters have', () => {
    const rules = [...RULES.matchAll(/^ {8}expr: (.*)$/gm)].map(([, expression = '']) => expression);
    const { panels } = JSON.parse(DASHBOARD) as { panels: { targets: { expr: string }[] }[] };
    const shown = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
    expect({ rules: rules.length > 25, shown: shown.length > 35 }).toEqual({ rules: true, shown: true });
    expect(unknown([...rules, ...shown])).toEqual([]);
    expect(unknown(['sum(rate(ketenpoort_of_nobody_total{code="A"}[5m]))'])).toEqual(['ketenpoort_of_nobody_total']);
  });

  it('say of each alarm what it is, why, what to do next and whether it wakes someone', () => {
    const alerts = RULES.split(/^ {6}- alert: /m).slice(1);
    const lacking = alerts.filter((alert) =>
      [/^ {10}summary: \S/m, /^ {10}oorzaak: \S/m, /^ {10}volgende_stap: \S/m, /severity: (page|ticket) \}/].some(
        (part) => !part.test(alert),
      ),
    );
    expect(lacking.map((alert) => alert.split('\n')[0])).toEqual([]);
  });
});

describe('a technical trace', () => {
  const followed = (): SentSpan[] => spans.filter(({ traceId }) => traceId === CALLER.trace);

  it('shows the steps of a request below the span of its caller', async () => {
    await until('the spans have arrived', LIMIT_MS, () => followed().length >= 5);
    const server = followed().find(({ name }) => name === 'POST /v1/messages');
    expect(server?.parentSpanId).toBe(CALLER.span);
    const steps = followed().filter((one) => one.parentSpanId === server?.spanId);
    expect(steps.map(({ name }) => name).sort()).toEqual(['sign receipt', 'transaction', 'validate', 'wait for batch']);
    for (const { startTimeUnixNano, endTimeUnixNano } of followed()) {
      expect(BigInt(endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(startTimeUnixNano));
    }
    expect(Math.abs(Number(server?.startTimeUnixNano) / 1e6 - Date.now())).toBeLessThan(60_000);
  });

  it('is of those alone whose caller follows it, and names no address, case or person', () => {
    expect(spans.filter(({ traceId }) => traceId !== CALLER.trace)).toEqual([]);
    expect([...new Set(spans.flatMap(({ attributes }) => attributes.map(({ key }) => key)))].sort()).toEqual([
      'http.request.method',
      'http.response.status_code',
      'http.route',
    ]);
    expect(JSON.stringify(spans)).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
  });
});

describe('the log of a run', () => {
  it('is one JSON document a line, with time, level, service and message, and nothing of a person', () => {
    const lines = world.logs().trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) {
      expect(JSON.parse(line)).toMatchObject({
        level: expect.any(Number),
        time: expect.any(Number),
        service: 'ketenpoort-gateway',
        msg: expect.any(String),
      });
    }
    expect(lines.filter((line) => (JSON.parse(line) as { level: number }).level >= 50)).toEqual([]);
    for (const planted of [PERSON.vNumber, PERSON.familyName]) expect(world.logs()).not.toContain(planted);
  });
});
