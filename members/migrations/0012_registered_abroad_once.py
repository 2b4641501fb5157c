from django.db import migrations, models

BUILD = """
CREATE UNIQUE INDEX CONCURRENTLY organisation_registered_abroad_once
    ON members_organisation (country, registration_number) WHERE NOT (registration_number = '')
"""


class Migration(migrations.Migration):
    """A unique constraint, built while people go on writing."""

    atomic = False

    dependencies = [
        ('members', '0011_registered_abroad_in_a_country'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(BUILD, "DROP INDEX CONCURRENTLY organisation_registered_abroad_once"),
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name='organisation',
                    constraint=models.UniqueConstraint(
                        condition=models.Q(('registration_number', ''), _negated=True),
                        fields=('country', 'registration_number'),
                        name='organisation_registered_abroad_once',
                    ),
                ),
            ],
        ),
    ]
