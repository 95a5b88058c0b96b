import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KAFKA_VERSION, provisionConfig, toolPaths } from './broker-config.js';
import { ensureKafkaJars } from './kafka-jars.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'kp-jars-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** A command that stands in for a tool of the machine. */
function tool(name: string, script: string): string {
  const file = join(dir, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

const java = (version: string) => tool('java', `echo 'openjdk version "${version}"' >&2`);
const MAVEN = `for arg in "$@"; do case "$arg" in -DoutputDirectory=*) mkdir -p "\${arg#*=}"; touch "\${arg#*=}/kafka.jar";; esac; done`;
const cacheDir = () => join(dir, 'cache');

describe('ensureKafkaJars', () => {
  it('fetches once into the cache and finds them there the next time', async () => {
    const jars = await ensureKafkaJars({ cacheDir: cacheDir(), java: java('17.0.15'), maven: tool('mvn', MAVEN) });
    const home = join(cacheDir(), `kafka-${KAFKA_VERSION}`);
    expect(jars).toMatchObject({ available: true, classPath: join(home, '*') });
    expect(existsSync(join(home, 'kafka.jar'))).toBe(true);
    expect(readdirSync(cacheDir())).toEqual([`kafka-${KAFKA_VERSION}`]);
    const again = await ensureKafkaJars({ cacheDir: cacheDir(), java: java('21'), maven: 'no-such-maven' });
    expect(again.available).toBe(true);
  });

  it('names what is missing and what to do', async () => {
    const paths = { cacheDir: cacheDir(), java: java('17.0.15'), maven: 'no-such-maven' };
    expect(await ensureKafkaJars({ ...paths, java: 'no-such-java' })).toMatchObject({
      reason: expect.stringMatching(/install Java 17/),
    });
    expect(await ensureKafkaJars({ ...paths, java: java('11.0.2') })).toMatchObject({
      reason: expect.stringMatching(/Java 11 is too old/),
    });
    expect(await ensureKafkaJars({ ...paths, java: java('17') })).toMatchObject({
      reason: expect.stringMatching(/Maven \(mvn\) is not there/),
    });
  });

  it('leaves nothing behind that looks complete when Maven fails', async () => {
    const maven = tool('mvn', `case "$*" in *copy*) echo '[ERROR] Could not resolve host'; exit 1;; esac`);
    const jars = await ensureKafkaJars({ cacheDir: cacheDir(), java: java('17'), maven });
    expect(jars).toMatchObject({ available: false, reason: expect.stringMatching(/Could not resolve host/) });
    expect(readdirSync(cacheDir())).toEqual([]);
  });
});

describe('settings', () => {
  it('come from the environment, and all that is missing is named at once', () => {
    expect(toolPaths({ KETENPOORT_CACHE: '/c', JAVA_HOME: '/j' })).toMatchObject({
      cacheDir: '/c',
      java: '/j/bin/java',
    });
    expect(toolPaths({}).java).toBe('java');
    expect(() => provisionConfig({ DATABASE_URL: 'x' })).toThrow(/GATEWAY_OIN/);
    expect(() => provisionConfig({ DATABASE_URL: 'x' })).toThrow(/KAFKA_BROKERS, KAFKA_ADMIN_CERT_FILE/);
  });
});
