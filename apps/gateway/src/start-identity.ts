import type { Logger } from 'pino';
import type { IdentityError } from '#identity/identity-error.js';
import { handshakeRecorder } from './access-log/handshake-records.js';
import type { RecordMaker } from './access-log/record-maker.js';
import type { Closing } from './closing.js';
import type { GatewayConfig } from './config.js';
import { HandshakeRefusals } from './peers/handshake-refusals.js';
import { PeerRegister } from './peers/peer-register.js';
import { Revocation, type RevocationAlarm } from './peers/revocation.js';
import type { TicketKeys } from './peers/ticket-keys.js';
import type { StartMaterials } from './start-materials.js';
import { poolOf } from './storage/pool-of.js';
import { loadOfficers, loadPeers } from './storage/register-reader.js';

/** Who may call, by register and revocation list, and who was turned away. */
export interface Identity {
  readonly peers: PeerRegister;
  readonly revocation: Revocation;
  readonly refusals: HandshakeRefusals;
}

/** Opens the register of peers and the revocation lists, and keeps both fresh until closed. */
export async function openIdentity(
  config: GatewayConfig,
  { dataSource, listening }: StartMaterials,
  makeRecord: RecordMaker,
  /** Of the agency interface. */
  ticketKeys: TicketKeys,
  log: Logger,
  closing: Closing[],
): Promise<Identity> {
  const reader = { loadPeers: () => loadPeers(dataSource), loadOfficers: () => loadOfficers(dataSource) };
  const onRefreshFailure = (): void => log.warn('the peer register could not be refreshed; the last one is in use');
  const peers = await PeerRegister.open({ reader, mode: config.mode, onRefreshFailure });
  closing.push(() => peers.close());
  const revocation = await Revocation.open({
    crlFile: config.tls.crlFile,
    anchors: listening.current.anchors,
    stale: config.crlStale,
    ticketKeys,
    onAlarm: (alarm) => log.error({ alarm: alarm.kind, ...causeOf(alarm) }, 'revocation list alarm'),
  });
  closing.push(() => revocation.close());
  const refusals = new HandshakeRefusals({ sink: handshakeRecorder(poolOf(dataSource), log, makeRecord) });
  closing.push(() => refusals.close());
  return { peers, revocation, refusals };
}

/** What an operator must know to act: which list, what is wrong with it, and the next step. */
function causeOf(alarm: RevocationAlarm): Readonly<Record<string, unknown>> {
  if (alarm.kind === 'CRL_STALE') return { issuers: alarm.issuers };
  const { code, detail, nextStep } = alarm.error as Partial<IdentityError>;
  return { code, detail, nextStep };
}
