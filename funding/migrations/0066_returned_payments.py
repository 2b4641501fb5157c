"""A payment stands, or the bank returned it."""


import django.db.models.deletion
import django.utils.timezone
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("funding", "0065_payment_batches"),
    ]

    operations = [
        migrations.AddField(
            model_name='payment',
            name='return_reason',
            field=models.CharField(blank=True, db_default='', max_length=300, verbose_name='why it was returned'),
        ),
        migrations.AddField(
            model_name='payment',
            name='returned_on',
            field=models.DateField(null=True, verbose_name='returned on'),
        ),
        migrations.AddField(
            model_name='payment',
            name='standing',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payment', to='funding.tranche'),
        ),
        migrations.AddField(
            model_name='payment',
            name='order',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payment', to='funding.paymentorder'),
        ),
        AddConstraintNotValid(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('return_reason', ''), ('returned_on', None), ('standing', models.F('tranche')), ('standing__isnull', False)), models.Q(('returned_on__gte', models.F('paid_on')), ('returned_on__isnull', False), ('standing', None), models.Q(('return_reason', ''), _negated=True)), _connector='OR'), name='a_payment_stands_or_came_back'),
        ),
    ]
