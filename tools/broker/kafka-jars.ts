import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startProgress } from '../support/progress.js';
import { KAFKA_VERSION, LOG4J_VERSION, MIN_JAVA_VERSION, type ToolPaths } from './broker-config.js';

const run = promisify(execFile);

export type KafkaJars =
  /** `classPath` is for `java -cp`. */
  | { readonly available: true; readonly java: string; readonly classPath: string }
  /** Why not, and what to do about it; one line. */
  | { readonly available: false; readonly reason: string };

const VERSION_LIMIT_MS = 15_000;
/** About 45 MB and the Maven plugins; a slow line needs minutes. */
const FETCH_LIMIT_MS = 600_000;
const MAX_OUTPUT_BYTES = 4 * 1024 * 1024;

/** A program of the JVM as Maven knows it. */
export interface JavaProgram {
  /** For progress and errors, with its version. */
  readonly title: string;
  /** Name of its folder in the cache. */
  readonly folder: string;
  readonly dependencies: readonly (readonly [group: string, artifact: string, version: string])[];
}

const LOG_BACK_END = ['org.apache.logging.log4j', 'log4j-slf4j-impl', LOG4J_VERSION] as const;
const KAFKA: JavaProgram = {
  title: `Apache Kafka ${KAFKA_VERSION}`,
  folder: `kafka-${KAFKA_VERSION}`,
  dependencies: [['org.apache.kafka', 'kafka_2.13', KAFKA_VERSION], LOG_BACK_END],
};

export function ensureKafkaJars(paths: ToolPaths): Promise<KafkaJars> {
  return ensureJars(paths, KAFKA);
}

/**
 * Finds a program in the cache, or fetches it with Maven. Which repository that asks is decided by Maven's own settings.
 * Never throws for what the machine lacks.
 */
export async function ensureJars(paths: ToolPaths, program: JavaProgram): Promise<KafkaJars> {
  const javaProblem = await findJavaProblem(paths.java);
  if (javaProblem !== null) return { available: false, reason: javaProblem };
  const dir = join(paths.cacheDir, program.folder);
  const jars: KafkaJars = { available: true, java: paths.java, classPath: join(dir, '*') };
  if (existsSync(dir)) return jars;
  if ((await outputOf(paths.maven, ['-version'])) === null) {
    return { available: false, reason: `Maven (mvn) is not there to fetch ${program.title}: install it` };
  }
  const problem = await fetchInto(dir, paths, program);
  return problem === null ? jars : { available: false, reason: problem };
}

async function findJavaProblem(java: string): Promise<string | null> {
  const text = await outputOf(java, ['-version']);
  if (text === null) return `Java is not there: install Java ${MIN_JAVA_VERSION} or newer (only its runtime is needed)`;
  const version = Number(/version "(\d+)/.exec(text)?.[1] ?? 0);
  return version >= MIN_JAVA_VERSION
    ? null
    : `Java ${version} is too old for Apache Kafka ${KAFKA_VERSION}: install Java ${MIN_JAVA_VERSION} or newer`;
}

/** Standard output and error of a command, null when it cannot be run. */
async function outputOf(command: string, args: readonly string[]): Promise<string | null> {
  try {
    const { stdout, stderr } = await run(command, [...args], { timeout: VERSION_LIMIT_MS });
    return stdout + stderr;
  } catch {
    return null;
  }
}

/** Fetches beside the target and renames, so that an interrupted fetch leaves nothing that looks complete. */
async function fetchInto(dir: string, paths: ToolPaths, program: JavaProgram): Promise<string | null> {
  const { cacheDir, maven } = paths;
  await mkdir(cacheDir, { recursive: true });
  const work = await mkdtemp(join(cacheDir, 'fetch-'));
  const progress = startProgress(program.title);
  progress.step('fetching its jars with Maven, once a machine');
  try {
    await writeFile(join(work, 'pom.xml'), pom(program));
    const output = join(work, 'jars');
    const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${output}`, '-DincludeScope=runtime'];
    const flags = ['--batch-mode', '--quiet', '--strict-checksums', '--file', join(work, 'pom.xml')];
    await run(maven, [...flags, ...goal], { timeout: FETCH_LIMIT_MS, maxBuffer: MAX_OUTPUT_BYTES });
    await rename(output, dir).catch((error: unknown) => {
      // Another process was faster; its copy is as good.
      if (!existsSync(dir)) throw error;
    });
    progress.done('complete');
    return null;
  } catch (error) {
    progress.done('failed');
    return `Maven could not fetch ${program.title} (${firstError(error)}): check the network and Maven's settings`;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function firstError(error: unknown): string {
  const { stdout = '', message = '' } = error as { stdout?: string; message?: string };
  const line = stdout.split('\n').find((text) => text.includes('ERROR')) ?? message.split('\n')[0] ?? '';
  return line.replace(/^.*ERROR\]\s*/, '').slice(0, 300);
}

function pom({ dependencies }: JavaProgram): string {
  const dependency = (group: string, artifact: string, version: string) =>
    `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;
  return [
    '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>',
    '<groupId>ketenpoort</groupId><artifactId>kafka-jars</artifactId><version>1</version><dependencies>',
    ...dependencies.map(([group, artifact, version]) => dependency(group, artifact, version)),
    '</dependencies></project>',
  ].join('\n');
}
