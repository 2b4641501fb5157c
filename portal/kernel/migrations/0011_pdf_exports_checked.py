"""The rows from before have known formats, too."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("kernel", "0010_pdf_exports"),
    ]

    operations = [
        ValidateConstraint(model_name='exportlog', name='export_log_format_is_known'),
    ]
