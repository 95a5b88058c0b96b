import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { VIEW_RULES } from '../../policy/view-rules.js';
import { entryWords } from './entry-words.js';
import { happeningWords } from './happening-words.js';
import type { ReportEntry } from './report-entry.js';

const SOURCES = 'apps/gateway/src';
/** How the code writes an action; whatever else is written so has to be named below. */
const DOTTED = /'([a-z-]+\.[a-z-]+)'/g;
/** Actions whose records name no person and no case: they stand in no report. */
const ABOUT_NO_PERSON = [
  'connection.open', 'connection.use', 'grant.consent', 'grant.list', 'grant.request', 'log.restart', 'policy.load',
  'record.erase',
]; // prettier-ignore
/** Files, columns of a query, and names of telemetry: no actions. */
const NO_ACTION = /\.(json|csv|ts)$|^[a-z]\.|^(adl\.status|http\.route|service\.name|ketenpoort\.access-log)$/;
const COMPOSED = [...Object.keys(VIEW_RULES).map((view) => `${view}.read`), 'data-subject-report.release'];

/** Every action that the product writes, as its source spells it: one that is new is found here without being listed. */
function actionsAboutPersons(): readonly string[] {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'),
  );
  const written = files
    .filter((name) => !name.endsWith('happening-words.ts'))
    .flatMap((name) => [...readFileSync(join(SOURCES, name), 'utf8').matchAll(DOTTED)].map(([, text]) => text ?? ''));
  const actions = written.filter((text) => !NO_ACTION.test(text) && !ABOUT_NO_PERSON.includes(text));
  return [...new Set([...actions, ...COMPOSED])].sort();
}

const FALLBACK = happeningWords('', null);

describe('what a resident reads about an act', () => {
  it('has words of its own for every action that the product records about persons', () => {
    const found = actionsAboutPersons();
    expect(found).toEqual(expect.arrayContaining(['message.accept', 'content.read', 'grant.give', 'policy.evaluate']));
    expect(found.filter((action) => happeningWords(action, null) === FALLBACK)).toEqual([]);
  });

  it.each(['policy.evaluate', 'access.evaluate'])('says of %s that nothing was given', (action) => {
    expect(happeningWords(action, null)).toMatch(/^Probeerde uit .* er is niets gegeven$/);
  });

  it.each([
    ['grant.give', 'Gaf iemand van de IND tijdelijk toegang tot uw zaak; daarbij zijn geen gegevens doorgegeven'],
    ['grant.end', 'Stopte de toegang van iemand van de IND tot uw zaak; daarbij zijn geen gegevens doorgegeven'],
  ])('says of %s who may look, and not that data were used or passed on', (action, what) => {
    const naming = { nameOf: () => 'de IND', isHidden: () => false };
    expect(entryWords({ ...GRANT, action }, naming)).toMatchObject({ what, recipients: [] });
    const hidden = entryWords({ ...GRANT, action }, { ...naming, isHidden: () => true });
    expect(hidden.what).toBe(what.replace(' van de IND', ''));
  });
});

const GRANT: ReportEntry = {
  id: '01936a5e-7f00-7a11-8c22-93d4e5f60718',
  at: '2026-03-02T10:15:00.000Z',
  by: '00000099000000000101',
  byGateway: false,
  action: 'grant.give',
  contract: null,
  purpose: 'P07',
  legalBases: ['LB1'],
  data: [],
  source: null,
  recipients: ['00000099000000000301'],
  permitted: true,
  code: null,
  closed: 'EMPLOYEE',
  part: { oin: '00000099000000000101', regime: 'AVG' },
};
