"""The words of an organisation follow its name and code, and an index finds them by two characters."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION members_fill_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.words = kernel_fold(concat_ws(' ', NEW.name, NEW.uscc));
    RETURN NEW;
END $$;
CREATE TRIGGER organisation_words BEFORE INSERT OR UPDATE ON members_organisation
    FOR EACH ROW EXECUTE FUNCTION members_fill_words();
CREATE INDEX organisation_words ON members_organisation USING gin (kernel_bigrams(words));
"""
BACKWARD = """
DROP INDEX organisation_words;
DROP TRIGGER organisation_words ON members_organisation;
DROP FUNCTION members_fill_words();
"""


class Migration(migrations.Migration):
    dependencies = [("members", "0002_administrators_stand_alone"), ("kernel", "0003_bigrams")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
