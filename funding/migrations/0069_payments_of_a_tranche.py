"""A tranche can be paid again after the bank returned it: only what stands is unique."""

from django.db import migrations


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ("funding", "0068_payments_stand_validated"),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX CONCURRENTLY funding_payment_tranche_id ON funding_payment (tranche_id)",
            "DROP INDEX CONCURRENTLY funding_payment_tranche_id",
        ),
        migrations.RunSQL(
            "ALTER TABLE funding_payment DROP CONSTRAINT funding_payment_tranche_id_key",
            "ALTER TABLE funding_payment ADD CONSTRAINT funding_payment_tranche_id_key UNIQUE (tranche_id)",
        ),
    ]
