import { LessThanOrEqual, type DataSource } from 'typeorm';
import type { ContractId } from '#contracts/contract.js';
import type { PeerKind } from '#contracts/domain.js';
import type { LocalDate } from '../cases/case-snapshot.js';
import {
  CovenantRow,
  LocalPolicyRow,
  OfficerRow,
  PeerCertificateRow,
  PeerRow,
  PilotCapacityRow,
  PilotRow,
  RouteBasisRow,
} from './entities/register-entities.js';

export interface RegisteredPeer {
  readonly oin: string;
  readonly name: string;
  readonly kind: PeerKind;
  readonly pilot: string | null;
  readonly active: boolean;
  /** SHA-256 of the DER, lowercase hex; active ones only. */
  readonly thumbprints: readonly string[];
}

export interface RegisteredOfficer {
  readonly thumbprint: string;
  readonly name: string;
  readonly organisationOin: string;
  readonly role: string;
}

/** Effective-dated register data, whole: small enough to hold in memory and to ask for any date. */
export interface Register {
  /** Only those with a municipality: nobody can speak for the others yet. */
  readonly pilots: readonly (PilotRow & { readonly municipalityOin: string })[];
  readonly capacities: readonly PilotCapacityRow[];
  readonly covenants: readonly CovenantRow[];
  readonly policies: readonly LocalPolicyRow[];
}

export interface RouteBasis {
  readonly contract: ContractId;
  readonly receiverKind: PeerKind;
  readonly basis: string;
}

/** All peers, inactive ones too: a known but inactive peer gets another answer than a stranger. Sorted by OIN. */
export async function loadPeers(dataSource: DataSource): Promise<readonly RegisteredPeer[]> {
  const [peers, certificates] = await Promise.all([
    dataSource.getRepository(PeerRow).find({ order: { oin: 'ASC' } }),
    dataSource.getRepository(PeerCertificateRow).find({ where: { active: true } }),
  ]);
  return peers.map(({ oin, name, kind, pilot, active }) => {
    const thumbprints = certificates.filter((one) => one.oin === oin).map((one) => one.thumbprint);
    return { oin, name, kind, pilot, active, thumbprints };
  });
}

/** Officers who are active. */
export async function loadOfficers(dataSource: DataSource): Promise<readonly RegisteredOfficer[]> {
  const rows = await dataSource.getRepository(OfficerRow).find({ where: { active: true } });
  return rows.map(({ thumbprint, name, organisationOin, role }) => ({ thumbprint, name, organisationOin, role }));
}

export async function loadRegister(dataSource: DataSource): Promise<Register> {
  const [pilots, capacities, covenants, policies] = await Promise.all([
    dataSource.getRepository(PilotRow).find({ order: { code: 'ASC' } }),
    dataSource.getRepository(PilotCapacityRow).find(),
    dataSource.getRepository(CovenantRow).find({ order: { id: 'ASC' } }),
    dataSource.getRepository(LocalPolicyRow).find(),
  ]);
  return { pilots: pilots.filter(hasMunicipality), capacities, covenants, policies };
}

/** Routes that are on by a legal basis on `date`. */
export async function loadRouteBases(dataSource: DataSource, date: LocalDate): Promise<readonly RouteBasis[]> {
  const rows = await dataSource.getRepository(RouteBasisRow).find({ where: { validFrom: LessThanOrEqual(date) } });
  return rows
    .filter((row) => inForce(row, date))
    .map(({ contract, receiverKind, basis }) => ({ contract: contract as ContractId, receiverKind, basis }));
}

function hasMunicipality(pilot: PilotRow): pilot is PilotRow & { municipalityOin: string } {
  return pilot.municipalityOin !== null;
}

/** Both bounds are inclusive local dates; ISO dates compare as text. */
function inForce(row: { readonly validFrom: string; readonly validTo: string | null }, date: LocalDate): boolean {
  return row.validFrom <= date && (row.validTo === null || date <= row.validTo);
}
