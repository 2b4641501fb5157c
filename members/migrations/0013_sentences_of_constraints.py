"""What a form can break has a sentence."""

import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0004_watched_views'),
        ('members', '0012_registered_abroad_once'),
    ]

    operations = [
        migrations.AlterConstraint(
            model_name='correctionrequest',
            name='correction_says_what',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('field', 'other'), models.Q(('explanation', ''), _negated=True)), models.Q(models.Q(('field', 'other'), _negated=True), models.Q(('wanted', ''), _negated=True)), _connector='OR'), name='correction_says_what', violation_error_message='Please say what it should be, or what is wrong.'),
        ),
        migrations.AlterConstraint(
            model_name='correctionrequest',
            name='one_open_correction_a_field',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'OPEN')), fields=('person', 'field'), name='one_open_correction_a_field', violation_error_message='You have asked for this already; please wait for the answer.'),
        ),
        migrations.AlterConstraint(
            model_name='importbatch',
            name='import_source_is_known',
            constraint=models.CheckConstraint(condition=models.Q(('source__in', ('IMPORT', 'STATISTICS'))), name='import_source_is_known', violation_error_message='Choose where the figures come from.'),
        ),
        migrations.AlterConstraint(
            model_name='integrityrecord',
            name='integrity_term_in_order',
            constraint=models.CheckConstraint(condition=models.Q(('effective_to', None), ('effective_to__gte', models.F('effective_from')), _connector='OR'), name='integrity_term_in_order', violation_error_message='The end is before the beginning.'),
        ),
        migrations.AlterConstraint(
            model_name='invitation',
            name='one_open_invitation',
            constraint=models.UniqueConstraint(condition=models.Q(('accepted_at', None), ('withdrawn_at', None)), fields=('organisation', 'email'), name='one_open_invitation', violation_error_message='This colleague is invited already.'),
        ),
        migrations.AlterConstraint(
            model_name='invitation',
            name='invitation_names_a_role',
            constraint=models.CheckConstraint(condition=models.Q(('roles', []), _negated=True), name='invitation_names_a_role', violation_error_message='Choose at least one role.'),
        ),
        migrations.AlterConstraint(
            model_name='invitation',
            name='invitation_email_in_lower_case',
            constraint=models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='invitation_email_in_lower_case', violation_error_message='An e-mail address is kept in small letters.'),
        ),
        migrations.AlterConstraint(
            model_name='organisation',
            name='industry_code_has_four_digits',
            constraint=models.CheckConstraint(condition=models.Q(('industry_code', ''), ('industry_code__regex', '^\\d{4}$'), _connector='OR'), name='industry_code_has_four_digits', violation_error_message='Four digits, as in GB/T 4754.'),
        ),
        migrations.AlterConstraint(
            model_name='organisation',
            name='division_code_has_six_digits',
            constraint=models.CheckConstraint(condition=models.Q(('adcode', ''), ('adcode__regex', '^\\d{6}$'), _connector='OR'), name='division_code_has_six_digits', violation_error_message='Six digits, as in GB/T 2260.'),
        ),
        migrations.AlterConstraint(
            model_name='organisation',
            name='capital_not_negative',
            constraint=models.CheckConstraint(condition=models.Q(('registered_capital', None), ('registered_capital__gte', 0), _connector='OR'), name='capital_not_negative', violation_error_message='An amount cannot be negative.'),
        ),
        migrations.AlterConstraint(
            model_name='pastfigures',
            name='pastfigures_not_negative',
            constraint=models.CheckConstraint(condition=models.Q(('rd_expense__gte', 0), ('revenue__gte', 0), models.Q(('total_assets', None), ('total_assets__gte', 0), _connector='OR')), name='pastfigures_not_negative', violation_error_message='An amount cannot be negative.'),
        ),
        migrations.AlterConstraint(
            model_name='pastfigures',
            name='pastfigures_rd_staff_within_staff',
            constraint=models.CheckConstraint(condition=models.Q(('rd_staff__lte', models.F('staff'))), name='pastfigures_rd_staff_within_staff', violation_error_message='The R&D staff cannot be more than the staff.'),
        ),
        migrations.AlterConstraint(
            model_name='qualification',
            name='qualification_term_in_order',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='qualification_term_in_order', violation_error_message='The end is before the beginning.'),
        ),
        migrations.AlterConstraint(
            model_name='qualification',
            name='ranking_has_year_and_place',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['CHINA500', 'FORTUNE500']), ('list_year__isnull', False), ('rank__isnull', False), ('rank__range', (1, 500))), models.Q(models.Q(('kind__in', ['CHINA500', 'FORTUNE500']), _negated=True), ('list_year', None), ('rank', None)), _connector='OR'), name='ranking_has_year_and_place', violation_error_message='A ranking, and nothing else, has the year of the list and a place.'),
        ),
        migrations.AlterConstraint(
            model_name='qualification',
            name='another_qualification_has_a_name',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'OTHER'), _negated=True), models.Q(('label', ''), _negated=True), _connector='OR'), name='another_qualification_has_a_name', violation_error_message='Please say what it is called.'),
        ),
        migrations.AlterConstraint(
            model_name='qualification',
            name='qualification_stated_once',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['STATED', 'VERIFIED'])), fields=('organisation', 'kind', 'label', 'valid_from', 'certificate'), name='qualification_stated_once', violation_error_message='This qualification is stated already; withdraw it first if something was wrong.'),
        ),
        migrations.AlterConstraint(
            model_name='rolegrant',
            name='role_is_granted_once',
            constraint=models.UniqueConstraint(condition=models.Q(('revoked_at', None)), fields=('user', 'role', 'organisation', 'district'), name='role_is_granted_once', nulls_distinct=False, violation_error_message='This person holds the role already.'),
        ),
        migrations.AlterConstraint(
            model_name='user',
            name='user_email_in_lower_case',
            constraint=models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='user_email_in_lower_case', violation_error_message='An e-mail address is kept in small letters.'),
        ),
        migrations.AlterConstraint(
            model_name='yearfigures',
            name='one_statement_a_year',
            constraint=models.UniqueConstraint(fields=('organisation', 'year'), name='one_statement_a_year', violation_error_message='The figures of this year are recorded already.'),
        ),
        migrations.AlterConstraint(
            model_name='yearfigures',
            name='yearfigures_not_negative',
            constraint=models.CheckConstraint(condition=models.Q(('rd_expense__gte', 0), ('revenue__gte', 0), models.Q(('total_assets', None), ('total_assets__gte', 0), _connector='OR')), name='yearfigures_not_negative', violation_error_message='An amount cannot be negative.'),
        ),
        migrations.AlterConstraint(
            model_name='yearfigures',
            name='yearfigures_rd_staff_within_staff',
            constraint=models.CheckConstraint(condition=models.Q(('rd_staff__lte', models.F('staff'))), name='yearfigures_rd_staff_within_staff', violation_error_message='The R&D staff cannot be more than the staff.'),
        ),
    ]
