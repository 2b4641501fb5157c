import uuid
from decimal import Decimal

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("funding", "0053_decision_meetings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Programme",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("code", models.CharField(max_length=20, unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("document_number", models.CharField(blank=True, max_length=60, verbose_name="document number")),
            ],
            options={
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="BudgetLine",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="funding.programme",
                        verbose_name="programme",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                ("subject", models.CharField(max_length=20, verbose_name="budget item")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
            ],
            options={
                "ordering": ["-year", "programme__code", "subject"],
            },
        ),
        migrations.AddConstraint(
            model_name="budgetline",
            constraint=models.UniqueConstraint(
                fields=("programme", "year", "subject"),
                name="budget_line_once_a_year",
                violation_error_code="subject",
                violation_error_message="The programme has a budget line for this year and item already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="budgetline",
            constraint=models.CheckConstraint(
                condition=models.Q(("year__range", (2000, 2200))),
                name="budget_line_year_in_range",
                violation_error_code="year",
                violation_error_message="This is not a year of our times.",
            ),
        ),
        migrations.CreateModel(
            name="Appropriation",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("INITIAL", "Budget at the beginning of the year"),
                            ("ADJUSTMENT", "Adjustment within the year"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=18, verbose_name="amount")),
                ("document_number", models.CharField(max_length=60, verbose_name="document number")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                ("decided_on", models.DateField(verbose_name="date of the document")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("RECORDED", "Waiting for confirmation"),
                            ("CONFIRMED", "Confirmed"),
                            ("DROPPED", "Dropped"),
                        ],
                        default="RECORDED",
                        editable=False,
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                ("confirmed_at", models.DateTimeField(null=True, verbose_name="confirmed at")),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appropriations",
                        to="funding.budgetline",
                    ),
                ),
            ],
            options={
                "ordering": ["decided_on", "created_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "DROPPED"), _negated=True),
                        fields=("line", "document_number"),
                        name="appropriation_once_a_document",
                        violation_error_code="document_number",
                        violation_error_message="This document is recorded for the line already.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "INITIAL"), models.Q(("status", "DROPPED"), _negated=True)),
                        fields=('line', 'kind'),
                        name="one_beginning_of_a_line",
                        violation_error_code="kind",
                        violation_error_message="The line has its budget at the beginning of the year already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount__range", (Decimal("-1000000000000000"), Decimal("1000000000000000"))),
                            models.Q(("amount", Decimal("0")), _negated=True),
                        ),
                        name="appropriation_is_not_zero",
                        violation_error_code="amount",
                        violation_error_message="Please enter an amount other than zero.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind", "ADJUSTMENT"), ("amount__gt", 0), _connector="OR"),
                        name="a_line_begins_above_zero",
                        violation_error_code="amount",
                        violation_error_message="A line begins with an amount above zero.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "INITIAL"), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="an_adjustment_has_a_reason",
                        violation_error_code="reason",
                        violation_error_message="Please give a reason.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "CONFIRMED"), _negated=True),
                            models.Q(("confirmed_at__isnull", False), ("confirmed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="confirmed_means_by_whom",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_by", None),
                            models.Q(("confirmed_by", models.F("recorded_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="two_people_appropriate",
                    ),
                ],
            },
        ),
    ]
