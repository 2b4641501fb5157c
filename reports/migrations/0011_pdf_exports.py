"""Files made in the background may be PDFs to be signed."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("kernel", "0011_pdf_exports_checked"),
        ("reports", "0010_export_schedules"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='exportjob',
            name='export_job_format_is_known',
        ),
        AddConstraintNotValid(
            model_name='exportjob',
            constraint=models.CheckConstraint(condition=models.Q(('format__in', ['xlsx', 'csv', 'json', 'jsonl', 'pdf'])), name='export_job_format_is_known'),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name='exportjob',
                    name='format',
                    field=models.CharField(choices=[('xlsx', 'Excel workbook (XLSX)'), ('csv', 'CSV'), ('json', 'JSON'), ('jsonl', 'JSON lines'), ('pdf', 'PDF to be signed')], max_length=5, verbose_name='format'),
                ),
            ],
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name='exportschedule',
                    name='format',
                    field=models.CharField(choices=[('xlsx', 'Excel workbook (XLSX)'), ('csv', 'CSV'), ('json', 'JSON'), ('jsonl', 'JSON lines'), ('pdf', 'PDF to be signed')], max_length=5, verbose_name='format'),
                ),
            ],
        ),
    ]
