import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('funding', '0044_invitations'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='consolidation',
            name='basis',
            field=models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict),
        ),
        migrations.AddField(
            model_name='consolidation',
            name='named_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='consolidation',
            name='reason',
            field=models.CharField(blank=True, db_default='', max_length=500, verbose_name='reason'),
        ),
        AddConstraintNotValid(
            model_name='consolidation',
            constraint=models.CheckConstraint(condition=models.Q(('named_by', None), models.Q(('reason', ''), _negated=True), _connector='OR'), name='lead_named_for_a_reason', violation_error_message='Whoever leads instead of the one proposed was named for a reason.'),
        ),
    ]
