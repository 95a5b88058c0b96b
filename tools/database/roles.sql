-- Run once in a cluster by a database administrator, before the first `npm run migrate`. Running it again changes
-- nothing. Afterwards give each role its own password (\password ketenpoort_app) and make the database:
--   CREATE DATABASE ketenpoort OWNER ketenpoort_owner TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C';
-- Owner migrates and maintains the register; app is the gateway; retention erases what has expired; reader exports.
-- A login of your own may also be a member of one of these roles (GRANT ketenpoort_app TO ...).
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['ketenpoort_owner', 'ketenpoort_app', 'ketenpoort_retention', 'ketenpoort_reader'] LOOP
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = name) THEN
      EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION', name);
    END IF;
  END LOOP;
END $$;
