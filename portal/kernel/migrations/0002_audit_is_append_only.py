"""A trigger refuses to change or remove an audit entry."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION kernel_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON kernel_auditentry
    FOR EACH ROW EXECUTE FUNCTION kernel_audit_refuse();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON kernel_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_audit_refuse();
CREATE TRIGGER checkpoint_append_only BEFORE UPDATE OR DELETE ON kernel_auditcheckpoint
    FOR EACH ROW EXECUTE FUNCTION kernel_audit_refuse();
CREATE TRIGGER checkpoint_no_truncate BEFORE TRUNCATE ON kernel_auditcheckpoint
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_audit_refuse();
"""
BACKWARD = """
DROP TRIGGER checkpoint_no_truncate ON kernel_auditcheckpoint;
DROP TRIGGER checkpoint_append_only ON kernel_auditcheckpoint;
DROP TRIGGER audit_no_truncate ON kernel_auditentry;
DROP TRIGGER audit_append_only ON kernel_auditentry;
DROP FUNCTION kernel_audit_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
