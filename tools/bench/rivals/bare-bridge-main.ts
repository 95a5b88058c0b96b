import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { Kafka, logLevel } from 'kafkajs';
import '#messaging/kafkajs-timers.js';

/**
 * POST /topics/<name> to Kafka with acks=all, and nothing else: no schema, no rights, no record. What arrives while a
 * send is under way goes with the next one, which is the best that a bridge can do. Run with: port, broker.
 */
const [port = '', broker = ''] = process.argv.slice(2);
const MAX_BATCH = 500;
const MAX_SENDS = 2;

interface Waiting {
  readonly body: Buffer;
  readonly answer: (status: number) => void;
}

const producer = new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING }).producer({
  allowAutoTopicCreation: false,
});
const queues = new Map<string, Waiting[]>();
const sending = new Map<string, number>();

function work(topic: string): void {
  const queue = queues.get(topic) ?? [];
  const under = sending.get(topic) ?? 0;
  if (queue.length === 0 || under >= MAX_SENDS) return;
  const batch = queue.splice(0, MAX_BATCH);
  sending.set(topic, under + 1);
  const messages = batch.map(({ body }) => ({ key: randomUUID(), value: body }));
  void producer
    .send({ topic, acks: -1, messages })
    .then(
      () => 200,
      () => 503,
    )
    .then((status) => {
      for (const one of batch) one.answer(status);
      sending.set(topic, (sending.get(topic) ?? 1) - 1);
      work(topic);
    });
}

const server = createServer((request, response) => {
  const topic = /^\/topics\/([a-z]+)$/.exec(request.url ?? '')?.[1];
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const answer = (status: number): void => void response.writeHead(status, { 'content-length': 2 }).end('{}');
    if (topic === undefined) return answer(404);
    const queue = queues.get(topic) ?? [];
    queues.set(topic, queue);
    queue.push({ body: Buffer.concat(chunks), answer });
    work(topic);
  });
});

await producer.connect();
server.listen(Number(port), '127.0.0.1', () => void process.stdout.write('ready\n'));
process.once('SIGTERM', () => process.exit(0));
