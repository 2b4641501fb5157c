"""What is spent, voucher by voucher; an invoice stands once in the whole portal."""

import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.utils.timezone
import uuid
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('funding', '0059_opening_entries'),
        ('kernel', '0009_outages'),
        ('members', '0017_sentence_of_a_share'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Expenditure',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('day', models.DateField(verbose_name='day')),
                ('category', models.CharField(choices=[('EQUIPMENT', 'Equipment costs'), ('BUSINESS', 'Operating costs'), ('LABOUR', 'Labour costs'), ('INDIRECT', 'Indirect costs'), ('LUMP_SUM', 'Not itemised')], max_length=12, verbose_name='category')),
                ('source', models.CharField(choices=[('GRANT', 'Fiscal grant'), ('OWN', 'Own funds'), ('OTHER', 'Other sources')], max_length=8, verbose_name='source of the money')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=18, verbose_name='amount with tax')),
                ('description', models.CharField(max_length=200, verbose_name='what for')),
                ('voucher', models.CharField(max_length=40, verbose_name='voucher number')),
                ('invoice_kind', models.CharField(choices=[('NONE', 'No invoice'), ('PAPER', 'Invoice with code and number'), ('DIGITAL', 'Fully digital invoice')], default='NONE', max_length=8, verbose_name='invoice')),
                ('invoice_code', models.CharField(blank=True, max_length=12, verbose_name='invoice code')),
                ('invoice_number', models.CharField(blank=True, max_length=20, verbose_name='invoice number')),
                ('net', models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True, verbose_name='amount without tax')),
                ('seller_code', models.CharField(blank=True, max_length=18, verbose_name='credit code of the seller')),
                ('seller_name', models.CharField(blank=True, max_length=120, verbose_name='seller')),
                ('fingerprint', models.GeneratedField(db_persist=True, expression=django.db.models.functions.text.Concat('invoice_code', 'invoice_number'), output_field=models.CharField(max_length=32))),
                ('hits', models.JSONField(blank=True, default=list, verbose_name='negative list')),
                ('explanation', models.CharField(blank=True, max_length=500, verbose_name='why it is not on the negative list')),
                ('status', models.CharField(choices=[('RECORDED', 'Waiting for the check'), ('ACCEPTED', 'Accepted'), ('REFUSED', 'Refused'), ('REPLACED', 'Replaced by a correction')], default='RECORDED', editable=False, max_length=8, verbose_name='status')),
                ('judged_at', models.DateTimeField(null=True, verbose_name='accepted or refused at')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason of the refusal')),
                ('award', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='expenditures', to='funding.award')),
                ('corrects', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='correction', to='funding.expenditure')),
                ('evidence', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.attachment', verbose_name='evidence')),
                ('judged_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.organisation', verbose_name='organisation')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-day', '-created_at'],
                'indexes': [models.Index(fields=['award', 'status', 'day'], name='expenditure_of_an_award')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status__in', ('RECORDED', 'ACCEPTED')), models.Q(('invoice_number', ''), _negated=True)), fields=('fingerprint',), name='invoice_recorded_once', violation_error_message='This invoice is recorded already.'), models.UniqueConstraint(models.F('organisation'), django.db.models.functions.datetime.ExtractYear('day'), models.F('voucher'), condition=models.Q(('status__in', ('RECORDED', 'ACCEPTED'))), name='voucher_once_a_year', violation_error_message='This voucher number is recorded already for this organisation and year.'), models.CheckConstraint(condition=models.Q(('amount__gt', 0), ('amount__lte', Decimal('1000000000000000'))), name='expenditure_positive', violation_error_code='amount', violation_error_message='Give more than zero.'), models.CheckConstraint(condition=models.Q(models.Q(('voucher', ''), _negated=True), models.Q(('description', ''), _negated=True)), name='expenditure_has_a_voucher', violation_error_message='State the voucher and what the money was for.'), models.CheckConstraint(condition=models.Q(models.Q(('invoice_kind', 'NONE'), ('invoice_code', ''), ('invoice_number', ''), ('net', None), ('seller_code', ''), ('seller_name', '')), models.Q(models.Q(models.Q(('invoice_code__regex', '^(\\d{10}|\\d{12})$'), ('invoice_kind', 'PAPER'), ('invoice_number__regex', '^\\d{8}$')), models.Q(('invoice_code', ''), ('invoice_kind', 'DIGITAL'), ('invoice_number__regex', '^\\d{20}$')), _connector='OR'), models.Q(('seller_name', ''), _negated=True), ('net__gt', 0), ('net__lte', models.F('amount'))), _connector='OR'), name='invoice_numbered_as_its_kind', violation_error_message='The invoice is not complete, or not numbered as its kind is.'), models.CheckConstraint(condition=models.Q(('seller_code', ''), ('seller_code__regex', '^[0-9A-HJ-NPQRTUWXY]{18}$'), _connector='OR'), name='seller_code_in_shape', violation_error_code='seller_code', violation_error_message='A credit code has 18 signs.'), models.CheckConstraint(condition=models.Q(('day__lte', django.db.models.functions.datetime.TruncDate('created_at'))), name='spent_before_it_was_recorded', violation_error_code='day', violation_error_message='This day is still to come.'), models.CheckConstraint(condition=models.Q(('hits', []), models.Q(('explanation', ''), _negated=True), _connector='OR'), name='negative_list_explained', violation_error_code='explanation', violation_error_message='Say why this is not on the negative list.'), models.CheckConstraint(condition=models.Q(models.Q(('judged_at', None), ('judged_by', None), ('reason', ''), ('status__in', ['RECORDED', 'REPLACED'])), models.Q(('judged_at__isnull', False), ('judged_by__isnull', False), ('reason', ''), ('status', 'ACCEPTED')), models.Q(('judged_at__isnull', False), ('judged_by__isnull', False), ('status', 'REFUSED'), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='expenditure_judged_by_somebody', violation_error_message='Who checked it, and why it was refused, belong together.'), models.CheckConstraint(condition=models.Q(('judged_by', None), models.Q(('judged_by', models.F('recorded_by')), _negated=True), _connector='OR'), name='two_see_an_expenditure', violation_error_message='Nobody checks what he or she recorded.')],
            },
        ),
    ]
