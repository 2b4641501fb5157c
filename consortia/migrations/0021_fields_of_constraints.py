"""What a form can break is said at its field."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consortia', '0020_answers_to_requests_checked'),
        ('kernel', '0004_watched_views'),
        ('members', '0014_fields_of_constraints'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterConstraint(
            model_name='attractedenterprise',
            name='attracted_once',
            constraint=models.UniqueConstraint(fields=('consortium', 'name'), name='attracted_once', violation_error_code='name', violation_error_message='This enterprise is recorded already.'),
        ),
        migrations.AlterConstraint(
            model_name='backgroundip',
            name='background_ip_listed_once',
            constraint=models.UniqueConstraint(fields=('consortium', 'number'), name='background_ip_listed_once', violation_error_code='number', violation_error_message='This number is listed already.'),
        ),
        migrations.AlterConstraint(
            model_name='cobuilder',
            name='co_builder_once',
            constraint=models.UniqueConstraint(fields=('platform', 'organisation'), name='co_builder_once', violation_error_code='organisation', violation_error_message='This builder is named already.'),
        ),
        migrations.AlterConstraint(
            model_name='cobuilder',
            name='outside_builder_once',
            constraint=models.UniqueConstraint(condition=models.Q(('outside', ''), _negated=True), fields=('platform', 'outside'), name='outside_builder_once', violation_error_code='outside', violation_error_message='This builder is named already.'),
        ),
        migrations.AlterConstraint(
            model_name='cobuilder',
            name='co_builder_is_inside_or_outside',
            constraint=models.CheckConstraint(condition=models.Q(('organisation', None), ('outside', ''), _connector='XOR'), name='co_builder_is_inside_or_outside', violation_error_code='outside', violation_error_message='Name a member, or an organisation outside.'),
        ),
        migrations.AlterConstraint(
            model_name='cobuilder',
            name='co_builder_share_in_range',
            constraint=models.CheckConstraint(condition=models.Q(('share', None), models.Q(('share__gt', 0), ('share__lte', 100)), _connector='OR'), name='co_builder_share_in_range', violation_error_code='share', violation_error_message='A share is more than 0 and at most 100 %.'),
        ),
        migrations.AlterConstraint(
            model_name='consortium',
            name='consortium_name_is_unique',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['EXITED', 'REVOKED']), _negated=True), fields=('name',), name='consortium_name_is_unique', violation_error_code='name', violation_error_message='A consortium of this name exists already.'),
        ),
        migrations.AlterConstraint(
            model_name='consortiumlink',
            name='one_open_link_of_a_kind',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'PROPOSED')), fields=('proposer', 'partner', 'kind'), name='one_open_link_of_a_kind', violation_error_code='kind', violation_error_message='A link of this kind is proposed to this consortium already.'),
        ),
        migrations.AlterConstraint(
            model_name='consortiumlink',
            name='link_ends_after_it_starts',
            constraint=models.CheckConstraint(condition=models.Q(('end__gt', models.F('start'))), name='link_ends_after_it_starts', violation_error_code='end', violation_error_message='The end must be after the start.'),
        ),
        migrations.AlterConstraint(
            model_name='contribution',
            name='contribution_is_something',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='contribution_is_something', violation_error_code='amount', violation_error_message='Give more than zero.'),
        ),
        migrations.AlterConstraint(
            model_name='contribution',
            name='in_kind_means_what',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'CASH'), models.Q(('note', ''), _negated=True), _connector='OR'), name='in_kind_means_what', violation_error_code='note', violation_error_message='Say what was contributed in kind.'),
        ),
        migrations.AlterConstraint(
            model_name='fieldmilestone',
            name='field_milestone_once',
            constraint=models.UniqueConstraint(fields=('sub_field', 'name'), name='field_milestone_once', violation_error_code='name', violation_error_message='This milestone stands in the timetable already.'),
        ),
        migrations.AlterConstraint(
            model_name='fund',
            name='fund_paid_in_within_scale',
            constraint=models.CheckConstraint(condition=models.Q(('paid_in__lte', models.F('scale'))), name='fund_paid_in_within_scale', violation_error_code='paid_in', violation_error_message='More than the scale of the fund cannot be paid in.'),
        ),
        migrations.AlterConstraint(
            model_name='investment',
            name='investment_has_an_amount',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='investment_has_an_amount', violation_error_code='amount', violation_error_message='Give more than zero.'),
        ),
        migrations.AlterConstraint(
            model_name='jointtraining',
            name='training_period_in_order',
            constraint=models.CheckConstraint(condition=models.Q(('end__gte', models.F('start'))), name='training_period_in_order', violation_error_code='end', violation_error_message='The end must not be before the start.'),
        ),
        migrations.AlterConstraint(
            model_name='jointtraining',
            name='training_by_two_members',
            constraint=models.CheckConstraint(condition=models.Q(('home', models.F('partner')), _negated=True), name='training_by_two_members', violation_error_code='partner', violation_error_message='Name two different organisations.'),
        ),
        migrations.AlterConstraint(
            model_name='jointtraining',
            name='somebody_is_trained',
            constraint=models.CheckConstraint(condition=models.Q(('headcount__gte', 1)), name='somebody_is_trained', violation_error_code='headcount', violation_error_message='Give more than zero.'),
        ),
        migrations.AlterConstraint(
            model_name='keytechnology',
            name='trl_between_1_and_9_and_rising',
            constraint=models.CheckConstraint(condition=models.Q(('trl_now__gte', 1), ('trl_now__lte', 9), ('trl_start__gte', 1), ('trl_target__lte', 9), ('trl_target__gte', models.F('trl_start'))), name='trl_between_1_and_9_and_rising', violation_error_code='trl_target', violation_error_message='The target TRL must not be below the TRL at start.'),
        ),
        migrations.AlterConstraint(
            model_name='obligation',
            name='obligation_settled_on_a_day',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_on', None), ('state', 'DUE')), models.Q(models.Q(('state', 'DUE'), _negated=True), ('settled_on__isnull', False)), _connector='OR'), name='obligation_settled_on_a_day', violation_error_code='settled_on', violation_error_message='Give the day for what is fulfilled or breached, and for nothing else.'),
        ),
        migrations.AlterConstraint(
            model_name='obligation',
            name='breach_means_what',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'BREACHED'), _negated=True), models.Q(('remark', ''), _negated=True), _connector='OR'), name='breach_means_what', violation_error_code='remark', violation_error_message='Say what the breach consists in.'),
        ),
        migrations.AlterConstraint(
            model_name='outcome',
            name='outcome_share_in_range',
            constraint=models.CheckConstraint(condition=models.Q(('owner_share', None), models.Q(('owner_share__gt', 0), ('owner_share__lte', 100)), _connector='OR'), name='outcome_share_in_range', violation_error_code='owner_share', violation_error_message='A share is more than 0 and at most 100 %.'),
        ),
        migrations.AlterConstraint(
            model_name='outcome',
            name='patent_granted_after_application',
            constraint=models.CheckConstraint(condition=models.Q(('granted_on', None), ('granted_on__gte', models.F('applied_on')), _connector='OR'), name='patent_granted_after_application', violation_error_code='granted_on', violation_error_message='A patent is not granted before it is applied for.'),
        ),
        migrations.AlterConstraint(
            model_name='platform',
            name='builder_share_in_range',
            constraint=models.CheckConstraint(condition=models.Q(('share', None), models.Q(('share__gt', 0), ('share__lte', 100)), _connector='OR'), name='builder_share_in_range', violation_error_code='share', violation_error_message='A share is more than 0 and at most 100 %.'),
        ),
        migrations.AlterConstraint(
            model_name='platformmatch',
            name='match_settled_means_how',
            constraint=models.CheckConstraint(condition=models.Q(('result__in', ['ASKED', 'TALKS']), models.Q(('record', ''), _negated=True), _connector='OR'), name='match_settled_means_how', violation_error_code='record', violation_error_message='Say what was agreed, or why nothing came of it.'),
        ),
        migrations.AlterConstraint(
            model_name='platformyear',
            name='one_service_year',
            constraint=models.UniqueConstraint(fields=('platform', 'year'), name='one_service_year', violation_error_code='year', violation_error_message='The figures of this year are recorded already.'),
        ),
        migrations.AlterConstraint(
            model_name='recognition',
            name='recognised_once',
            constraint=models.UniqueConstraint(fields=('consortium', 'document_number', 'name'), name='recognised_once', violation_error_code='document_number', violation_error_message='This recognition is recorded already.'),
        ),
        migrations.AlterConstraint(
            model_name='researchtask',
            name='task_ends_after_it_starts',
            constraint=models.CheckConstraint(condition=models.Q(('end__gt', models.F('start'))), name='task_ends_after_it_starts', violation_error_code='end', violation_error_message='The end must be after the start.'),
        ),
        migrations.AlterConstraint(
            model_name='sharingrecord',
            name='sharing_amounts_in_range',
            constraint=models.CheckConstraint(condition=models.Q(('charge__gte', 0), ('quantity__gt', 0)), name='sharing_amounts_in_range', violation_error_code='quantity', violation_error_message='The use is more than zero, and the charge is not negative.'),
        ),
        migrations.AlterConstraint(
            model_name='supplylink',
            name='supplier_is_member_or_outside',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outside_supplier', ''), ('supplier__isnull', False)), models.Q(('supplier', None), models.Q(('outside_supplier', ''), _negated=True)), _connector='OR'), name='supplier_is_member_or_outside', violation_error_code='outside_supplier', violation_error_message='Name the supplier: a member, or one from outside, not both.'),
        ),
        migrations.AlterConstraint(
            model_name='supplylink',
            name='nobody_supplies_itself',
            constraint=models.CheckConstraint(condition=models.Q(('supplier', None), models.Q(('supplier', models.F('customer')), _negated=True), _connector='OR'), name='nobody_supplies_itself', violation_error_code='supplier', violation_error_message='Supplier and customer are the same organisation.'),
        ),
        migrations.AlterConstraint(
            model_name='talent',
            name='talent_period_in_order',
            constraint=models.CheckConstraint(condition=models.Q(('end__gte', models.F('start'))), name='talent_period_in_order', violation_error_code='end', violation_error_message='The end must not be before the start.'),
        ),
        migrations.AlterConstraint(
            model_name='talent',
            name='talent_is_somebody_at_work',
            constraint=models.CheckConstraint(condition=models.Q(('headcount__gte', 1), ('person_months__gt', 0)), name='talent_is_somebody_at_work', violation_error_code='person_months', violation_error_message='Give more than zero.'),
        ),
    ]
