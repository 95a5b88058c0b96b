/** Rules of the first migration: who may do what, what can never be undone, and where rows of which month live. */

/** Roles belong to the cluster, not to this database: a database administrator makes them once. */
export const REQUIRED_ROLES = `
  DO $$
  DECLARE missing text;
  BEGIN
    SELECT string_agg(name, ', ') INTO missing
      FROM unnest(ARRAY['ketenpoort_app','ketenpoort_retention','ketenpoort_reader']) AS name
      WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = name);
    IF missing IS NOT NULL THEN
      RAISE EXCEPTION 'missing database roles: %', missing
        USING HINT = 'run tools/database/roles.sql once as a database administrator';
    END IF;
  END $$;
`;

/**
 * Second lock beside the grants: it also holds for the owner and for a superuser who does not first take the role of
 * retention on purpose. What a person with full rights does beyond that is for the ledger to show.
 */
export const APPEND_ONLY = `
  CREATE FUNCTION ketenpoort.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF TG_OP = 'DELETE' AND current_user = 'ketenpoort_retention' THEN
      RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the access log is append-only: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
  END $$;
  CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ketenpoort.access_record
    FOR EACH ROW EXECUTE FUNCTION ketenpoort.refuse_change();
  CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ketenpoort.access_record_subject
    FOR EACH ROW EXECUTE FUNCTION ketenpoort.refuse_change();
  CREATE TRIGGER no_truncate BEFORE TRUNCATE ON ketenpoort.access_record
    FOR EACH STATEMENT EXECUTE FUNCTION ketenpoort.refuse_change();
  CREATE TRIGGER no_truncate BEFORE TRUNCATE ON ketenpoort.access_record_subject
    FOR EACH STATEMENT EXECUTE FUNCTION ketenpoort.refuse_change();
`;

/**
 * Partitions are named <table>_<yyyy>_<mm> and bounded by UTC months; last month is included for a clock that lags at
 * midnight. Runs with the owner's rights so that the gateway, which may not create tables, can stay ahead of time.
 * Row triggers reach partitions by themselves, statement triggers do not: hence TRUNCATE is closed here.
 */
export const PARTITIONS = `
  CREATE FUNCTION ketenpoort.ensure_partition(parent text, suffix text, bounds text) RETURNS void
    LANGUAGE plpgsql SET search_path = ketenpoort, pg_temp AS $$
  DECLARE child text := parent || '_' || suffix;
  BEGIN
    IF to_regclass('ketenpoort.' || quote_ident(child)) IS NOT NULL THEN RETURN; END IF;
    EXECUTE format('CREATE TABLE ketenpoort.%I PARTITION OF ketenpoort.%I %s', child, parent, bounds);
    IF parent LIKE 'access_record%' THEN
      EXECUTE format('CREATE TRIGGER no_truncate BEFORE TRUNCATE ON ketenpoort.%I
        FOR EACH STATEMENT EXECUTE FUNCTION ketenpoort.refuse_change()', child);
    END IF;
  END $$;
  CREATE FUNCTION ketenpoort.ensure_partitions(months_ahead int) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = ketenpoort, pg_temp SET lock_timeout = '2s' AS $$
  DECLARE
    parent text;
    month_start timestamp;
    first_month timestamp := date_trunc('month', now() AT TIME ZONE 'UTC');
  BEGIN
    IF months_ahead NOT BETWEEN 0 AND 60 THEN RAISE EXCEPTION 'months_ahead must lie between 0 and 60'; END IF;
    FOREACH parent IN ARRAY ARRAY['access_record', 'access_record_subject', 'content', 'delivery'] LOOP
      PERFORM ketenpoort.ensure_partition(parent, 'default', 'DEFAULT');
      FOR n IN -1 .. months_ahead LOOP
        month_start := first_month + n * interval '1 month';
        PERFORM ketenpoort.ensure_partition(parent, to_char(month_start, 'YYYY_MM'), format(
          'FOR VALUES FROM (%L) TO (%L)', month_start AT TIME ZONE 'UTC',
          (month_start + interval '1 month') AT TIME ZONE 'UTC'));
      END LOOP;
    END LOOP;
  END $$;
  SELECT ketenpoort.ensure_partitions(12);
`;

/** Everything is refused unless named here. The gateway deletes nothing but timers that have run. */
export const GRANTS = `
  REVOKE ALL ON SCHEMA ketenpoort FROM PUBLIC;
  REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ketenpoort FROM PUBLIC;
  GRANT USAGE ON SCHEMA ketenpoort TO ketenpoort_app, ketenpoort_retention, ketenpoort_reader;
  GRANT SELECT ON ketenpoort.peer, ketenpoort.peer_certificate, ketenpoort.officer, ketenpoort.pilot,
    ketenpoort.pilot_capacity, ketenpoort.covenant, ketenpoort.local_policy, ketenpoort.route_basis,
    ketenpoort.migrations TO ketenpoort_app, ketenpoort_retention, ketenpoort_reader;

  GRANT SELECT, INSERT ON ketenpoort.access_record, ketenpoort.access_record_subject, ketenpoort.content,
    ketenpoort.message_key, ketenpoort.case_event TO ketenpoort_app;
  GRANT SELECT, INSERT, UPDATE ON ketenpoort.message, ketenpoort.delivery, ketenpoort.recipient_counter,
    ketenpoort.person, ketenpoort.lvv_case, ketenpoort.case_number, ketenpoort.stay TO ketenpoort_app;
  GRANT SELECT, INSERT, UPDATE, DELETE ON ketenpoort.timer TO ketenpoort_app;
  GRANT USAGE ON SEQUENCE ketenpoort.delivery_insert_order TO ketenpoort_app;
  GRANT EXECUTE ON FUNCTION ketenpoort.ensure_partitions(int) TO ketenpoort_app, ketenpoort_retention;

  GRANT SELECT, INSERT, DELETE ON ketenpoort.access_record, ketenpoort.access_record_subject TO ketenpoort_retention;
  GRANT SELECT, UPDATE, DELETE ON ketenpoort.content, ketenpoort.message, ketenpoort.message_key,
    ketenpoort.delivery, ketenpoort.case_event, ketenpoort.lvv_case, ketenpoort.person, ketenpoort.stay,
    ketenpoort.timer TO ketenpoort_retention;

  GRANT SELECT ON ketenpoort.access_record, ketenpoort.access_record_subject, ketenpoort.message,
    ketenpoort.delivery, ketenpoort.case_event TO ketenpoort_reader;
`;
