"""A trigger keeps parents and subsidiaries from forming a circle, whoever writes them."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION members_keep_parents_in_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.parent_id IS NULL THEN
        RETURN NEW;
    END IF;
    -- Two who tie knots at once wait for each other here, so that the second one sees the first.
    PERFORM pg_advisory_xact_lock(hashtext('members_keep_parents_in_line'));
    IF EXISTS (
        WITH RECURSIVE line (id, parent_id) AS (
            SELECT id, parent_id FROM members_organisation WHERE id = NEW.parent_id
            UNION
            SELECT up.id, up.parent_id FROM members_organisation up JOIN line ON up.id = line.parent_id
        )
        SELECT 1 FROM line WHERE id = NEW.id
    ) THEN
        RAISE EXCEPTION 'parents_form_no_circle'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'parents_form_no_circle';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER parents_stand_in_line BEFORE INSERT OR UPDATE OF parent_id ON members_organisation
    FOR EACH ROW EXECUTE FUNCTION members_keep_parents_in_line();
"""
BACKWARD = """
DROP TRIGGER parents_stand_in_line ON members_organisation;
DROP FUNCTION members_keep_parents_in_line();
"""


class Migration(migrations.Migration):
    dependencies = [("members", "0003_words_of_organisations")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
