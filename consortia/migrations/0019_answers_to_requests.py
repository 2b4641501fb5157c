"""The bureau answers requests for a platform of a higher level."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("consortia", "0018_sentences_of_constraints"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            model_name='platformmatch',
            name='answer',
            field=models.CharField(blank=True, db_default='', default='', editable=False, max_length=500, verbose_name='answer of the bureau'),
        ),
        migrations.AddField(
            model_name='platformmatch',
            name='answered_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='answered at'),
        ),
        migrations.AddField(
            model_name='platformmatch',
            name='answered_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        AddConstraintNotValid(
            model_name='platformmatch',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at', None), ('answered_by', None)), models.Q(models.Q(('answer', ''), _negated=True), ('answered_at__isnull', False), ('answered_by__isnull', False)), _connector='OR'), name='match_answered_by_whom'),
        ),
    ]
