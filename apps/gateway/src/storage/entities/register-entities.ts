import 'reflect-metadata';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { PeerKind } from '#contracts/domain.js';

/** A registered organisation. Row of `peer`. */
@Entity('peer')
export class PeerRow {
  @PrimaryColumn('text') oin!: string;
  @Column('text') name!: string;
  @Column('text') kind!: PeerKind;
  @Column('text', { nullable: true }) pilot!: string | null;
  @Column('boolean') active!: boolean;
}

/** A certificate of a peer, by the SHA-256 of its DER in lowercase hex. */
@Entity('peer_certificate')
export class PeerCertificateRow {
  @PrimaryColumn('text') thumbprint!: string;
  @Column('text') oin!: string;
  @Column('text') label!: string;
  @Column('boolean') active!: boolean;
}

/** A person with rights of inspection (FG). */
@Entity('officer')
export class OfficerRow {
  @PrimaryColumn('text') thumbprint!: string;
  @Column('text') name!: string;
  @Column('text', { name: 'organisation_oin' }) organisationOin!: string;
  @Column('text') role!: string;
  @Column('boolean') active!: boolean;
}

@Entity('pilot')
export class PilotRow {
  @PrimaryColumn('text') code!: string;
  @Column('text') name!: string;
  @Column('text', { name: 'municipality_oin', nullable: true }) municipalityOin!: string | null;
  @Column('text', { name: 'municipality_code' }) municipalityCode!: string;
}

/** Dates are local calendar dates `YYYY-MM-DD`; `validTo` is the last day in force. */
@Entity('pilot_capacity')
export class PilotCapacityRow {
  @PrimaryColumn('text') pilot!: string;
  @PrimaryColumn('date', { name: 'valid_from' }) validFrom!: string;
  @Column('int', { name: 'agreed_places' }) agreedPlaces!: number;
  @Column('date', { name: 'valid_to', nullable: true }) validTo!: string | null;
}

@Entity('covenant')
export class CovenantRow {
  @PrimaryColumn('text') id!: string;
  @Column('text') pilot!: string;
  @Column('date', { name: 'valid_from' }) validFrom!: string;
  @Column('date', { name: 'valid_to' }) validTo!: string;
  @Column('jsonb') parties!: readonly unknown[];
}

@Entity('local_policy')
export class LocalPolicyRow {
  @PrimaryColumn('text') pilot!: string;
  @PrimaryColumn('text') key!: string;
  @PrimaryColumn('date', { name: 'valid_from' }) validFrom!: string;
  @Column('jsonb') value!: unknown;
  @Column('date', { name: 'valid_to', nullable: true }) validTo!: string | null;
}

/** A route that is off unless a legal basis for it is on record (AVIM). */
@Entity('route_basis')
export class RouteBasisRow {
  @PrimaryColumn('text') contract!: string;
  @PrimaryColumn('text', { name: 'receiver_kind' }) receiverKind!: PeerKind;
  @PrimaryColumn('date', { name: 'valid_from' }) validFrom!: string;
  @Column('text') basis!: string;
  @Column('date', { name: 'valid_to', nullable: true }) validTo!: string | null;
}

export const ENTITIES = [
  PeerRow,
  PeerCertificateRow,
  OfficerRow,
  PilotRow,
  PilotCapacityRow,
  CovenantRow,
  LocalPolicyRow,
  RouteBasisRow,
] as const;
