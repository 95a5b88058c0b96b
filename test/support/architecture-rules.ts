import { cyclesIn } from './import-cycles.js';
import type { Import, SourceFile } from './source-tree.js';

/** A wall of design 4, or a habit of the code base. `why` is what whoever runs into it reads. */
export interface Rule {
  readonly name: string;
  readonly why: string;
  /** One line for each place that breaks it. */
  readonly broken: (sources: readonly SourceFile[]) => readonly string[];
  /** Files that break it and nothing else of them: the rule has to find each. */
  readonly planted: readonly (readonly [path: string, text: string])[];
}

const isSpec = (path: string): boolean => path.endsWith('.spec.ts') || path.includes('/testing/');
const within = (folder: string) => (path: string) => path.startsWith(folder);
const productOf = (sources: readonly SourceFile[]): readonly SourceFile[] =>
  sources.filter(({ path }) => /^(apps|libs)\//.test(path) && !isSpec(path));

/** Imports that go from one place to another, as `from -> to`. */
function crossing(
  sources: readonly SourceFile[],
  from: (path: string) => boolean,
  to: (one: Import, path: string) => boolean,
): readonly string[] {
  return sources
    .filter(({ path }) => from(path))
    .flatMap(({ path, imports }) => imports.filter((one) => to(one, path)).map((one) => `${path} -> ${one.to}`));
}

/** A package may be imported only by files whose path matches; types cost nothing and may pass. */
function onlyIn(packages: RegExp, places: RegExp): Rule['broken'] {
  return (sources) =>
    crossing(
      productOf(sources),
      (path) => !places.test(path),
      (one) => !one.own && !one.typeOnly && packages.test(one.to),
    );
}

const appOf = (path: string): string | undefined => /^apps\/([^/]+)\//.exec(path)?.[1];

export const WALLS: readonly Rule[] = [
  {
    name: 'libs never import apps or tools',
    why: 'a lib is what two processes call or an outsider runs without us; with an app in it, it is neither',
    // Their specs make certificates with the tools of the demo PKI: real ones, which is what they test.
    broken: (sources) =>
      crossing(sources, within('libs/'), (one, path) =>
        isSpec(path) ? /^(apps|test)\//.test(one.to) : /^(apps|tools|test)\//.test(one.to),
      ),
    planted: [
      ['libs/identity/src/a.ts', `import { b } from '../../../apps/gateway/src/b.js';`],
      ['libs/identity/src/a.ts', `import type { b } from '../../../tools/pki/b.js';`],
    ],
  },
  {
    name: 'apps never import each other',
    why: 'each runs at another organisation: what two of them need is a contract and belongs in a lib',
    broken: (sources) =>
      crossing(sources, within('apps/'), (one, path) => one.own && ![undefined, appOf(path)].includes(appOf(one.to))),
    planted: [['apps/adapters/src/a.ts', `import { errors } from '../../gateway/src/errors.js';`]],
  },
  {
    name: 'the product never imports tools or tests',
    why: 'tools make demo keys and start brokers; nothing of that may reach a production process',
    broken: (sources) => crossing(productOf(sources), within('apps/'), (one) => /^(tools|test)\//.test(one.to)),
    planted: [['apps/gateway/src/peers/a.ts', `import { pki } from '../../../../tools/pki/demo-pki.js';`]],
  },
  {
    name: 'the product never imports its own test helpers',
    why: 'a fake that reaches a process makes it answer what nobody decided',
    broken: (sources) =>
      crossing(productOf(sources), within(''), (one) => /\/testing\/|\/fakes\.js$|\.spec\.js$/.test(one.to)),
    planted: [['apps/adapters/src/a.ts', `import { FakeSystem } from './testing/fake-system.js';`]],
  },
  {
    name: 'no cycles, of types neither',
    why: 'cycles between injectables pass in tests and crash the built modules; cycles of types are two rooms that are one',
    broken: (sources) => cyclesIn(sources),
    planted: [
      ['apps/gateway/src/a.ts', `import { a } from './a.js';`],
      ['apps/gateway/src/a.ts', `import type { A } from './a.js';`],
    ],
  },
  {
    name: 'kafkajs only in libs/messaging',
    why: 'it is no longer maintained: behind a port of a few methods it can be exchanged',
    broken: onlyIn(/^kafkajs/, /^libs\/messaging\//),
    planted: [['apps/gateway/src/delivery/a.ts', `import { Kafka } from 'kafkajs';`]],
  },
  {
    name: 'TypeORM only in storage',
    why: 'one room knows how rows are stored; the hot path speaks SQL and the rules speak neither',
    broken: onlyIn(/^typeorm/, /^apps\/gateway\/src\/storage\//),
    planted: [['apps/gateway/src/exchange/a.ts', `import { DataSource } from 'typeorm';`]],
  },
  {
    name: 'pdfkit only in the page of the report',
    why: 'one file knows how paper is written; another library takes its place there',
    broken: onlyIn(/^pdfkit/, /^apps\/gateway\/src\/audit\/report\/pdf-page\.ts$/),
    planted: [['apps/gateway/src/audit/report/a.ts', `import PDFDocument from 'pdfkit';`]],
  },
  {
    name: 'certificates are parsed in libs/identity alone',
    why: 'two readers of one certificate that differ in a detail are a way in',
    broken: onlyIn(/^@peculiar\/x509/, /^libs\/identity\//),
    planted: [['apps/gateway/src/peers/a.ts', `import { X509Certificate } from '@peculiar/x509';`]],
  },
  {
    name: 'Nest only where things are wired',
    why: 'plain functions for rules; Nest wires, guards and serves, and costs a second of start in every test that loads it',
    broken: onlyIn(
      /^@nestjs\//,
      /\.(module|controller|filter)\.ts$|^apps\/adapters\/src\/(adapter|delivery\/notification-handlers)\.ts$|^apps\/agencies\/src\/create-app\.ts$|^apps\/gateway\/src\/http\/(agency-server|problem-filter|translate-error)\.ts$|^libs\/messaging\/src\/notification-(server|context)\.ts$/,
    ),
    planted: [['apps/gateway/src/cases/a.ts', `import { Injectable } from '@nestjs/common';`]],
  },
  {
    name: 'the environment is read in config and main alone',
    why: 'one typed configuration, read and checked once: a setting read elsewhere is checked by nobody',
    broken: (sources) =>
      productOf(sources)
        .filter(({ path, readsEnvironment }) => readsEnvironment && !/(^|[/-])(main|config)\.ts$/.test(path))
        .map(({ path }) => path),
    planted: [['apps/gateway/src/delivery/a.ts', `export const a = process.env.A;`]],
  },
];

export const HABITS: readonly Rule[] = [
  {
    name: 'no barrels',
    why: 'a barrel loads a room for one name of it, and hides who uses what',
    broken: (sources) =>
      sources
        .filter(({ path, onlyReexports }) => onlyReexports || /(^|\/)index\.ts$/.test(path))
        .map(({ path }) => path),
    planted: [
      ['apps/gateway/src/cases/index.ts', `export const a = 1;`],
      ['apps/gateway/src/cases/all.ts', `export * from './b.js';`],
    ],
  },
  {
    name: 'named exports only',
    why: 'a name that is the same everywhere is found from the command line',
    broken: (sources) => sources.filter(({ hasDefaultExport }) => hasDefaultExport).map(({ path }) => path),
    planted: [
      ['libs/ledger/src/a.ts', `export default function a() {}`],
      ['libs/ledger/src/b.ts', `const b = 1; export default b;`],
    ],
  },
  {
    name: 'file names in kebab case',
    why: 'a file is named after the one thing in it, in one way on every file system',
    broken: (sources) =>
      sources
        .map(({ path }) => path)
        .filter((path) => !/^([a-z0-9-]+\/)+[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)*\.ts$/.test(path)),
    planted: [
      ['apps/gateway/src/CaseState.ts', ''],
      ['apps/gateway/src/case_state.ts', ''],
    ],
  },
  {
    name: 'at most 250 lines a file',
    why: 'what is longer holds more than one thing',
    broken: (sources) =>
      sources
        .filter(({ path, lines }) => lines > 250 && !path.includes('/storage/migrations/'))
        .map(({ path, lines }) => `${path} has ${lines}`),
    planted: [['libs/ledger/src/a.ts', '\n'.repeat(251)]],
  },
  {
    name: 'each prepared statement has a name of its own',
    why: 'a connection that meets a second text under a name fails, and only where both were asked before',
    broken: (sources) => {
      const named = productOf(sources).flatMap(({ path, text }) =>
        [...text.matchAll(/\bname: '([a-z-]+)',\s*text\b/g)].map(([, name = '']) => ({ path, name })),
      );
      return named
        .filter(({ name }) => named.filter((other) => other.name === name).length > 1)
        .map(({ path, name }) => `${path} has ${name}`);
    },
    planted: [['apps/gateway/src/audit/a.ts', `query({ name: 'inbox-page', text: PAGE })`]],
  },
  {
    // The words that this rule looks for stand below as such; nothing of this file is switched off or left to do.
    name: 'no suppression without a reason, nothing left to do',
    why: 'a rule that is switched off in silence is no rule; what is not done stands in an issue',
    broken: (sources) =>
      sources
        .filter(({ path }) => path !== 'test/support/architecture-rules.ts')
        .filter(({ text }) => /eslint-disable(?!.* -- )|@ts-(ignore|expect-error)(?! \S)|\b(TODO|FIXME)\b/.test(text))
        .map(({ path }) => path),
    planted: [
      ['libs/ledger/src/a.ts', '// eslint-disable-next-line no-console'],
      ['libs/ledger/src/b.ts', '// TODO later'],
    ],
  },
  {
    name: 'no forwardRef, and @Global for nothing',
    why: 'both hide a wall that stands in the wrong place',
    broken: (sources) =>
      productOf(sources)
        .filter(({ text }) => /\bforwardRef\(|@Global\(/.test(text))
        .map(({ path }) => path),
    planted: [['apps/gateway/src/a.ts', `@Global() export class A {}`]],
  },
];
