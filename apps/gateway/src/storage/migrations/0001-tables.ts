/**
 * Tables of the first migration. Foreign keys stand where a guarantee hangs on them (a stay and its DT&V notification,
 * a case and its person) and never cascade; the hot tables have none, because their rows commit in one statement with
 * what they point to. State and kind lists are repeated here on purpose: a migration is history and imports no code.
 */
const OIN = `'^[0-9]{8}[0-9A-Za-z]{12}$'`;
const THUMBPRINT = `'^[0-9a-f]{64}$'`;
const PEER_KIND = `('MUNICIPALITY','NGO','IND','DTV','AVIM','COA','PROGRAMME','CONSOLE','GATEWAY')`;
const CASE_STATE = `('APPLIED','SCREENING','REFUSED','ADMITTED','DOSSIER_REQUESTED','DOSSIER_PARTIAL','REST_PERIOD',
  'SCENARIO_PREP','SCENARIO_OFFERED','IN_TRAJECTORY','MRT','NATIONAL_ESCALATION','EXITED','CLOSED','VOIDED')`;

/** Written by the `register` command as owner, read by the gateway. Effective dates are local calendar dates. */
export const REGISTER = `
  CREATE TABLE ketenpoort.peer (
    oin           text PRIMARY KEY CHECK (oin ~ ${OIN}),
    name          text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    kind          text NOT NULL CHECK (kind IN ${PEER_KIND}),
    pilot         text CHECK (pilot ~ '^[A-Z]{3}$'),
    active        boolean NOT NULL DEFAULT true,
    registered_at timestamptz NOT NULL DEFAULT now()
  );
  CREATE TABLE ketenpoort.peer_certificate (
    thumbprint    text PRIMARY KEY CHECK (thumbprint ~ ${THUMBPRINT}),
    oin           text NOT NULL REFERENCES ketenpoort.peer (oin),
    label         text NOT NULL,
    active        boolean NOT NULL DEFAULT true,
    registered_at timestamptz NOT NULL DEFAULT now()
  );
  CREATE INDEX peer_certificate_oin ON ketenpoort.peer_certificate (oin);
  CREATE TABLE ketenpoort.officer (
    thumbprint       text PRIMARY KEY CHECK (thumbprint ~ ${THUMBPRINT}),
    name             text NOT NULL,
    organisation_oin text NOT NULL REFERENCES ketenpoort.peer (oin),
    role             text NOT NULL CHECK (role ~ '^[A-Z_]{2,30}$'),
    active           boolean NOT NULL DEFAULT true
  );
  CREATE TABLE ketenpoort.pilot (
    code              text PRIMARY KEY CHECK (code ~ '^[A-Z]{3}$'),
    name              text NOT NULL,
    -- Null until an installation says which organisation speaks for the pilot: its OIN is not in the sources.
    municipality_oin  text CHECK (municipality_oin ~ ${OIN}),
    municipality_code text NOT NULL CHECK (municipality_code ~ '^[0-9]{4}$')
  );
  CREATE TABLE ketenpoort.pilot_capacity (
    pilot         text NOT NULL REFERENCES ketenpoort.pilot (code),
    agreed_places int NOT NULL CHECK (agreed_places >= 0),
    valid_from    date NOT NULL,
    valid_to      date CHECK (valid_to >= valid_from),
    PRIMARY KEY (pilot, valid_from)
  );
  CREATE TABLE ketenpoort.covenant (
    id         text PRIMARY KEY,
    pilot      text NOT NULL REFERENCES ketenpoort.pilot (code),
    valid_from date NOT NULL,
    valid_to   date NOT NULL CHECK (valid_to >= valid_from),
    parties    jsonb NOT NULL CHECK (jsonb_typeof(parties) = 'array')
  );
  COMMENT ON COLUMN ketenpoort.covenant.valid_to IS 'last day in force, inclusive';
  CREATE INDEX covenant_pilot ON ketenpoort.covenant (pilot, valid_from);
  CREATE TABLE ketenpoort.local_policy (
    pilot      text NOT NULL REFERENCES ketenpoort.pilot (code),
    key        text NOT NULL CHECK (length(key) BETWEEN 1 AND 100),
    value      jsonb NOT NULL,
    valid_from date NOT NULL,
    valid_to   date CHECK (valid_to >= valid_from),
    PRIMARY KEY (pilot, key, valid_from)
  );
  CREATE TABLE ketenpoort.route_basis (
    contract      text NOT NULL CHECK (contract ~ '^M[0-9]{2}$'),
    receiver_kind text NOT NULL CHECK (receiver_kind IN ${PEER_KIND}),
    basis         text NOT NULL,
    valid_from    date NOT NULL,
    valid_to      date CHECK (valid_to >= valid_from),
    PRIMARY KEY (contract, receiver_kind, valid_from)
  );
`;

