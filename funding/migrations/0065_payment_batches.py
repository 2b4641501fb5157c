"""Payment batches, their orders, and what bank statements say of them."""

import uuid
from decimal import Decimal

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import portal.kernel.fields


class Migration(migrations.Migration):

    dependencies = [
        ("funding", "0064_contract_drafts_hold"),
        ("kernel", "0009_outages"),
        ("members", "0017_sentence_of_a_share"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(  # the database knows no choices; the index goes later
            state_operations=[
                migrations.AlterField(
                    model_name='ledgerentry',
                    name='kind',
                    field=models.CharField(choices=[('APPROPRIATION', 'Appropriation'), ('COMMITMENT', 'Commitment'), ('RELEASE', 'Release of a commitment'), ('PAYMENT', 'Payment'), ('RETURN', 'Payment returned by the bank'), ('TRANSFER', 'Passed on to a member')], max_length=16, verbose_name='kind'),
                ),
                migrations.AlterField(
                    model_name='payment',
                    name='tranche',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='funding.tranche'),
                ),
                migrations.AlterField(
                    model_name='tranche',
                    name='status',
                    field=models.CharField(choices=[('PLANNED', 'Planned'), ('REQUESTED', 'Waiting for verification'), ('VERIFIED', 'Waiting for the finance review'), ('REVIEWED', 'Waiting for approval'), ('APPROVED', 'Waiting for payment'), ('BATCHED', 'In a payment batch'), ('SENT', 'With the treasury'), ('PAID', 'Paid'), ('CONFIRMED', 'Receipt confirmed'), ('RETURNED', 'Returned by the bank'), ('ON_HOLD', 'On hold'), ('CANCELLED', 'Cancelled')], default='PLANNED', editable=False, max_length=10, verbose_name='status'),
                ),
            ],
        ),
        migrations.CreateModel(
            name='BankStatement',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('number', models.CharField(max_length=20, unique=True, verbose_name='statement number')),
                ('sha256', models.CharField(max_length=64, unique=True, verbose_name='SHA-256')),
                ('imported_at', models.DateTimeField(verbose_name='imported at')),
            ],
            options={
                'ordering': ['-imported_at'],
            },
        ),
        migrations.CreateModel(
            name='PaymentBatch',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('number', models.CharField(max_length=20, unique=True, verbose_name='batch number')),
                ('document_number', models.CharField(max_length=60, verbose_name='document number')),
                ('purpose', models.CharField(max_length=60, verbose_name='purpose of the payment')),
                ('status', models.CharField(choices=[('PREPARED', 'Waiting for release'), ('RELEASED', 'Released, to be sent'), ('SENT', 'With the treasury'), ('DROPPED', 'Given up')], default='PREPARED', editable=False, max_length=10, verbose_name='status')),
                ('prepared_at', models.DateTimeField(verbose_name='prepared at')),
                ('released_at', models.DateTimeField(null=True, verbose_name='released at')),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('sent_at', models.DateTimeField(null=True, verbose_name='sent at')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='why it was given up')),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='PaymentOrder',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('sequence', models.PositiveSmallIntegerField(verbose_name='No.')),
                ('number', models.CharField(max_length=24, unique=True, verbose_name='order number')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=18, verbose_name='amount')),
                ('payee_name', models.CharField(max_length=200, verbose_name='payee')),
                ('bank_name', models.CharField(max_length=120, verbose_name='bank and branch')),
                ('bank_account', portal.kernel.fields.EncryptedField(mask='account', max_length=40, verbose_name='bank account')),
                ('failed_on', models.DateField(null=True, verbose_name='failed on')),
                ('failure', models.CharField(blank=True, max_length=300, verbose_name='why it failed')),
            ],
            options={
                'ordering': ['batch', 'sequence'],
            },
        ),
        migrations.CreateModel(
            name='StatementLine',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('row', models.PositiveSmallIntegerField(verbose_name='row')),
                ('day', models.DateField(verbose_name='day')),
                ('outcome', models.CharField(choices=[('PAID', 'Paid'), ('FAILED', 'Failed'), ('RETURNED', 'Returned')], max_length=8, verbose_name='outcome')),
                ('order_number', models.CharField(blank=True, max_length=24, verbose_name='order number')),
                ('payee_name', models.CharField(max_length=200, verbose_name='payee')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=18, verbose_name='amount')),
                ('reference', models.CharField(max_length=40, verbose_name='reference of the bank')),
                ('remark', models.CharField(blank=True, max_length=300, verbose_name='remark')),
                ('settled_at', models.DateTimeField(null=True, verbose_name='settled at')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='note')),
            ],
            options={
                'ordering': ['statement', 'row'],
            },
        ),
        migrations.AddField(
            model_name='bankstatement',
            name='file',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.attachment'),
        ),
        migrations.AddField(
            model_name='bankstatement',
            name='imported_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='paymentbatch',
            name='line',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='batches', to='funding.budgetline', verbose_name='budget line'),
        ),
        migrations.AddField(
            model_name='paymentbatch',
            name='prepared_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='paymentbatch',
            name='released_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='paymentbatch',
            name='sent_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='paymentorder',
            name='batch',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='funding.paymentbatch'),
        ),
        migrations.AddField(
            model_name='paymentorder',
            name='payee',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.organisation'),
        ),
        migrations.AddField(
            model_name='paymentorder',
            name='standing',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='order', to='funding.tranche'),
        ),
        migrations.AddField(
            model_name='paymentorder',
            name='tranche',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='funding.tranche'),
        ),
        migrations.AddField(
            model_name='statementline',
            name='order',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='funding.paymentorder'),
        ),
        migrations.AddField(
            model_name='statementline',
            name='payment',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='funding.payment'),
        ),
        migrations.AddField(
            model_name='statementline',
            name='settled_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='statementline',
            name='statement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='funding.bankstatement'),
        ),
        migrations.AddConstraint(
            model_name='paymentbatch',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('document_number', ''), _negated=True), models.Q(('purpose', ''), _negated=True)), name='batch_has_a_document', violation_error_message='A batch has the number of its document and a purpose.'),
        ),
        migrations.AddConstraint(
            model_name='paymentbatch',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['RELEASED', 'SENT']), _negated=True), models.Q(('released_at__isnull', False), ('released_by__isnull', False), models.Q(('sha256', ''), _negated=True)), _connector='OR'), name='released_means_by_whom', violation_error_message='A batch is released by somebody, as a list that stays.'),
        ),
        migrations.AddConstraint(
            model_name='paymentbatch',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'SENT'), _negated=True), models.Q(('sent_at__isnull', False), ('sent_by__isnull', False)), _connector='OR'), name='sent_means_by_whom', violation_error_message='A batch is sent by somebody.'),
        ),
        migrations.AddConstraint(
            model_name='paymentbatch',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'DROPPED'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='a_dropped_batch_has_a_reason', violation_error_message='Please give a reason.'),
        ),
        migrations.AddConstraint(
            model_name='paymentbatch',
            constraint=models.CheckConstraint(condition=models.Q(('released_by', None), models.Q(('released_by', models.F('prepared_by')), _negated=True), _connector='OR'), name='two_people_release_a_batch', violation_error_message='Nobody releases the batch that he or she prepared.'),
        ),
        migrations.AddConstraint(
            model_name='paymentorder',
            constraint=models.UniqueConstraint(fields=('batch', 'sequence'), name='order_once_in_a_batch'),
        ),
        migrations.AddConstraint(
            model_name='paymentorder',
            constraint=models.UniqueConstraint(fields=('batch', 'tranche'), name='tranche_once_in_a_batch'),
        ),
        migrations.AddConstraint(
            model_name='paymentorder',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0), ('amount__lte', Decimal(1000000000000000))), name='order_positive'),
        ),
        migrations.AddConstraint(
            model_name='paymentorder',
            constraint=models.CheckConstraint(condition=models.Q(('standing', None), ('standing', models.F('tranche')), _connector='OR'), name='order_stands_for_its_tranche'),
        ),
        migrations.AddConstraint(
            model_name='paymentorder',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('failed_on', None), ('failure', '')), models.Q(('failed_on__isnull', False), ('standing', None), models.Q(('failure', ''), _negated=True)), _connector='OR'), name='a_failed_order_does_not_stand'),
        ),
        migrations.AddConstraint(
            model_name='statementline',
            constraint=models.UniqueConstraint(fields=('reference', 'outcome'), name='statement_line_once'),
        ),
        migrations.AddConstraint(
            model_name='statementline',
            constraint=models.UniqueConstraint(fields=('statement', 'row'), name='statement_row_once'),
        ),
        migrations.AddConstraint(
            model_name='statementline',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0), ('amount__lte', Decimal(1000000000000000))), name='statement_line_positive'),
        ),
        migrations.AddConstraint(
            model_name='statementline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('order', None), ('payment', None), ('settled_at', None), ('settled_by', None)), models.Q(('settled_at__isnull', False), ('settled_by__isnull', False), models.Q(('order__isnull', False), ('payment__isnull', False), models.Q(('note', ''), _negated=True), _connector='OR')), _connector='OR'), name='a_settled_line_says_how'),
        ),
    ]
