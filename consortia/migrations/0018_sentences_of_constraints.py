"""What a form can break has a sentence."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("consortia", "0017_given_up_in_preparation_checked")]
    operations = [
        migrations.AlterConstraint(
            model_name='attractedenterprise',
            name='attracted_investment_not_negative',
            constraint=models.CheckConstraint(condition=models.Q(('investment__gte', 0)), name='attracted_investment_not_negative', violation_error_message='An amount cannot be negative.'),
        ),
        migrations.AlterConstraint(
            model_name='cobuilder',
            name='co_builder_share_in_range',
            constraint=models.CheckConstraint(condition=models.Q(('share', None), models.Q(('share__gt', 0), ('share__lte', 100)), _connector='OR'), name='co_builder_share_in_range', violation_error_message='A share is more than 0 and at most 100 %.'),
        ),
        migrations.AlterConstraint(
            model_name='consortium',
            name='entity_capital_not_negative',
            constraint=models.CheckConstraint(condition=models.Q(('entity_capital', None), ('entity_capital__gte', 0), _connector='OR'), name='entity_capital_not_negative', violation_error_message='An amount cannot be negative.'),
        ),
        migrations.AlterConstraint(
            model_name='consortium',
            name='entity_means_name_and_code',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('entity_code', ''), ('form', 'VIRTUAL')), models.Q(('form', 'ENTITY'), models.Q(('entity_name', ''), _negated=True), models.Q(('entity_code', ''), _negated=True)), _connector='OR'), name='entity_means_name_and_code', violation_error_message='An incorporated consortium has its own name and code, a virtual one has none.'),
        ),
        migrations.AlterConstraint(
            model_name='contribution',
            name='contribution_is_something',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='contribution_is_something', violation_error_message='Give more than zero.'),
        ),
        migrations.AlterConstraint(
            model_name='fund',
            name='fund_amounts_not_negative',
            constraint=models.CheckConstraint(condition=models.Q(('paid_in__gte', 0), ('scale__gte', 0)), name='fund_amounts_not_negative', violation_error_message='An amount cannot be negative.'),
        ),
        migrations.AlterConstraint(
            model_name='investment',
            name='investment_has_an_amount',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='investment_has_an_amount', violation_error_message='Give more than zero.'),
        ),
        migrations.AlterConstraint(
            model_name='jointtraining',
            name='somebody_is_trained',
            constraint=models.CheckConstraint(condition=models.Q(('headcount__gte', 1)), name='somebody_is_trained', violation_error_message='Give more than zero.'),
        ),
        migrations.AlterConstraint(
            model_name='outcome',
            name='outcome_amount_not_negative',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='outcome_amount_not_negative', violation_error_message='An amount cannot be negative.'),
        ),
        migrations.AlterConstraint(
            model_name='outcome',
            name='outcome_share_in_range',
            constraint=models.CheckConstraint(condition=models.Q(('owner_share', None), models.Q(('owner_share__gt', 0), ('owner_share__lte', 100)), _connector='OR'), name='outcome_share_in_range', violation_error_message='A share is more than 0 and at most 100 %.'),
        ),
        migrations.AlterConstraint(
            model_name='platform',
            name='builder_share_in_range',
            constraint=models.CheckConstraint(condition=models.Q(('share', None), models.Q(('share__gt', 0), ('share__lte', 100)), _connector='OR'), name='builder_share_in_range', violation_error_message='A share is more than 0 and at most 100 %.'),
        ),
        migrations.AlterConstraint(
            model_name='platform',
            name='equipment_value_not_negative',
            constraint=models.CheckConstraint(condition=models.Q(('equipment_value__gte', 0)), name='equipment_value_not_negative', violation_error_message='An amount cannot be negative.'),
        ),
        migrations.AlterConstraint(
            model_name='platformyear',
            name='service_income_not_negative',
            constraint=models.CheckConstraint(condition=models.Q(('income__gte', 0)), name='service_income_not_negative', violation_error_message='An amount cannot be negative.'),
        ),
        migrations.AlterConstraint(
            model_name='researchtask',
            name='task_budget_not_negative',
            constraint=models.CheckConstraint(condition=models.Q(('budget_grant__gte', 0), ('budget_own__gte', 0)), name='task_budget_not_negative', violation_error_message='An amount cannot be negative.'),
        ),
        migrations.AlterConstraint(
            model_name='sharingrecord',
            name='sharing_amounts_in_range',
            constraint=models.CheckConstraint(condition=models.Q(('charge__gte', 0), ('quantity__gt', 0)), name='sharing_amounts_in_range', violation_error_message='The use is more than zero, and the charge is not negative.'),
        ),
        migrations.AlterConstraint(
            model_name='talent',
            name='talent_is_somebody_at_work',
            constraint=models.CheckConstraint(condition=models.Q(('headcount__gte', 1), ('person_months__gt', 0)), name='talent_is_somebody_at_work', violation_error_message='Give more than zero.'),
        ),
    ]
