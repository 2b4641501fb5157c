from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('consortia', '0009_search_what_is_offered'),
    ]

    operations = [
        ValidateConstraint(model_name='researchtask', name='task_project_has_level_and_number'),
    ]
