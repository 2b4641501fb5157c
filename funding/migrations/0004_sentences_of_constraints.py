"""What a form can break has a sentence."""

from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('funding', '0003_earlier_contracts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterConstraint(
            model_name='call',
            name='call_round_once_a_year',
            constraint=models.UniqueConstraint(fields=('year', 'round'), name='call_round_once_a_year', violation_error_message='There is a call for this round of the year already.'),
        ),
        migrations.AlterConstraint(
            model_name='call',
            name='call_money_not_negative',
            constraint=models.CheckConstraint(condition=models.Q(('budget__range', (0, Decimal('1000000000000000'))), ('cap_a__range', (0, Decimal('1000000000000000'))), ('cap_b__range', (0, Decimal('1000000000000000'))), ('cap_c__range', (0, Decimal('1000000000000000')))), name='call_money_not_negative', violation_error_message='An amount cannot be negative.'),
        ),
    ]
