import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * More columns to search by, all derived from the bytes like those of the first migration (docs/decisions/0011). Rows
 * that exist are filled from their own bytes, which needs the append-only trigger out of the way for this transaction.
 */
const RECORD_COLUMNS = `
  ALTER TABLE ketenpoort.access_record
    ADD COLUMN action text, ADD COLUMN contract text, ADD COLUMN processing_activity text, ADD COLUMN concerns text[];
  CREATE FUNCTION ketenpoort.concerned_by(record jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE
    SET search_path = pg_catalog, pg_temp AS $$
    SELECT array_agg(DISTINCT oin ORDER BY oin) FROM (
      SELECT record #>> '{peer,oin}' UNION ALL SELECT record ->> 'source' UNION ALL SELECT record ->> 'municipality'
      UNION ALL SELECT jsonb_array_elements_text(coalesce(record -> 'recipients', '[]'))) AS t(oin) WHERE oin IS NOT NULL
  $$;
  CREATE OR REPLACE FUNCTION ketenpoort.derive_record_columns() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE record jsonb := convert_from(NEW.canonical, 'UTF8')::jsonb;
  BEGIN
    NEW.kind := record ->> 'kind';
    NEW.peer_oin := record #>> '{peer,oin}';
    NEW.purpose := record ->> 'purpose';
    NEW.case_id := record ->> 'caseId';
    NEW.message_id := record ->> 'messageId';
    NEW.decision := record #>> '{decision,outcome}';
    NEW.action := record ->> 'action';
    NEW.contract := record #>> '{contract,id}';
    NEW.processing_activity := record ->> 'processingActivity';
    NEW.concerns := ketenpoort.concerned_by(record);
    RETURN NEW;
  END $$;
  GRANT EXECUTE ON FUNCTION ketenpoort.concerned_by(jsonb)
    TO ketenpoort_app, ketenpoort_retention, ketenpoort_reader;
  ALTER TABLE ketenpoort.access_record DISABLE TRIGGER append_only;
  UPDATE ketenpoort.access_record SET action = record ->> 'action', contract = record #>> '{contract,id}',
    processing_activity = record ->> 'processingActivity', concerns = ketenpoort.concerned_by(record)
    FROM (SELECT id AS rid, at AS rat, convert_from(canonical, 'UTF8')::jsonb AS record FROM ketenpoort.access_record) AS t
    WHERE id = rid AND at = rat;
  ALTER TABLE ketenpoort.access_record ENABLE TRIGGER append_only;
  CREATE INDEX access_record_message ON ketenpoort.access_record (message_id, at) WHERE message_id IS NOT NULL;
  CREATE INDEX access_record_time ON ketenpoort.access_record (at, id);
  ALTER TABLE ketenpoort.message ADD COLUMN ended_purposes text[] NOT NULL DEFAULT '{}';
`;

/**
 * The log (design 9). An epoch is one origin: its tree only grows. A row in pending_leaf commits with its record; the
 * sequencer moves it into leaf. Everything but the head and pending_leaf is insert-only.
 */
const LOG = `
  CREATE TABLE ketenpoort.pending_leaf (
    record_id uuid PRIMARY KEY,
    record_at timestamptz NOT NULL,
    entry     bytea NOT NULL CHECK (length(entry) = 36)
  ) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000);
  CREATE TABLE ketenpoort.tree_head (
    epoch      smallint PRIMARY KEY CHECK (epoch > 0),
    origin     text NOT NULL UNIQUE CHECK (length(origin) BETWEEN 1 AND 200),
    size       bigint NOT NULL CHECK (size >= 0),
    root       bytea NOT NULL CHECK (length(root) = 32),
    -- The unfinished tile of each level, lowest first (libs/ledger/src/tree-edge.ts).
    levels     bytea[] NOT NULL,
    -- Why this epoch takes no more leaves: a witness has seen a larger one, or a restart has closed it.
    halted     text,
    updated_at timestamptz NOT NULL
  );
  CREATE TABLE ketenpoort.leaf (
    epoch     smallint NOT NULL REFERENCES ketenpoort.tree_head (epoch),
    position  bigint NOT NULL CHECK (position >= 0),
    record_id uuid NOT NULL,
    record_at timestamptz NOT NULL,
    entry     bytea NOT NULL CHECK (length(entry) = 36),
    PRIMARY KEY (epoch, position)
  );
  CREATE UNIQUE INDEX leaf_record ON ketenpoort.leaf (record_id);
  CREATE TABLE ketenpoort.tile (
    epoch  smallint NOT NULL REFERENCES ketenpoort.tree_head (epoch),
    level  smallint NOT NULL CHECK (level BETWEEN 0 AND 7),
    n      bigint NOT NULL CHECK (n >= 0),
    hashes bytea NOT NULL CHECK (length(hashes) = 8192),
    PRIMARY KEY (epoch, level, n)
  );
  CREATE TABLE ketenpoort.checkpoint (
    epoch smallint NOT NULL REFERENCES ketenpoort.tree_head (epoch),
    size  bigint NOT NULL CHECK (size >= 0),
    root  bytea NOT NULL CHECK (length(root) = 32),
    note  text NOT NULL,
    at    timestamptz NOT NULL,
    PRIMARY KEY (epoch, size)
  );
  CREATE TABLE ketenpoort.witness (
    name     text PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 200),
    vkey     text NOT NULL UNIQUE,
    -- Organisation whose adapter polls and posts; null for a witness server that the gateway calls.
    oin      text REFERENCES ketenpoort.peer (oin),
    url      text,
    active   boolean NOT NULL DEFAULT true
  );
  CREATE TABLE ketenpoort.cosignature (
    epoch   smallint NOT NULL,
    size    bigint NOT NULL,
    witness text NOT NULL REFERENCES ketenpoort.witness (name),
    -- The signature line of the note, without its newline.
    line    text NOT NULL CHECK (length(line) BETWEEN 1 AND 500),
    at      timestamptz NOT NULL,
    PRIMARY KEY (epoch, size, witness),
    FOREIGN KEY (epoch, size) REFERENCES ketenpoort.checkpoint (epoch, size)
  );
  CREATE TABLE ketenpoort.log_alarm (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at      timestamptz NOT NULL,
    kind    text NOT NULL CHECK (kind ~ '^[A-Z_]{2,40}$'),
    witness text,
    details jsonb NOT NULL
  );
  CREATE TABLE ketenpoort.export_cursor (
    name       text PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 100),
    epoch      smallint NOT NULL,
    position   bigint NOT NULL CHECK (position >= 0),
    updated_at timestamptz NOT NULL
  );
  -- Records that were written before there was a log.
  INSERT INTO ketenpoort.pending_leaf (record_id, record_at, entry)
    SELECT id, at, '\\x0101'::bytea
      || substring(int4send(split_part(expires_month, '-', 1)::int * 12 + split_part(expires_month, '-', 2)::int - 1) FROM 3)
      || sha256(salt || canonical)
    FROM ketenpoort.access_record;
`;

