"""The notice of a claim as PDF: made as it is served, once, for the bureau and the debtor."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from funding.enums import RecoveryStatus
from funding.models import Recovery, RecoveryReceipt
from funding.services.recoveries import approve_recovery
from portal.kernel import files
from reports import pdf
from reports.models import RecoveryDocument
from reports.services.recoveries import order_lacking_recovery_notices, order_recovery_notice
from reports.tasks import claim_html
from tests.clock import DAY, NOON
from tests.factories.funding import make_contract, make_recovery
from tests.funding.test_relays import paid_award
from tests.personas import Personas
from tests.samples import PDF

pytestmark = pytest.mark.usefixtures("english")
AMOUNT = Decimal("12345.60")


def served(people: Personas) -> Recovery:
    return make_recovery(people, make_contract(people).award, amount=AMOUNT, document_number="样科追〔2026〕9号")


def test_it_says_who_why_how_much_and_until_when(people: Personas) -> None:
    claim = served(people)

    html = claim_html(order_recovery_notice(recovery=claim, at=NOON))

    for text in (
        people.lead_org.name, claim.number, claim.document_number, claim.reason, "12,345.60",
        "壹万贰仟叁佰肆拾伍元陆角", "资金追缴通知书", claim.award.document_number, claim.award.contract.number,
    ):  # fmt: skip
        assert text in html
    assert not any(person.name in html for person in (people.officer, people.leader, people.lead))


def test_it_is_made_as_it_is_served_and_once(
    people: Personas, django_capture_on_commit_callbacks: Any
) -> None:  # fmt: skip
    claim = make_recovery(people, paid_award(people), RecoveryStatus.OPEN, amount=AMOUNT)
    assert order_lacking_recovery_notices(at=NOON) == 0

    with django_capture_on_commit_callbacks(execute=True):
        approve_recovery(
            recovery=claim, document_number="样科追〔2026〕1号", noticed_on=timezone.localdate(NOON),
            actor=people.leader, at=NOON,
        )  # fmt: skip

    document = RecoveryDocument.objects.get()
    claim.refresh_from_db()
    assert (document.language, document.snapshot["amount"]) == ("zh-hans", "12345.60")
    Recovery.objects.filter(pk=claim.pk).update(reason="样例：后来的话")
    assert order_recovery_notice(recovery=Recovery.objects.get(), at=NOON + DAY) == document
    assert order_lacking_recovery_notices(at=NOON) == 0


def test_a_claim_from_before_gets_its_notice_once(people: Personas) -> None:
    served(people)

    assert (order_lacking_recovery_notices(at=NOON), order_lacking_recovery_notices(at=NOON)) == (1, 0)


def test_the_same_notice_gives_the_same_bytes(people: Personas, tmp_path: Path) -> None:
    html = claim_html(order_recovery_notice(recovery=served(people), at=NOON))
    paths = [tmp_path / "1.pdf", tmp_path / "2.pdf"]

    for file in paths:
        pdf.lay_out(html).write(file)

    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_the_debtor_and_the_bureau_have_it_and_nobody_else(people: Personas, sign_in: Any) -> None:
    claim = served(people)
    address = reverse("reports:recovery-document", args=[claim.pk])
    document = order_recovery_notice(recovery=claim, at=NOON)
    lead = sign_in(people.lead)

    before = lead.get(address)
    stored = files.store_bytes(PDF, name="样例.pdf", mime=files.PDF, kind="recovery_notice", at=NOON)
    RecoveryDocument.objects.filter(pk=document.pk).update(file=stored, pages=1)

    assert (before.status_code, before["Location"]) == (302, claim.get_absolute_url())
    for who in (people.lead, people.finance, people.leader):
        assert b"".join(sign_in(who).get(address).streaming_content) == PDF
    for who in (people.rival, people.university_confirmer, people.other_district_officer):
        assert sign_in(who).get(address).status_code in {403, 404}
    assert address in lead.get(claim.get_absolute_url()).text
    assert RecoveryDocument.objects.visible_to(people.rival).count() == 0
    assert not RecoveryReceipt.objects.exists()


def test_there_is_none_before_the_notice_is_served(people: Personas, sign_in: Any) -> None:
    claim = make_recovery(people, make_contract(people).award, RecoveryStatus.OPEN)

    assert sign_in(people.finance).get(reverse("reports:recovery-document", args=[claim.pk])).status_code == 404
