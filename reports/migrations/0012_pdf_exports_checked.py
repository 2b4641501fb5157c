"""The rows from before have known formats, too."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("reports", "0011_pdf_exports"),
    ]

    operations = [
        ValidateConstraint(model_name='exportjob', name='export_job_format_is_known'),
    ]
