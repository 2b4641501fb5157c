"""A contract is drafted and offered before it is signed, and has an end."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('funding', '0062_parts_of_a_total_validated'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='contract',
            name='signed_means_by_whom',
        ),
        migrations.RemoveConstraint(
            model_name='contract',
            name='effective_means_countersigned',
        ),
        migrations.AddField(
            model_name='contract',
            name='offered_at',
            field=models.DateTimeField(null=True, verbose_name='offered at'),
        ),
        migrations.AddField(
            model_name='contract',
            name='offered_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='contract',
            name='version',
            field=models.PositiveSmallIntegerField(db_default=1, default=1, verbose_name='version'),
        ),
        migrations.SeparateDatabaseAndState(  # the database knows no choices
            state_operations=[
                migrations.AlterField(
                    model_name='contract',
                    name='status',
                    field=models.CharField(choices=[('DRAFT', 'Being drafted'), ('CONFIRMING', 'Waiting for the parties to confirm'), ('OFFERED', 'Waiting for the parties to sign'), ('SIGNED', "Waiting for the bureau's signature"), ('EFFECTIVE', 'Effective'), ('AMENDING', 'Being amended'), ('COMPLETED', 'Accepted and closed'), ('TERMINATED', 'Terminated'), ('EXPIRED', 'Expired without acceptance')], default='DRAFT', editable=False, max_length=10, verbose_name='status'),
                ),
                migrations.AlterField(
                    model_name='tranche',
                    name='condition',
                    field=models.CharField(choices=[('CONTRACT', 'Contract effective'), ('EVALUATION', 'Annual evaluation at least qualified'), ('ACCEPTANCE', 'Project accepted')], max_length=12, verbose_name='condition'),
                ),
            ],
        ),
        AddConstraintNotValid(
            model_name='contract',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['DRAFT', 'CONFIRMING', 'OFFERED']), models.Q(('signed_at__isnull', False), ('signed_by__isnull', False)), _connector='OR'), name='signed_means_by_whom'),
        ),
        AddConstraintNotValid(
            model_name='contract',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['EFFECTIVE', 'AMENDING', 'COMPLETED', 'TERMINATED', 'EXPIRED']), _negated=True), models.Q(('countersigned_at__isnull', False), ('countersigned_by__isnull', False)), _connector='OR'), name='effective_means_countersigned'),
        ),
        AddConstraintNotValid(
            model_name='contract',
            constraint=models.CheckConstraint(condition=models.Q(('countersigned_by', None), ('offered_by', None), models.Q(('countersigned_by', models.F('offered_by')), _negated=True), _connector='OR'), name='who_drafts_does_not_countersign', violation_error_message='Who offered the contract does not sign it for the bureau.'),
        ),
    ]