/** Messages, their encrypted content, and one delivery for each recipient. */
export const EXCHANGE = `
  CREATE TABLE ketenpoort.message_key (
    source      text NOT NULL,
    event_id    text NOT NULL,
    message_id  uuid NOT NULL,
    body_digest bytea NOT NULL CHECK (length(body_digest) = 32),
    PRIMARY KEY (source, event_id)
  );
  CREATE TABLE ketenpoort.message (
    id                uuid PRIMARY KEY,
    contract          text NOT NULL CHECK (contract ~ '^M[0-9]{2}$'),
    type              text NOT NULL,
    source            text NOT NULL,
    event_id          text NOT NULL,
    sender_oin        text NOT NULL,
    sender_kind       text NOT NULL CHECK (sender_kind IN ${PEER_KIND}),
    case_id           uuid,
    purpose           text NOT NULL CHECK (purpose ~ '^P[0-9]{2}$'),
    content_digest    bytea NOT NULL CHECK (length(content_digest) = 32),
    record_id         uuid NOT NULL,
    entry_digest      bytea NOT NULL CHECK (length(entry_digest) = 32),
    key_id            text NOT NULL,
    traceparent       text,
    accepted_at       timestamptz NOT NULL,
    expires_at        timestamptz,
    target_message_id uuid,
    replaced_by       uuid,
    withdrawn_at      timestamptz
  );
  CREATE INDEX message_case ON ketenpoort.message (case_id, accepted_at) WHERE case_id IS NOT NULL;
  CREATE TABLE ketenpoort.content (
    message_id  uuid NOT NULL,
    case_id     uuid,
    key_id      text NOT NULL,
    wrapped_key bytea NOT NULL,
    nonce       bytea NOT NULL CHECK (length(nonce) = 12),
    ciphertext  bytea NOT NULL,
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (message_id, created_at)
  ) PARTITION BY RANGE (created_at);
  -- A plain sequence: identity columns of a partitioned table need PostgreSQL 17, and 16 is supported.
  CREATE SEQUENCE ketenpoort.delivery_insert_order;
  CREATE TABLE ketenpoort.delivery (
    id               uuid NOT NULL,
    message_id       uuid NOT NULL,
    recipient_oin    text NOT NULL,
    case_id          uuid,
    purpose          text NOT NULL CHECK (purpose ~ '^P[0-9]{2}$'),
    family           text NOT NULL CHECK (family IN ('dossier-request','dossier-part','case-notification','control')),
    partition_key    text NOT NULL,
    case_sequence    int CHECK (case_sequence > 0),
    insert_order     bigint NOT NULL DEFAULT nextval('ketenpoort.delivery_insert_order'),
    sequence         bigint CHECK (sequence > 0),
    state            text NOT NULL DEFAULT 'OUTSTANDING'
      CHECK (state IN ('OUTSTANDING','FETCHED','TAKEN','PARKED','DEAD','WITHDRAWN','PURGED')),
    traceparent      text,
    accepted_at      timestamptz NOT NULL,
    published_at     timestamptz,
    fetched_at       timestamptz,
    taken_at         timestamptz,
    confirmed_at     timestamptz,
    parked_at        timestamptz,
    dead_at          timestamptz,
    failures         int NOT NULL DEFAULT 0 CHECK (failures >= 0),
    failure_code     text,
    PRIMARY KEY (id, accepted_at),
    -- A message has one acceptance time, so this is "one delivery for each message and recipient".
    UNIQUE (message_id, recipient_oin, accepted_at),
    CHECK ((case_id IS NULL) = (case_sequence IS NULL))
  ) PARTITION BY RANGE (accepted_at);
  CREATE INDEX delivery_inbox ON ketenpoort.delivery (recipient_oin, sequence);
  CREATE INDEX delivery_unnumbered ON ketenpoort.delivery (recipient_oin, insert_order) WHERE sequence IS NULL;
  CREATE INDEX delivery_unpublished ON ketenpoort.delivery (recipient_oin, sequence) WHERE published_at IS NULL;
  CREATE INDEX delivery_case ON ketenpoort.delivery (recipient_oin, case_id, case_sequence);
  CREATE TABLE ketenpoort.recipient_counter (
    recipient_oin text PRIMARY KEY,
    last_sequence bigint NOT NULL CHECK (last_sequence >= 0)
  );
`;

