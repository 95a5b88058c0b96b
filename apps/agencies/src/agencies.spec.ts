import 'reflect-metadata';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { readAgenciesConfig } from './config.js';
import { createApp } from './create-app.js';
import { Hiccups } from './system/hiccups.js';
import { Systems } from './system/systems.js';

const EVENT = {
  specversion: '1.0',
  id: '01a20190-0000-7000-8000-000000000001',
  source: 'urn:nld:oin:00000099000000000001:ketenpoort',
  type: 'nl.lvv.dtv-resident-notification.v1',
  time: '2026-03-02T09:00:00Z',
  caseid: '7b2c4f5e-0000-4000-8000-000000000001',
  data: { pilot: 'AMS' },
};

describe('the HTTP side of the simulated systems', () => {
  let dir: string;
  let systems: Systems;
  let app: NestFastifyApplication;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'agencies-'));
    await writeFile(join(dir, 'secret'), 'geheim\n', { mode: 0o600 });
    const agency = (name: string, oin: string, kind: string) => ({
      name, oin, kind, adapterUrl: 'http://127.0.0.1:1', secretFile: join(dir, 'secret'), stateDir: join(dir, name),
    }); // prettier-ignore
    const agencies = [agency('dtv', '00000099000000000302', 'DTV'), agency('ngo-1', '00000099000000000201', 'NGO')];
    await writeFile(join(dir, 'config.json'), JSON.stringify({ port: 0, pace: 1000, hiccupShare: 0, agencies }));
    systems = await Systems.open(readAgenciesConfig(join(dir, 'config.json')), () => undefined);
    app = await createApp(systems, new Hiccups(0));
    await app.listen(0, '127.0.0.1');
  });
  afterAll(async () => {
    await app.close();
    await systems.close();
    await rm(dir, { recursive: true, force: true });
  });

  const post = async (
    path: string,
    payload: unknown,
    type = 'application/cloudevents+json; charset=utf-8',
    to = app,
  ) => {
    const body = typeof payload === 'string' ? payload : JSON.stringify(payload);
    const answer = await fetch(`${await to.getUrl()}${path}`, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const get = async (path: string) =>
    (await (await fetch(`${await app.getUrl()}${path}`)).json()) as Record<string, unknown>;

  it('takes a CloudEvent once and shows it in the book of that system alone', async () => {
    expect(await post('/dtv/events', EVENT)).toEqual({ status: 200, body: { result: 'taken' } });
    expect(await post('/dtv/events', EVENT)).toEqual({ status: 200, body: { result: 'known' } });
    expect(await get('/dtv/book')).toMatchObject({
      name: 'dtv',
      entries: [
        {
          kind: 'received',
          contract: 'M05',
          source: EVENT.source,
          id: EVENT.id,
          caseid: EVENT.caseid,
          data: EVENT.data,
        },
      ],
    });
    expect(await get('/ngo-1/book')).toEqual({ name: 'ngo-1', entries: [] });
    expect(await get('/dtv/status')).toMatchObject({ name: 'dtv', entries: 1, planned: 1 });
  });

  it('does not say that it took what it cannot read', async () => {
    expect((await post('/dtv/events', '{"id":')).status).toBe(400);
    for (const broken of [{ ...EVENT, type: 'nl.lvv.unknown.v1' }, { ...EVENT, data: null }, { ...EVENT, id: 7 }, []]) {
      expect((await post('/dtv/events', broken)).status).toBe(400);
    }
    expect((await post('/nobody/events', EVENT)).status).toBe(404);
  });

  it('answers 503 where a hiccup strikes, and takes the message at the next try', async () => {
    const shaky = await createApp(systems, new Hiccups(1));
    await shaky.listen(0, '127.0.0.1');
    const send = () => post('/ngo-1/events', { ...EVENT, id: 'shaky' }, 'application/cloudevents+json', shaky);
    expect([(await send()).status, (await send()).status]).toEqual([503, 200]);
    await shaky.close();
  });

  it('starts a run once and refuses another run under the same seed', async () => {
    expect(await get('/progress')).toMatchObject({ phase: 'idle' });
    expect(await post('/play', { residents: 25, seed: 3 }, 'application/json')).toEqual({
      status: 202,
      body: { persons: 30 },
    });
    expect((await post('/play', { residents: 25, seed: 3 }, 'application/json')).status).toBe(202);
    expect((await post('/play', { residents: 24, seed: 3 }, 'application/json')).status).toBe(409);
    expect((await post('/play', { residents: 0, seed: 3 }, 'application/json')).status).toBe(400);
    expect(await get('/progress')).toMatchObject({ phase: 'waiting', refused: 0 });
  });
});

describe('the configuration of the simulated systems', () => {
  const read = async (config: object): Promise<unknown> => {
    const dir = await mkdtemp(join(tmpdir(), 'agencies-config-'));
    try {
      await writeFile(join(dir, 'config.json'), JSON.stringify(config));
      return readAgenciesConfig(join(dir, 'config.json'));
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  };
  const agency = {
    name: 'ams', oin: '00000099000000000101', kind: 'MUNICIPALITY', pilot: 'AMS', guidanceOin: '00000099000000000201',
    adapterUrl: 'http://127.0.0.1:1', secretFile: '/s', stateDir: '/d',
  }; // prettier-ignore
  const config = { port: 0, pace: 1, hiccupShare: 0, agencies: [agency] };

  it('names the field that is wrong', async () => {
    await expect(read(config)).resolves.toMatchObject({ port: 0 });
    await expect(read({ ...config, port: 'x' })).rejects.toThrow(/port/);
    await expect(read({ ...config, agencies: [] })).rejects.toThrow(/agencies/);
    await expect(read({ ...config, agencies: [{ ...agency, name: '../x' }] })).rejects.toThrow(/name/);
    await expect(read({ ...config, agencies: [{ ...agency, pilot: undefined }] })).rejects.toThrow(/pilot/);
    await expect(read({ ...config, agencies: [{ ...agency, kind: 'POLICE' }] })).rejects.toThrow(/kind/);
    await expect(read({ ...config, agencies: [{ ...agency, secretFile: '' }] })).rejects.toThrow(/secretFile/);
  });
});
