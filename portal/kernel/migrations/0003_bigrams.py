"""How names are folded and cut for the search."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION kernel_fold(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT lower(normalize(words, NFKC))
$$;
CREATE FUNCTION kernel_bigrams(words text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT coalesce(array_agg(DISTINCT substr(words, place, 2)), '{}'::text[])
    FROM generate_series(1, length(words) - 1) AS place
$$;
"""
BACKWARD = """
DROP FUNCTION kernel_bigrams(text);
DROP FUNCTION kernel_fold(text);
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0002_audit_is_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
