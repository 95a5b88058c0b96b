import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readCertificate } from '#identity/certificate.js';
import { parseVerifierKey, type NoteVerifier } from '#ledger/verifier-key.js';
import {
  RegisterDocumentError,
  type CertificateReference,
  type RegisterDocument,
  type WitnessEntry,
} from './register-document.js';

/** Rows by table, with the columns of the table. */
export type RegisterRows = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

/**
 * Maps a document to rows and reads the certificate files it names, relative to `folder`. Throws RegisterDocumentError
 * when a peer's certificate carries another OIN: such a registration would let one organisation speak for another.
 */
export async function registerRows(document: RegisterDocument, folder: string): Promise<RegisterRows> {
  const peers = document.peers ?? [];
  const certificates = peers.flatMap((peer) => (peer.certificates ?? []).map((one) => ({ ...one, oin: peer.oin })));
  return {
    peer: peers.map(({ oin, name, kind, pilot, active }) => ({ oin, name, kind, pilot, active: active ?? true })),
    peer_certificate: await Promise.all(
      certificates.map(async ({ oin, label, active, ...reference }) => ({
        thumbprint: await thumbprintOf(reference, folder, oin),
        oin,
        label: label ?? 'main',
        active: active ?? true,
      })),
    ),
    officer: await Promise.all(
      (document.officers ?? []).map(async ({ name, organisationOin, role, active, ...reference }) => ({
        thumbprint: await thumbprintOf(reference, folder, null),
        name,
        organisation_oin: organisationOin,
        role,
        active: active ?? true,
      })),
    ),
    pilot: (document.pilots ?? []).map(({ code, name, municipalityCode }) => ({
      code,
      name,
      municipality_code: municipalityCode,
    })),
    municipality: [
      ...(document.pilots ?? []).flatMap(({ code, municipalityOin }) =>
        municipalityOin === undefined ? [] : [{ pilot: code, oin: municipalityOin }],
      ),
      ...(document.municipalities ?? []).map(({ pilot, oin }) => ({ pilot, oin })),
    ],
    pilot_capacity: (document.capacities ?? []).map(({ pilot, agreedPlaces, ...period }) => ({
      pilot,
      agreed_places: agreedPlaces,
      ...periodColumns(period),
    })),
    covenant: (document.covenants ?? []).map(({ id, pilot, parties, ...period }) => ({
      id,
      pilot,
      parties,
      ...periodColumns(period),
    })),
    local_policy: (document.policies ?? []).map(({ pilot, key, value, ...period }) => ({
      pilot,
      key,
      value,
      ...periodColumns(period),
    })),
    witness: (document.witnesses ?? []).map(witnessRow),
    route_basis: (document.routeBases ?? []).map(({ contract, receiverKind, basis, ...period }) => ({
      contract,
      receiver_kind: receiverKind,
      basis,
      ...periodColumns(period),
    })),
  };
}

/** A key that nobody can read, or of another witness, would be found only when the first cosignature comes in. */
function witnessRow({ name, vkey, oin, url, active }: WitnessEntry): Record<string, unknown> {
  let key: NoteVerifier;
  try {
    key = parseVerifierKey(vkey);
  } catch (error) {
    throw new RegisterDocumentError([`the key of witness ${name} cannot be read: ${(error as Error).message}`]);
  }
  if (key.type !== 'cosignature/v1' || key.name !== name) {
    throw new RegisterDocumentError([`the key of witness ${name} is not a cosignature/v1 key of that name`]);
  }
  return { name, vkey, oin: oin ?? null, url: url ?? null, active: active ?? true };
}

function periodColumns(period: { readonly validFrom: string; readonly validTo?: string }): Record<string, unknown> {
  return { valid_from: period.validFrom, valid_to: period.validTo ?? null };
}

async function thumbprintOf(reference: CertificateReference, folder: string, oin: string | null): Promise<string> {
  if (reference.thumbprint !== undefined) return reference.thumbprint;
  const file = reference.file ?? '';
  let certificate;
  try {
    certificate = readCertificate(await readFile(resolve(folder, file)));
  } catch (error) {
    throw new RegisterDocumentError([`certificate ${file} cannot be read: ${(error as Error).message}`]);
  }
  if (oin !== null && certificate.oin !== oin) {
    throw new RegisterDocumentError([`certificate ${file} carries OIN ${certificate.oin ?? 'none'}, not ${oin}`]);
  }
  return certificate.thumbprint;
}
