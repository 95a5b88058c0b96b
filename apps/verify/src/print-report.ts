import { FINDING_KINDS, type Finding, type FindingKind } from './finding.js';
import type { LogReport } from './verify-log.js';
import type { ProofReport } from './verify-proof.js';

/** The report as JSON: what a program reads. */
export function reportAsJson(report: LogReport): string {
  const { findings, ...rest } = report;
  return JSON.stringify(
    { ...rest, clean: findings.total === 0, counts: findings.counts, findings: findings.kept },
    null,
    2,
  );
}

/** The report in lines: what a person reads. */
export function reportAsText({ log, epochs, notes, withRecords, findings, seconds }: LogReport): string {
  const lines = [`Log ${log}`];
  for (const { epoch, origin, size, root, records, absent, cosigned } of epochs) {
    lines.push(`  epoch ${epoch}, ${origin}: ${number(size)} entries, root ${root}`);
    if (withRecords) lines.push(`    ${number(records)} records present, ${number(absent)} gone`);
    lines.push(
      `    ${cosigned ? `${number(cosigned.size)} entries cosigned by ${cosigned.by.join(', ')}` : 'no cosignature of a known witness'}`,
    );
  }
  lines.push(...notes.map((note) => `Note: ${note}`), '');
  if (findings.total === 0) lines.push(`Nothing found. ${effort(epochs, seconds)}`);
  else {
    for (const finding of findings.kept) lines.push(findingLine(finding));
    lines.push('', `${number(findings.total)} found. ${effort(epochs, seconds)}`);
    for (const [kind, count] of Object.entries(findings.counts)) {
      lines.push(`  ${number(count)} x ${kind}: ${FINDING_KINDS[kind as FindingKind]}`);
    }
  }
  return lines.join('\n');
}

/** What came of the proofs of a file, for a person. */
export function proofAsText({ proofs, withRecord, notes, findings }: ProofReport): string {
  const holds = `${proofs} of ${proofs} proofs hold; ${withRecord} with their record.`;
  const said =
    findings.length === 0
      ? holds
      : [...findings.map(findingLine), `${findings.length} found in ${proofs} proofs.`].join('\n');
  return [...notes.map((note) => `Note: ${note}`), said].join('\n');
}

/** One finding in one line: kind, place, record, cause. */
export function findingLine({ kind, epoch, index, recordId, cause }: Finding): string {
  const place = [
    ...(epoch === undefined ? [] : [`epoch ${epoch}`]),
    ...(index === undefined ? [] : [`index ${index}`]),
    ...(recordId === undefined ? [] : [`record ${recordId}`]),
  ].join(', ');
  return `${kind}${place === '' ? '' : ` at ${place}`}: ${cause}`;
}

function effort(epochs: LogReport['epochs'], seconds: number): string {
  const entries = epochs.reduce((sum, { size }) => sum + size, 0);
  return `${number(entries)} entries in ${seconds.toFixed(1)} s (${number(Math.round(entries / Math.max(seconds, 0.001)))}/s).`;
}

function number(value: number): string {
  return value.toLocaleString('en');
}
