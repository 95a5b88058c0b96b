import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CONTRACTS } from '#contracts/catalogue.js';
import { TRANSITION_IDS, TRANSITIONS } from '../../apps/gateway/src/cases/transitions.js';
import { mapMessages, type MessageTransitions } from './message-transitions.js';
import { renderMessageTransitions } from './render-message-transitions.js';
import { WITHOUT_TRANSITION } from './without-transition.js';

const DOCUMENT = 'docs/generated/messages-and-transitions.md';

/** The map of the product itself: its catalogue against its table. */
export function messageTransitions(): MessageTransitions {
  return mapMessages({
    contracts: CONTRACTS,
    rows: TRANSITIONS,
    ids: TRANSITION_IDS,
    withoutTransition: WITHOUT_TRANSITION,
  });
}

/**
 * Writes the document, or with `--check` compares it with the one that stands. Run from the root of the repository.
 * Returns the exit code: 1 when a message or transition has a gap, or the document is out of date.
 */
export function main(args: readonly string[]): number {
  const map = messageTransitions();
  for (const gap of map.gaps) console.error(`messages and transitions: ${gap}`);
  const text = renderMessageTransitions(map);
  if (args.includes('--check')) {
    if (text === readIfThere(DOCUMENT)) return map.gaps.length === 0 ? 0 : 1;
    console.error(`${DOCUMENT} is out of date: run node dist/tools/cases/generate.js`);
    return 1;
  }
  mkdirSync(dirname(DOCUMENT), { recursive: true });
  writeFileSync(DOCUMENT, text);
  console.log(
    `${DOCUMENT}: ${map.messages.length} messages, ${map.transitions.length} transitions, ${map.gaps.length} gaps`,
  );
  return map.gaps.length === 0 ? 0 : 1;
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = main(process.argv.slice(2));
}
