from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0010_registered_abroad'),
    ]

    operations = [
        ValidateConstraint(model_name='organisation', name='organisation_registered_abroad_in_a_country'),
    ]
