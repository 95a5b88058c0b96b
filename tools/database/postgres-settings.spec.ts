import { describe, expect, it } from '@jest/globals';
import { portOf, postgresSettings } from './postgres-settings.js';

describe('settings of the embedded server', () => {
  it('never trade durability for speed', () => {
    const settings = postgresSettings(5432, '/run/x');
    for (const name of ['fsync', 'synchronous_commit', 'full_page_writes'])
      expect(settings).toContain(`${name} = 'on'\n`);
  });

  it('are read back for the port of the last time', () => {
    expect(portOf(postgresSettings(54_321, '/run/x'))).toBe(54_321);
    expect(portOf('# port = 5432')).toBeNull();
  });

  it('leave the socket out where its path would not fit', () => {
    expect(postgresSettings(5432, `/${'x'.repeat(100)}`)).toContain("unix_socket_directories = ''\n");
  });

  it('quote a folder with an apostrophe', () => {
    expect(postgresSettings(5432, "/it's")).toContain("unix_socket_directories = '/it''s'\n");
  });
});
