import { describe, expect, it } from '@jest/globals';
import { chooseTools } from './postgres-tools.js';

const of = (major: number) => ({ dump: `${major}/pg_dump`, restore: `${major}/pg_restore`, major });

describe('the tools for a server', () => {
  it('are the first that are not older than it', () => {
    expect(chooseTools([of(15), of(18), of(17)], 16)).toEqual(of(18));
    expect(chooseTools([of(17), of(18)], 17)).toEqual(of(17));
  });

  it('are named when they are missing or too old, with what to install', () => {
    expect(() => chooseTools([], 17)).toThrow(
      /pg_dump and pg_restore are missing\. .*postgresql-client-17.*PG_BIN_DIR/,
    );
    expect(() => chooseTools([of(15)], 18)).toThrow(/are of version 15, and the server is of version 18/);
  });
});
