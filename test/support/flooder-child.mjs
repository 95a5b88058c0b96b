// A peer that sends far more than its share, in a process of its own so that its work is not that of whoever measures.
// It waits for nothing it is told to wait for: each answer, also one that asks for patience, is followed by a request.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';

const ANSWER_LIMIT_MS = 60_000;
/** As peers do, whose connections are made when they are needed. */
const CONNECTIONS_AT_ONCE = 4;
const RAMP_PAUSE_MS = 20;
const WRONG_KEPT = 5;
const HEADERS = { 'content-type': 'application/cloudevents+json' };

const counts = { sent: 0, unanswered: 0, byStatus: {}, impatient: 0 };
const accepted = [];
const wrong = [];
let stopped = false;

function call(pool, body) {
  return new Promise((resolve, reject) => {
    let answer = { status: 0, headers: {} };
    let text = '';
    pool.dispatch(
      // Safe to repeat, by source and id; and so undici sends it behind others on the same connection.
      { method: 'POST', path: '/v1/messages', headers: HEADERS, body, idempotent: true, blocking: false },
      {
        onRequestStart: () => undefined,
        onResponseStart: (_controller, status, headers) => (answer = { status, headers }),
        onResponseData: (_controller, chunk) => (text += chunk),
        onResponseEnd: () => resolve({ ...answer, text }),
        onResponseError: (_controller, error) => reject(error),
      },
    );
  });
}

function note({ status, headers, text }, id) {
  counts.byStatus[status] = (counts.byStatus[status] ?? 0) + 1;
  if (status === 202) accepted.push(id);
  else if ((status !== 429 && status !== 503) || headers['retry-after'] === undefined) {
    if (wrong.length < WRONG_KEPT) wrong.push(`${status} ${text}`);
    counts.impatient += 1;
  }
}

/** Sends one message after another about the same case, each with an id of its own. */
async function worker(pool, { before, after }) {
  while (!stopped) {
    const id = randomUUID();
    counts.sent += 1;
    await call(pool, `${before}${id}${after}`).then(
      (answer) => note(answer, id),
      (error) => {
        counts.unanswered += 1;
        if (wrong.length < WRONG_KEPT) wrong.push(String(error));
      },
    );
  }
}

async function flood({ url, tls, connections, pipelining, templates }) {
  const options = { pipelining, headersTimeout: ANSWER_LIMIT_MS, bodyTimeout: ANSWER_LIMIT_MS };
  const workers = [];
  const pools = [];
  for (let n = 0; n < connections && !stopped; n += 1) {
    const pool = new Pool(url, { ...options, connections: 1, connect: { ...tls, timeout: ANSWER_LIMIT_MS } });
    pools.push(pool);
    for (let deep = 0; deep < pipelining; deep += 1) {
      workers.push(worker(pool, templates[workers.length % templates.length]));
    }
    if (n % CONNECTIONS_AT_ONCE === 0) await sleep(RAMP_PAUSE_MS);
  }
  process.send({ kind: 'full' });
  await Promise.all(workers);
  await Promise.all(pools.map((pool) => pool.close()));
}

process.on('message', (order) => {
  if (order.kind === 'stop') stopped = true;
  if (order.kind === 'counts') process.send({ kind: 'counts', counts });
  if (order.kind === 'flood') {
    void flood(order).then(() => process.send({ kind: 'done', result: { ...counts, accepted, wrong } }));
  }
});
// The parent is gone: so is the reason to be.
process.on('disconnect', () => process.exit(0));
