import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { NotificationEvent } from '#messaging/event.js';
import { FakeGateway } from './fake-gateway.js';
import { FakeSystem } from './fake-system.js';
import { startTestAdapter, type TestAdapter } from './test-adapter.js';

const PATIENCE_MS = 3_000;

/** A gateway, a system and an adapter between them that can be restarted. */
export class PipelineFixture {
  readonly gateway = new FakeGateway();
  readonly system = new FakeSystem();

  private constructor(
    private readonly folder: string,
    public adapter: TestAdapter,
  ) {}

  /** `holdMs`: how long a message may neither succeed nor fail before it is given back. */
  static async start(options: { readonly holdMs?: number } = {}): Promise<PipelineFixture> {
    const folder = await mkdtemp(join(tmpdir(), 'kp-pipeline-'));
    const fixture = new PipelineFixture(folder, undefined as unknown as TestAdapter);
    fixture.adapter = await startTestAdapter(folder, fixture.gateway, fixture.system, options);
    return fixture;
  }

  async stop(): Promise<void> {
    await this.adapter.stop();
    await rm(this.folder, { recursive: true });
  }

  async restart({ loseState = false } = {}): Promise<void> {
    await this.adapter.stop();
    if (loseState) await rm(this.folder, { recursive: true });
    this.adapter = await startTestAdapter(this.folder, this.gateway, this.system);
  }

  /** Accepts one message at the gateway for each case named; nothing is brought yet. */
  accept(...cases: readonly (string | null)[]): NotificationEvent[] {
    return cases.map((key) => this.gateway.accept(key));
  }

  /** Kafka brings it. */
  arrive(event: NotificationEvent | undefined): Promise<void> {
    if (!event) throw new Error('no such event in this test');
    return this.adapter.pipeline.handle({ event });
  }

  arriveAll(events: readonly NotificationEvent[]): Promise<unknown> {
    return Promise.all(events.map((event) => this.arrive(event)));
  }
}

export async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!condition() && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(condition()).toBe(true);
}
