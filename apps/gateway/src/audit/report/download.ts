import { Readable } from 'node:stream';
import type { PoolClient } from 'pg';
import { GatewayError } from '../../errors.js';
import type { REPORT_FORMATS } from '../../http/report-schemas.js';
import type { Caller } from '../caller.js';
import { findReport, notAvailable } from './find-report.js';
import { writeProofs, type ProofSources } from './write-proofs.js';
import { RefusedAbout, type Done } from './recorded.js';
import { reportDocument, type ReportDocument } from './report-document.js';
import type { ReportParts } from './report-parts.js';
import { writeCsv } from './write-csv.js';
import { writeJson } from './write-json.js';

export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** A file on its way out; nothing of it is read before the record of the download is committed. */
export interface ReportFile {
  readonly mediaType: string;
  readonly fileName: string;
  readonly open: () => Readable;
}

const MEDIA_TYPES: Readonly<Record<ReportFormat, string>> = {
  json: 'application/json',
  proofs: 'application/json',
  csv: 'text/csv; charset=utf-8; header=present',
  pdf: 'application/pdf',
};

/** The document for the resident: to the officer of the organisation that hands it over, and to nobody else. */
export async function downloadReport(
  sources: ReportParts & ProofSources,
  client: PoolClient,
  caller: Caller,
  id: string,
  format: ReportFormat,
): Promise<Done<ReportFile>> {
  const found = await findReport(sources, client, caller, id);
  if (found.report.handlerOin !== caller.oin) {
    throw new RefusedAbout(notAvailable('another organisation hands it over'), found.about);
  }
  const document = await reportDocument(sources, client, found);
  const file = {
    mediaType: MEDIA_TYPES[format],
    fileName: format === 'proofs' ? 'inzage-bewijs.json' : `inzage.${format}`,
    open: await writerOf(sources, document, format),
  };
  const details = { ...found.about.details, format, lines: document.count };
  return { answer: file, about: { ...found.about, details } };
}

async function writerOf(
  sources: ReportParts & ProofSources,
  document: ReportDocument,
  format: ReportFormat,
): Promise<() => Readable> {
  switch (format) {
    case 'json':
      return () => Readable.from(writeJson(document), { objectMode: false });
    case 'csv':
      return () => Readable.from(writeCsv(document), { objectMode: false });
    case 'pdf': {
      // Loaded when someone asks for paper: with its fonts the library is a tenth of the gateway's start.
      const { writePdf } = await import('./write-pdf.js');
      return () => writePdf(document);
    }
    case 'proofs':
      return () => Readable.from(writeProofs(sources, document), { objectMode: false });
  }
}

/** Long documents take memory and time while they are read: so many at once, and each for so long. */
export class DownloadSlots {
  private taken = 0;

  constructor(
    private readonly atOnce: number,
    private readonly limitMs: number,
  ) {}

  /** @throws GatewayError OVERLOADED when all are taken */
  open(file: ReportFile): Readable {
    if (this.taken >= this.atOnce) {
      throw new GatewayError('OVERLOADED', 'too many documents are being written', { headers: { 'retry-after': '5' } });
    }
    this.taken += 1;
    const stream = file.open();
    const timer = setTimeout(() => stream.destroy(new Error('the reader is too slow')), this.limitMs).unref();
    stream.once('close', () => {
      clearTimeout(timer);
      this.taken -= 1;
    });
    return stream;
  }
}
