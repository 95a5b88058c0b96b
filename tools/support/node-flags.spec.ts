import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { BUSY_NODE_FLAGS } from './node-flags.js';

/** Traces of errors, which cost nothing until there is one. */
const NOT_ASKED_OF_OPERATORS = '--enable-source-maps';
const asked = BUSY_NODE_FLAGS.filter((flag) => flag !== NOT_ASKED_OF_OPERATORS).join(' ');

describe('what is measured is what operators run', () => {
  it('npm start has the flags of the benchmark', async () => {
    const { scripts } = JSON.parse(await readFile('package.json', 'utf8')) as { scripts: Record<string, string> };
    expect(scripts['start']).toContain(`node ${asked} dist/apps/gateway/`);
  });

  it('so has the unit for systemd in docs/operations.md, and its text names them', async () => {
    const text = await readFile('docs/operations.md', 'utf8');
    expect(/^ExecStart=.*$/m.exec(text)?.[0]).toContain(`node ${asked} dist/apps/gateway/`);
    for (const flag of asked.split(' ')) expect(text).toContain(`\`${flag}\``);
  });
});
