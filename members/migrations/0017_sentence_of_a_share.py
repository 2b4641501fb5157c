"""The sentence of a share spells per cent out."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0016_relations'),
    ]

    operations = [
        migrations.AlterConstraint(
            model_name='relation',
            name='relation_share_in_range',
            constraint=models.CheckConstraint(condition=models.Q(('percent', None), models.Q(('kind__in', ['EQUITY', 'INVESTOR']), ('percent__gt', 0), ('percent__lte', 100)), _connector='OR'), name='relation_share_in_range', violation_error_code='percent', violation_error_message='A share is more than 0 and at most 100 per cent, and only of who holds shares.'),
        ),
    ]
