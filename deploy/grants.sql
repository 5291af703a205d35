-- What the application's role may do: rows, never tables; of the audit trail only to read and to add.
-- Run it as a superuser or the owner, in the platform's database, after each migration.
GRANT USAGE ON SCHEMA public TO survey_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO survey_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO survey_app;
REVOKE UPDATE, DELETE ON audit_event, results_release, alembic_version, schema_floor FROM survey_app;
REVOKE INSERT ON alembic_version, schema_floor FROM survey_app;
