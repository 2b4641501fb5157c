"""Grades that were final before: told when they were confirmed, the time for appeals over."""

from django.db import migrations


def fill(apps, _schema_editor):
    evaluations = apps.get_model("reports", "Evaluation").objects.filter(status="FINAL", confirmed_at=None)
    for evaluation in evaluations.only("finalised_by_id", "finalised_at").iterator():
        evaluations.filter(pk=evaluation.pk).update(
            confirmed_by=evaluation.finalised_by_id, confirmed_at=evaluation.finalised_at,
            appeal_until=evaluation.finalised_at.date(),
        )


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0015_appeals'),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
