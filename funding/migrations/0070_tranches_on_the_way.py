"""Who signed is known of tranches in a batch, with the treasury and returned, too."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("funding", "0069_payments_of_a_tranche"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='tranche',
            name='verified_means_by_whom',
        ),
        migrations.RemoveConstraint(
            model_name='tranche',
            name='reviewed_means_by_whom',
        ),
        migrations.RemoveConstraint(
            model_name='tranche',
            name='payment_approved_means_by_whom',
        ),
        AddConstraintNotValid(
            model_name='tranche',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['VERIFIED', 'REVIEWED', 'APPROVED', 'BATCHED', 'SENT', 'PAID', 'CONFIRMED', 'RETURNED']), _negated=True), models.Q(('requested_by__isnull', False), ('verified_by__isnull', False)), _connector='OR'), name='verified_means_by_whom'),
        ),
        AddConstraintNotValid(
            model_name='tranche',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['REVIEWED', 'APPROVED', 'BATCHED', 'SENT', 'PAID', 'CONFIRMED', 'RETURNED']), _negated=True), ('reviewed_by__isnull', False), _connector='OR'), name='reviewed_means_by_whom'),
        ),
        AddConstraintNotValid(
            model_name='tranche',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['APPROVED', 'BATCHED', 'SENT', 'PAID', 'CONFIRMED', 'RETURNED']), _negated=True), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False), ('condition_met_on__isnull', False)), _connector='OR'), name='payment_approved_means_by_whom'),
        ),
    ]