/** Versions of the policy that this installation has seen, and time-boxed grants. */
const POLICY = `
  CREATE TABLE ketenpoort.policy_version (
    version    text PRIMARY KEY CHECK (length(version) BETWEEN 1 AND 50),
    digest     bytea NOT NULL CHECK (length(digest) = 32),
    valid_from date NOT NULL,
    record_id  uuid NOT NULL,
    loaded_at  timestamptz NOT NULL
  );
  CREATE TABLE ketenpoort.access_grant (
    id          uuid PRIMARY KEY,
    kind        text NOT NULL CHECK (kind IN ('MRT','NATIONAL_ESCALATION','NATIONAL_VIEW')),
    case_id     uuid REFERENCES ketenpoort.lvv_case (id),
    peer_oin    text NOT NULL REFERENCES ketenpoort.peer (oin),
    -- The agency's own reference of the person (User-Reference), or the thumbprint of an officer.
    person      text NOT NULL CHECK (length(person) BETWEEN 1 AND 100),
    valid_from  timestamptz NOT NULL,
    valid_until timestamptz NOT NULL CHECK (valid_until > valid_from),
    ended_at    timestamptz,
    basis       text NOT NULL CHECK (length(basis) BETWEEN 1 AND 100),
    record_id   uuid NOT NULL,
    CHECK ((kind = 'NATIONAL_VIEW') = (case_id IS NULL))
  );
  CREATE INDEX access_grant_person ON ketenpoort.access_grant (peer_oin, person, valid_until);
  -- A national view runs from the moment that every controller has agreed.
  CREATE TABLE ketenpoort.access_grant_consent (
    grant_id  uuid NOT NULL REFERENCES ketenpoort.access_grant (id),
    oin       text NOT NULL REFERENCES ketenpoort.peer (oin),
    officer   text NOT NULL,
    at        timestamptz NOT NULL,
    record_id uuid NOT NULL,
    PRIMARY KEY (grant_id, oin)
  );
`;

/** Insert-only tables have the trigger as well, as the records have: grants alone do not hold for an owner. */
const APPEND_ONLY_LOG = ['leaf', 'tile', 'checkpoint', 'cosignature', 'log_alarm', 'policy_version']
  .map(
    (table) => `
  CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ketenpoort.${table}
    FOR EACH ROW EXECUTE FUNCTION ketenpoort.refuse_change();
  CREATE TRIGGER no_truncate BEFORE TRUNCATE ON ketenpoort.${table}
    FOR EACH STATEMENT EXECUTE FUNCTION ketenpoort.refuse_change();`,
  )
  .join('');

const GRANTS = `
  GRANT SELECT, INSERT, DELETE ON ketenpoort.pending_leaf TO ketenpoort_app;
  GRANT SELECT, INSERT ON ketenpoort.leaf, ketenpoort.tile, ketenpoort.checkpoint, ketenpoort.cosignature,
    ketenpoort.log_alarm, ketenpoort.policy_version, ketenpoort.access_grant_consent TO ketenpoort_app;
  GRANT SELECT, INSERT, UPDATE ON ketenpoort.tree_head, ketenpoort.export_cursor, ketenpoort.access_grant TO ketenpoort_app;
  GRANT SELECT ON ketenpoort.witness TO ketenpoort_app, ketenpoort_retention, ketenpoort_reader;
  GRANT SELECT ON ketenpoort.leaf, ketenpoort.tile, ketenpoort.checkpoint, ketenpoort.cosignature, ketenpoort.tree_head,
    ketenpoort.log_alarm, ketenpoort.pending_leaf, ketenpoort.policy_version, ketenpoort.access_grant,
    ketenpoort.access_grant_consent TO ketenpoort_reader, ketenpoort_retention;
  GRANT INSERT ON ketenpoort.pending_leaf TO ketenpoort_retention;
  GRANT SELECT ON ketenpoort.lvv_case, ketenpoort.person TO ketenpoort_reader;
`;

export class VerifiableLog implements MigrationInterface {
  readonly name = 'VerifiableLog1767225780000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const sql of [RECORD_COLUMNS, LOG, POLICY, APPEND_ONLY_LOG, GRANTS]) await queryRunner.query(sql);
  }

  /** Evidence is never migrated away: going back is restoring a backup. */
  down(): Promise<void> {
    return Promise.reject(new Error('the log is not migrated away; restore a backup instead'));
  }
}
