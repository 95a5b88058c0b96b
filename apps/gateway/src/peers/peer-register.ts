import type { PeerKind } from '#contracts/domain.js';
import { isTestOin } from '#identity/oin.js';
import type { Officer, Peer } from './peer.js';

const REFRESH_INTERVAL_MS = 5_000;

/** A registered organisation. Several certificates may overlap while one replaces the other. */
export interface RegisteredPeer {
  readonly oin: string;
  readonly name: string;
  readonly kind: PeerKind;
  readonly pilot: string | null;
  readonly active: boolean;
  /** Active certificates, SHA-256 of the DER, lower-case hex. */
  readonly thumbprints: readonly string[];
}

/** The port to the tables of the register. */
export interface PeerReader {
  /** All peers, inactive ones too: they get another answer than a stranger. */
  readonly loadPeers: () => Promise<readonly RegisteredPeer[]>;
  /** Active officers. */
  readonly loadOfficers: () => Promise<readonly Officer[]>;
}

export interface PeerRegisterOptions {
  readonly reader: PeerReader;
  /** Production leaves test OINs out and the demo leaves all others out (design 7): they are strangers there. */
  readonly mode: 'demo' | 'production';
  /** A refresh failed; the register as it was goes on serving. */
  readonly onRefreshFailure: (error: unknown) => void;
  readonly refreshIntervalMs?: number;
}

export type PeerLookup =
  | { readonly found: true; readonly peer: Peer }
  | { readonly found: false; readonly code: 'PEER_UNKNOWN' | 'PEER_INACTIVE' | 'CERTIFICATE_NOT_REGISTERED' };

/** The register in memory: lookups never wait for the database. */
export class PeerRegister {
  private peersByOin: ReadonlyMap<string, RegisteredPeer> = new Map();
  private officersByThumbprint: ReadonlyMap<string, Officer> = new Map();
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  private constructor(private readonly options: PeerRegisterOptions) {}

  /** Loads the register and keeps it fresh until `close`. Rejects when the first load fails. */
  static async open(options: PeerRegisterOptions): Promise<PeerRegister> {
    const register = new PeerRegister(options);
    await register.refresh();
    register.timer = setInterval(() => {
      register.refresh().catch(options.onRefreshFailure);
    }, options.refreshIntervalMs ?? REFRESH_INTERVAL_MS).unref();
    return register;
  }

  /** Loads now. Calls during a load share it, so a slow database does not pile up queries. */
  async refresh(): Promise<void> {
    this.running ??= this.load().finally(() => {
      this.running = undefined;
    });
    await this.running;
  }

  close(): void {
    clearInterval(this.timer);
  }

  /** The peer with this OIN, if this certificate is registered for it. */
  lookup(oin: string, thumbprint: string): PeerLookup {
    const registered = this.peersByOin.get(oin);
    if (registered === undefined) return { found: false, code: 'PEER_UNKNOWN' };
    if (!registered.active) return { found: false, code: 'PEER_INACTIVE' };
    if (!registered.thumbprints.includes(thumbprint)) return { found: false, code: 'CERTIFICATE_NOT_REGISTERED' };
    const { kind, name, pilot, active } = registered;
    return { found: true, peer: { oin, kind, name, ...(pilot === null ? {} : { pilot }), thumbprint, active } };
  }

  byOin(oin: string): RegisteredPeer | undefined {
    return this.peersByOin.get(oin);
  }

  /** Active peers of a kind, in the order of the reader. */
  ofKind(kind: PeerKind): RegisteredPeer[] {
    return [...this.peersByOin.values()].filter((peer) => peer.active && peer.kind === kind);
  }

  officer(thumbprint: string): Officer | undefined {
    return this.officersByThumbprint.get(thumbprint);
  }

  /** Active officers of an organisation. */
  officersOf(oin: string): Officer[] {
    return [...this.officersByThumbprint.values()].filter((officer) => officer.organisationOin === oin);
  }

  private async load(): Promise<void> {
    const { reader, mode } = this.options;
    const [peers, officers] = await Promise.all([reader.loadPeers(), reader.loadOfficers()]);
    const welcome = peers.filter((peer) => isTestOin(peer.oin) === (mode === 'demo'));
    this.peersByOin = new Map(welcome.map((peer) => [peer.oin, peer]));
    this.officersByThumbprint = new Map(officers.map((officer) => [officer.thumbprint, officer]));
  }
}
