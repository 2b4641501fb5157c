import uuid
from decimal import Decimal

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("funding", "0056_line_of_a_call"),
        ("members", "0017_sentence_of_a_share"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LedgerAccount",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("APPROPRIATED", "Appropriated"),
                            ("AVAILABLE", "Available"),
                            ("COMMITTED", "Committed, not paid"),
                            ("HELD", "With the organisation"),
                        ],
                        max_length=12,
                        verbose_name="account",
                    ),
                ),
                (
                    "balance",
                    models.DecimalField(
                        db_default=Decimal("0"),
                        decimal_places=2,
                        default=Decimal("0"),
                        editable=False,
                        max_digits=18,
                        verbose_name="balance",
                    ),
                ),
                (
                    "award",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accounts",
                        to="funding.award",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accounts",
                        to="funding.budgetline",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["kind"],
            },
        ),
        migrations.CreateModel(
            name="LedgerEntry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=100, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("APPROPRIATION", "Appropriation"),
                            ("COMMITMENT", "Commitment"),
                            ("RELEASE", "Release of a commitment"),
                            ("PAYMENT", "Payment"),
                        ],
                        max_length=16,
                        verbose_name="kind",
                    ),
                ),
                ("legs", models.PositiveSmallIntegerField()),
                ("happened_on", models.DateField(verbose_name="day")),
                ("entered_at", models.DateTimeField(verbose_name="entered at")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                (
                    "award",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="funding.award",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="funding.payment",
                    ),
                ),
                (
                    "tranche",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="funding.tranche",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Posting",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=18, verbose_name="amount")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="postings", to="funding.ledgeraccount"
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="postings", to="funding.ledgerentry"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.AddConstraint(
            model_name="ledgeraccount",
            constraint=models.UniqueConstraint(
                fields=("kind", "line", "award", "organisation"), name="ledger_account_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgeraccount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("award", None),
                        ("kind__in", ["APPROPRIATED", "AVAILABLE"]),
                        ("line__isnull", False),
                        ("organisation", None),
                    ),
                    models.Q(
                        ("award__isnull", False), ("kind", "COMMITTED"), ("line__isnull", False), ("organisation", None)
                    ),
                    models.Q(
                        ("award__isnull", False), ("kind", "HELD"), ("line", None), ("organisation__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="ledger_account_of_what",
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgeraccount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("balance__lte", 0), ("kind", "APPROPRIATED")),
                    models.Q(models.Q(("kind", "APPROPRIATED"), _negated=True), ("balance__gte", 0)),
                    _connector="OR",
                ),
                name="ledger_account_not_overdrawn",
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.CheckConstraint(condition=models.Q(("legs__gte", 2)), name="ledger_entry_has_two_legs"),
        ),
        migrations.AddIndex(
            model_name="ledgerentry",
            index=models.Index(fields=["happened_on", "id"], name="ledger_by_day"),
        ),
        migrations.AddConstraint(
            model_name="posting",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount", Decimal("0")), _negated=True), name="posting_is_not_zero"
            ),
        ),
    ]
