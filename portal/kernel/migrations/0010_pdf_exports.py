"""Exports may be PDFs to be signed."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("kernel", "0009_outages"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='exportlog',
            name='export_log_format_is_known',
        ),
        AddConstraintNotValid(
            model_name='exportlog',
            constraint=models.CheckConstraint(condition=models.Q(('format__in', ['xlsx', 'csv', 'json', 'jsonl', 'pdf'])), name='export_log_format_is_known'),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name='exportlog',
                    name='format',
                    field=models.CharField(choices=[('xlsx', 'Excel workbook (XLSX)'), ('csv', 'CSV'), ('json', 'JSON'), ('jsonl', 'JSON lines'), ('pdf', 'PDF to be signed')], max_length=5, verbose_name='format'),
                ),
            ],
        ),
    ]
