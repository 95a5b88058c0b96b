import { chmod, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SystemUnavailable } from './connector.js';
import { FolderConnector, dropName } from './folder-connector.js';

const EVENT = { specversion: '1.0' as const, id: 'e1', source: 'urn:a', type: 't', time: 'now', data: { a: 1 } };

let parent: string;
let folder: string;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'kp-folder-'));
  folder = join(parent, 'drop');
});

afterEach(() => rm(parent, { recursive: true }));

describe('FolderConnector', () => {
  it('drops an event as one file that only the owner can read', async () => {
    const connector = await FolderConnector.open(folder);
    await connector.hand(EVENT);
    const file = join(folder, dropName(EVENT));
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(EVENT);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  it('leaves nothing but complete files, also when many come at once', async () => {
    const connector = await FolderConnector.open(folder);
    const events = Array.from({ length: 40 }, (_, index) => ({ ...EVENT, id: `e${index}` }));
    await Promise.all(events.map((event) => connector.hand(event)));
    const names = await readdir(folder);
    expect(names.sort()).toEqual(events.map(dropName).sort());
  });

  it('gives the same event the same name and another event another', () => {
    expect(dropName({ source: 'urn:a', id: 'b' })).toBe(dropName({ source: 'urn:a', id: 'b' }));
    expect(dropName({ source: 'urn:a', id: 'b' })).not.toBe(dropName({ source: 'urn:ab', id: '' }));
  });

  it('does not let an id choose a path', async () => {
    const connector = await FolderConnector.open(folder);
    await connector.hand({ ...EVENT, id: '../../outside' });
    expect(await readdir(parent)).toEqual(['drop']);
    expect(await readdir(folder)).toHaveLength(1);
  });

  it('removes what a crash left half-written and closes a folder that others could read', async () => {
    await FolderConnector.open(folder);
    await writeFile(join(folder, '.unfinished-7'), '{"half":');
    await chmod(folder, 0o755);
    await FolderConnector.open(folder);
    expect(await readdir(folder)).toEqual([]);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  it('calls a folder that is gone unavailable, so that the message is kept', async () => {
    const connector = await FolderConnector.open(folder);
    await rm(folder, { recursive: true });
    await expect(connector.hand(EVENT)).rejects.toBeInstanceOf(SystemUnavailable);
  });
});
