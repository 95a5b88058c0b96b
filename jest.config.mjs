// Projects: `unit` lives beside the code and needs nothing; the stories (test/) drive the built product with real parts:
// `story` two at a time, each on a database of its own, `alone` one after another.

/** What measures time or fills the machine. */
const ALONE = [
  'fair-share',
  'log-lag',
  'migrate-under-load',
  'no-relation',
  'order-and-load',
  'rolling-restart',
  'ten-thousand',
  'verify-threads',
];
const shared = {
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': '@swc/jest' },
  moduleNameMapper: {
    '^#(contracts|identity|ledger|messaging|telemetry)/(.*)\\.js$': '<rootDir>/libs/$1/src/$2.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  testEnvironment: 'node',
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.ketenpoort/'],
};

const stories = {
  ...shared,
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
};

export default {
  // Keys, servers and databases are real: on a busy machine they take their time, and a limit is no assertion.
  testTimeout: 30_000,
  projects: [
    { ...shared, displayName: 'unit', testMatch: ['<rootDir>/{apps,libs,tools}/**/*.spec.ts'] },
    {
      ...stories,
      displayName: 'story',
      testMatch: ['<rootDir>/test/**/*.spec.ts'],
      testPathIgnorePatterns: ALONE.map((name) => `/test/${name}\\.spec\\.ts$`),
    },
    { ...stories, displayName: 'alone', testMatch: ALONE.map((name) => `<rootDir>/test/${name}.spec.ts`) },
  ],
};
