import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { CompactSign } from 'jose';
import { canonicalBytes } from '#contracts/canonical.js';
import type { Event } from './messages.js';
import type { World } from './world.js';

const NOT_COVERED = ['time', 'traceparent', 'tracestate'];

/** The message with a detached JWS over what makes it the same message, by the key of the sender's certificate. */
export async function signed(world: World, name: string, message: Event): Promise<Event> {
  const key = createPrivateKey(readFileSync(world.pki.files(name).keyFile));
  const covered = Object.fromEntries(Object.entries(message).filter(([attribute]) => !NOT_COVERED.includes(attribute)));
  const jws = await new CompactSign(canonicalBytes(covered)).setProtectedHeader({ alg: 'ES256' }).sign(key);
  return { ...message, jws: jws.replace(/\.[^.]*\./, '..') };
}