/** Cases, persons and stays. Nothing here names a person in clear: identity is encrypted under the case key. */
export const PROCESS = `
  CREATE TABLE ketenpoort.person (
    id            uuid PRIMARY KEY,
    subject_index bytea UNIQUE CHECK (length(subject_index) = 32),
    created_at    timestamptz NOT NULL
  );
  CREATE TABLE ketenpoort.lvv_case (
    id               uuid PRIMARY KEY,
    number           text NOT NULL UNIQUE CHECK (number ~ '^LVV-[A-Z]{3}-[0-9]{4}-[0-9]{6}$'),
    pilot            text NOT NULL REFERENCES ketenpoort.pilot (code),
    municipality_oin text NOT NULL,
    person_id        uuid NOT NULL REFERENCES ketenpoort.person (id),
    state            text NOT NULL CHECK (state IN ${CASE_STATE}),
    snapshot         jsonb NOT NULL,
    version          int NOT NULL CHECK (version > 0),
    identity         bytea,
    wrapped_case_key bytea,
    key_id           text NOT NULL,
    opened_at        timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL
  );
  COMMENT ON COLUMN ketenpoort.lvv_case.wrapped_case_key IS 'null once erased: all content of the case is then unreadable';
  CREATE INDEX lvv_case_person ON ketenpoort.lvv_case (person_id);
  CREATE TABLE ketenpoort.case_number (
    pilot text NOT NULL,
    year  int NOT NULL CHECK (year BETWEEN 2000 AND 2999),
    last  int NOT NULL CHECK (last BETWEEN 0 AND 999999),
    PRIMARY KEY (pilot, year)
  );
  CREATE TABLE ketenpoort.stay (
    id                  uuid PRIMARY KEY,
    case_id             uuid NOT NULL REFERENCES ketenpoort.lvv_case (id) DEFERRABLE INITIALLY DEFERRED,
    person_id           uuid NOT NULL REFERENCES ketenpoort.person (id) DEFERRABLE INITIALLY DEFERRED,
    kind                text NOT NULL CHECK (kind IN ('SHELTER','GUIDANCE_ONLY')),
    started_on          date NOT NULL,
    ended_on            date CHECK (ended_on >= started_on),
    dtv_notification_id uuid NOT NULL UNIQUE REFERENCES ketenpoort.message (id) DEFERRABLE INITIALLY DEFERRED
  );
  CREATE UNIQUE INDEX stay_one_open_shelter ON ketenpoort.stay (person_id) WHERE kind = 'SHELTER' AND ended_on IS NULL;
  CREATE INDEX stay_case ON ketenpoort.stay (case_id);
  CREATE TABLE ketenpoort.timer (
    case_id    uuid NOT NULL REFERENCES ketenpoort.lvv_case (id) DEFERRABLE INITIALLY DEFERRED,
    kind       text NOT NULL CHECK (kind ~ '^TMR-[A-Z-]{1,20}$'),
    due_at     timestamptz NOT NULL,
    started_at timestamptz NOT NULL,
    PRIMARY KEY (case_id, kind)
  );
  CREATE INDEX timer_due ON ketenpoort.timer (due_at);
  CREATE TABLE ketenpoort.case_event (
    case_id    uuid NOT NULL,
    n          int NOT NULL CHECK (n > 0),
    at         timestamptz NOT NULL,
    transition text NOT NULL CHECK (transition ~ '^T[0-9]{2}b?$'),
    from_state text CHECK (from_state IN ${CASE_STATE}),
    to_state   text NOT NULL CHECK (to_state IN ${CASE_STATE}),
    message_id uuid,
    PRIMARY KEY (case_id, n)
  );
`;

