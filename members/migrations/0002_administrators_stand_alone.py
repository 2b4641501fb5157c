"""A trigger keeps administrator roles and business roles apart, whoever writes them."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION members_keep_administrators_apart() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE administrators CONSTANT text[] := ARRAY['SYSTEM_ADMIN', 'SECURITY_ADMIN', 'AUDIT_ADMIN'];
BEGIN
    IF NEW.revoked_at IS NOT NULL THEN
        RETURN NEW;
    END IF;
    -- Two grants to one person wait for each other here, so that the second one sees the first.
    PERFORM 1 FROM members_user WHERE id = NEW.user_id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT 1 FROM members_rolegrant other
        WHERE other.user_id = NEW.user_id AND other.id <> NEW.id AND other.revoked_at IS NULL
          AND (other.role = ANY (administrators)) <> (NEW.role = ANY (administrators))
    ) THEN
        RAISE EXCEPTION 'administrators_hold_no_business_role'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'administrators_hold_no_business_role';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER administrators_stand_alone BEFORE INSERT OR UPDATE ON members_rolegrant
    FOR EACH ROW EXECUTE FUNCTION members_keep_administrators_apart();
"""
BACKWARD = """
DROP TRIGGER administrators_stand_alone ON members_rolegrant;
DROP FUNCTION members_keep_administrators_apart();
"""


class Migration(migrations.Migration):
    dependencies = [("members", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
