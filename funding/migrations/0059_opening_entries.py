"""The books open with what was called for, granted, cancelled and paid before there were any.

Each year with money gets one line, as large as its calls or its awards, whichever is more; every award of the year is
paid from it.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import migrations
from django.db.models import Sum
from django.utils import timezone

PROGRAMME = {"code": "LHT", "name": "创新联合体专项资金"}
SUBJECT = "2060499"
CHUNK = 500


def open_books(apps: Any, _editor: Any) -> None:
    if apps.get_model("funding", "LedgerEntry").objects.exists():
        return
    calls = apps.get_model("funding", "Call")._default_manager.filter(rehearsal=False)
    award, line = (apps.get_model("funding", name) for name in ("Award", "BudgetLine"))
    called = dict(
        calls.exclude(status="DRAFT").order_by().values_list("year").annotate(Sum("budget"))
    )
    granted = dict(award.objects.filter(amount__gt=0).order_by().values_list("year").annotate(Sum("amount")))
    for year in sorted({*granted, *(year for year, budget in called.items() if budget)}):
        programme = apps.get_model("funding", "Programme").objects.get_or_create(
            code=PROGRAMME["code"], defaults={"name": PROGRAMME["name"]}
        )[0]
        found = line.objects.create(programme=programme, year=year, subject=SUBJECT, name=PROGRAMME["name"])
        calls.filter(year=year).update(line=found)
        award.objects.filter(year=year, amount__gt=0).update(line=found)
        _open_year(apps, found, max(called.get(year, Decimal(0)), granted.get(year, Decimal(0))))


def _open_year(apps: Any, line: Any, amount: Decimal) -> None:
    account = apps.get_model("funding", "LedgerAccount").objects
    source = account.create(kind="APPROPRIATED", line=line)
    available = account.create(kind="AVAILABLE", line=line)
    key = f"opening:{line.pk}"
    _enter(apps, {"key": key, "kind": "APPROPRIATION", "happened_on": date(line.year, 1, 1)}, (available, source), amount)
    awards = apps.get_model("funding", "Award").objects.filter(line=line)
    for award in awards.select_related("consortium").prefetch_related("tranches__payment").iterator(chunk_size=CHUNK):
        committed = account.create(kind="COMMITTED", line=line, award=award)
        facts = {
            "key": f"commitment:{award.pk}", "kind": "COMMITMENT", "happened_on": award.approved_on, "award": award,
            "note": award.document_number,
        }  # fmt: skip
        _enter(apps, facts, (committed, available), award.amount)
        for tranche in award.tranches.all():
            _enter_tranche(apps, award, tranche, (available, committed))


def _enter_tranche(apps: Any, award: Any, tranche: Any, accounts: tuple[Any, Any]) -> None:
    available, committed = accounts
    about = {"award": award, "tranche": tranche}
    if tranche.status == "CANCELLED":
        facts = {"key": f"release:{tranche.pk}", "kind": "RELEASE", "happened_on": timezone.localdate(), **about}
        _enter(apps, facts, (available, committed), tranche.amount)
    if payment := getattr(tranche, "payment", None):
        held = apps.get_model("funding", "LedgerAccount").objects.get_or_create(
            kind="HELD", award=award, organisation=award.consortium.lead
        )[0]
        facts = {
            "key": f"payment:{payment.pk}", "kind": "PAYMENT", "happened_on": payment.paid_on, **about,
            "payment": payment, "note": payment.voucher, "entered_by": payment.recorded_by,
        }  # fmt: skip
        _enter(apps, facts, (held, committed), payment.amount)


def _enter(apps: Any, facts: dict[str, Any], accounts: tuple[Any, Any], amount: Decimal) -> None:
    to, from_ = accounts
    entry = apps.get_model("funding", "LedgerEntry").objects.create(legs=2, entered_at=timezone.now(), **facts)
    posting = apps.get_model("funding", "Posting")
    posting.objects.bulk_create(
        [posting(entry=entry, account=to, amount=amount), posting(entry=entry, account=from_, amount=-amount)]
    )


class Migration(migrations.Migration):
    dependencies = [("funding", "0058_ledger_holds")]
    operations = [migrations.RunPython(open_books, migrations.RunPython.noop)]
