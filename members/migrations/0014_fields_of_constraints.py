"""What a form can break is said at its field."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0004_watched_views'),
        ('members', '0013_sentences_of_constraints'),
    ]

    operations = [
        migrations.AlterConstraint(
            model_name='creditcheck',
            name='credit_doubt_means_what',
            constraint=models.CheckConstraint(condition=models.Q(('result', 'GOOD'), models.Q(('summary', ''), _negated=True), _connector='OR'), name='credit_doubt_means_what', violation_error_code='summary', violation_error_message='Say what stands in the report.'),
        ),
        migrations.AlterConstraint(
            model_name='integrityrecord',
            name='integrity_term_in_order',
            constraint=models.CheckConstraint(condition=models.Q(('effective_to', None), ('effective_to__gte', models.F('effective_from')), _connector='OR'), name='integrity_term_in_order', violation_error_code='effective_to', violation_error_message='The end is before the beginning.'),
        ),
        migrations.AlterConstraint(
            model_name='pastfigures',
            name='pastfigures_rd_staff_within_staff',
            constraint=models.CheckConstraint(condition=models.Q(('rd_staff__lte', models.F('staff'))), name='pastfigures_rd_staff_within_staff', violation_error_code='rd_staff', violation_error_message='The R&D staff cannot be more than the staff.'),
        ),
        migrations.AlterConstraint(
            model_name='qualification',
            name='qualification_term_in_order',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='qualification_term_in_order', violation_error_code='valid_to', violation_error_message='The end is before the beginning.'),
        ),
        migrations.AlterConstraint(
            model_name='qualification',
            name='another_qualification_has_a_name',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'OTHER'), _negated=True), models.Q(('label', ''), _negated=True), _connector='OR'), name='another_qualification_has_a_name', violation_error_code='label', violation_error_message='Please say what it is called.'),
        ),
        migrations.AlterConstraint(
            model_name='yearfigures',
            name='one_statement_a_year',
            constraint=models.UniqueConstraint(fields=('organisation', 'year'), name='one_statement_a_year', violation_error_code='year', violation_error_message='The figures of this year are recorded already.'),
        ),
        migrations.AlterConstraint(
            model_name='yearfigures',
            name='yearfigures_rd_staff_within_staff',
            constraint=models.CheckConstraint(condition=models.Q(('rd_staff__lte', models.F('staff'))), name='yearfigures_rd_staff_within_staff', violation_error_code='rd_staff', violation_error_message='The R&D staff cannot be more than the staff.'),
        ),
    ]
