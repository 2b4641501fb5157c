"""The words of a consortium follow its code, its name and its lead's; an index finds them by two characters."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION consortia_fill_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.words = kernel_fold(concat_ws(' ', NEW.code, NEW.name,
        (SELECT lead.name FROM members_organisation lead WHERE lead.id = NEW.lead_id)));
    RETURN NEW;
END $$;
CREATE TRIGGER consortium_words BEFORE INSERT OR UPDATE ON consortia_consortium
    FOR EACH ROW EXECUTE FUNCTION consortia_fill_words();
CREATE FUNCTION consortia_follow_lead() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE consortia_consortium SET name = name WHERE lead_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER lead_is_renamed AFTER UPDATE OF name ON members_organisation
    FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION consortia_follow_lead();
CREATE INDEX consortium_words ON consortia_consortium USING gin (kernel_bigrams(words));
"""
BACKWARD = """
DROP INDEX consortium_words;
DROP TRIGGER lead_is_renamed ON members_organisation;
DROP FUNCTION consortia_follow_lead();
DROP TRIGGER consortium_words ON consortia_consortium;
DROP FUNCTION consortia_fill_words();
"""


class Migration(migrations.Migration):
    dependencies = [("consortia", "0001_initial"), ("members", "0003_words_of_organisations")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
