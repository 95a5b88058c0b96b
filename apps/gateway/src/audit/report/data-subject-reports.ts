import type { Readable } from 'node:stream';
import type { PoolClient } from 'pg';
import { readBody, readQuery } from '../../http/validate-request.js';
import type { TraceContext } from '../../trace-context.js';
import type { Caller } from '../caller.js';
import { extendPart, refusePart, releasePart, type PartAddress, type Withheld } from './answer-part.js';
import { createReport, type ReportRequest } from './create-report.js';
import { DownloadSlots, downloadReport, type ReportFile, type ReportFormat } from './download.js';
import { listReports, viewPart, viewReport, type Page, type ReportView } from './read-report.js';
import { recorded, type Done, type Recorded, type ReportAct } from './recorded.js';
import type { ReportParts } from './report-parts.js';
import type { ProofSources } from './write-proofs.js';

const DOCUMENTS_AT_ONCE = 2;
const DOCUMENT_LIMIT_MS = 120_000;

export interface Asking {
  readonly caller: Caller;
  readonly trace: TraceContext;
}

/** What came with a call that takes a body. */
export interface Sent {
  readonly body: unknown;
  readonly contentType: string | undefined;
}

/** Reports to residents about who saw their data (AVG art. 15, Wpg art. 25): every call of it is one method here. */
export class DataSubjectReports {
  private readonly slots = new DownloadSlots(DOCUMENTS_AT_ONCE, DOCUMENT_LIMIT_MS);

  constructor(private readonly parts: ReportParts & ProofSources) {}

  create(asking: Asking, sent: Sent): Promise<Recorded<ReportView>> {
    return this.change(asking, 'create', async (client) => {
      const asked = readBody<ReportRequest>('reportRequest', sent.body, sent.contentType);
      const { answer: reportId, about } = await createReport(this.parts, client, asking.caller, asked);
      return { answer: { reportId }, about };
    });
  }

  list(asking: Asking, query: unknown) {
    return this.recorded(asking, 'list', (client) =>
      listReports(this.parts, client, asking.caller, readQuery<Page>('reportPage', query)),
    );
  }

  read(asking: Asking, id: string): Promise<Recorded<ReportView>> {
    return this.recorded(asking, 'read', (client) => viewReport(this.parts, client, asking.caller, id));
  }

  readPart(asking: Asking, at: PartAddress, query: unknown) {
    return this.recorded(asking, 'read-part', (client) =>
      viewPart(this.parts, client, asking.caller, at, readQuery<Page>('reportPage', query)),
    );
  }

  extend(asking: Asking, at: PartAddress, sent: Sent): Promise<Recorded<ReportView>> {
    return this.change(asking, 'extend', (client) => {
      const { ground } = readBody<{ ground: string }>('partExtension', sent.body, sent.contentType);
      return extendPart(this.parts, client, asking.caller, at, ground);
    });
  }

  release(asking: Asking, at: PartAddress, sent: Sent): Promise<Recorded<ReportView>> {
    return this.change(asking, 'release', (client) => {
      const { withheld } = readBody<{ withheld: Withheld[] }>('partRelease', sent.body, sent.contentType);
      return releasePart(this.parts, client, asking.caller, at, withheld);
    });
  }

  refuse(asking: Asking, at: PartAddress, sent: Sent): Promise<Recorded<ReportView>> {
    return this.change(asking, 'refuse', (client) => {
      const refusal = readBody<Omit<Withheld, 'entryId'>>('partRefusal', sent.body, sent.contentType);
      return refusePart(this.parts, client, asking.caller, at, refusal);
    });
  }

  download(asking: Asking, id: string, query: unknown): Promise<Recorded<ReportFile>> {
    return this.recorded(asking, 'download', (client) => {
      const { format } = readQuery<{ format: ReportFormat }>('reportDocument', query);
      return downloadReport(this.parts, client, asking.caller, id, format);
    });
  }

  /** @throws GatewayError OVERLOADED */
  open(file: ReportFile): Readable {
    return this.slots.open(file);
  }

  /** Changes a report and answers with the report as it then stands. */
  private change(
    asking: Asking,
    act: ReportAct,
    work: (client: PoolClient) => Promise<Done<{ readonly reportId: string }>>,
  ): Promise<Recorded<ReportView>> {
    return this.recorded(asking, act, async (client) => {
      const { answer, about } = await work(client);
      return { answer: (await viewReport(this.parts, client, asking.caller, answer.reportId)).answer, about };
    });
  }

  private recorded<Answer>(
    { caller, trace }: Asking,
    act: ReportAct,
    work: (client: PoolClient) => Promise<Done<Answer>>,
  ): Promise<Recorded<Answer>> {
    // In a promise: a body that is refused is recorded like any other refusal.
    return recorded(this.parts, { caller, act, trace, policy: this.parts.policy }, async (client) => work(client));
  }
}
