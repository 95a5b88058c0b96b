import { describe, expect, it } from '@jest/globals';
import { tally } from './tally.js';
import { BookWriter, writeRefused, writeResident } from './testing/books.js';

describe('the counts of the demo', () => {
  it('counts a resident with both parts as delivered, with a running rest period', () => {
    const writer = new BookWriter();
    writeResident(writer);
    writeRefused(writer);
    expect(tally(writer.books())).toEqual({
      registered: 1, knownToDtv: 1, delivered: 1, held: 0, outstanding: 0, restRunning: 1, refusedApplicants: 1,
    }); // prettier-ignore
  });

  it('counts a stay that nobody was told of: registered, unknown to DT&V', () => {
    const writer = new BookWriter();
    writer.stay('gro', 'p-silent');
    expect(tally(writer.books())).toMatchObject({ registered: 1, knownToDtv: 0, outstanding: 1 });
  });

  it('counts as held who is unknown to IND, and as outstanding who waits for a part', () => {
    const writer = new BookWriter();
    for (const [caseId, person, status] of [
      ['c1', 'p1', 'UNKNOWN'],
      ['c2', 'p2', 'MATCH'],
    ] as const) {
      writer.send('rot', 'M01', caseId, {}, [], person);
      writer.stay('rot', person);
      writer.send('ind', 'M03', caseId, { v_number_status: status }, ['rot']);
    }
    writer.send('ind', 'M08', 'c2', {}, ['rot']);
    expect(tally(writer.books())).toMatchObject({
      registered: 2,
      delivered: 0,
      held: 1,
      outstanding: 1,
      restRunning: 0,
    });
  });

  it('takes a withdrawn part back until it is delivered again, and the rest period with it', () => {
    const writer = new BookWriter();
    writeResident(writer);
    writer.send('dtv', 'M29', 'case-1', {}, ['ams']);
    writer.make('M13', 'case-1', { event: 'VOIDED' }, ['ams']);
    expect(tally(writer.books())).toMatchObject({ delivered: 0, outstanding: 1, restRunning: 0 });
    writer.send('dtv', 'M09', 'case-1', {}, ['ams']);
    writer.make('M13', 'case-1', { event: 'STARTED' }, ['ams']);
    expect(tally(writer.books())).toMatchObject({ delivered: 1, outstanding: 0, restRunning: 1 });
  });
});