/**
 * The access log. The truth of a record is its canonical bytes; what can be searched is derived from them by a trigger
 * that overwrites whatever the writer gave, so that no column can say something else than the bytes that the ledger
 * commits to. A trigger and not generated columns: it parses the bytes once, they would parse them once each.
 */
export const EVIDENCE = `
  CREATE TABLE ketenpoort.access_record (
    id              uuid NOT NULL,
    at              timestamptz NOT NULL,
    canonical       bytea NOT NULL,
    salt            bytea NOT NULL CHECK (length(salt) = 32),
    entry_digest    bytea NOT NULL CHECK (length(entry_digest) = 32),
    retention_class text NOT NULL CHECK (retention_class ~ '^[A-Z][A-Z0-9_]{0,19}$'),
    expires_month   text NOT NULL CHECK (expires_month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
    version         int NOT NULL CHECK (version = 1),
    kind            text NOT NULL
      CHECK (kind IN ('DELIVERY','CONSULTATION','EVALUATION','ADMIN','REFUSAL','ERASURE')),
    peer_oin        text,
    purpose         text,
    case_id         uuid,
    message_id      uuid,
    decision        text NOT NULL CHECK (decision IN ('permit','refuse')),
    PRIMARY KEY (id, at)
  ) PARTITION BY RANGE (at);
  CREATE FUNCTION ketenpoort.derive_record_columns() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE record jsonb := convert_from(NEW.canonical, 'UTF8')::jsonb;
  BEGIN
    NEW.kind := record ->> 'kind';
    NEW.peer_oin := record #>> '{peer,oin}';
    NEW.purpose := record ->> 'purpose';
    NEW.case_id := record ->> 'caseId';
    NEW.message_id := record ->> 'messageId';
    NEW.decision := record #>> '{decision,outcome}';
    RETURN NEW;
  END $$;
  CREATE TRIGGER derive BEFORE INSERT ON ketenpoort.access_record
    FOR EACH ROW EXECUTE FUNCTION ketenpoort.derive_record_columns();
  CREATE INDEX access_record_case ON ketenpoort.access_record (case_id, at) WHERE case_id IS NOT NULL;
  CREATE INDEX access_record_peer ON ketenpoort.access_record (peer_oin, at);
  CREATE TABLE ketenpoort.access_record_subject (
    record_id     uuid NOT NULL,
    at            timestamptz NOT NULL,
    subject_index bytea NOT NULL CHECK (length(subject_index) = 32),
    PRIMARY KEY (record_id, at, subject_index)
  ) PARTITION BY RANGE (at);
  CREATE INDEX access_record_subject_person ON ketenpoort.access_record_subject (subject_index, at);
`;
