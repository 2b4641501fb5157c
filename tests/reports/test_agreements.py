"""The agreement as a document: ordered when it is sent and when it takes effect, made from what was frozen."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from pypdf import PdfReader

from consortia.models import Agreement
from consortia.services.agreements import sign_agreement
from portal.kernel.jobs import run
from portal.kernel.models import Job
from portal.kernel.workflow import TransitionRefused
from reports.exporters.agreement import article_number
from reports.models import AgreementDocument
from reports.services.agreements import order_agreement_documents, retry_agreement_document
from tests.clock import NOON
from tests.factories.consortia import make_agreement, make_consortium, make_participation, ready_consortium
from tests.personas import Personas

SignIn = Callable[..., Client]
pytestmark = pytest.mark.usefixtures("fonts")


def made(agreement: Agreement) -> AgreementDocument:
    """The Chinese document, made."""
    document = order_agreement_documents(agreement=agreement, at=NOON)[0]
    assert document.job is not None
    run(document.job.pk, NOON)
    document.refresh_from_db()
    return document


def _status(response: Any) -> int:
    if response.streaming:
        b"".join(response.streaming_content)
    return int(response.status_code)


def test_ordered_once_in_both_languages(people: Personas) -> None:
    agreement = ready_consortium(people).agreements.get()

    first = order_agreement_documents(agreement=agreement, at=NOON)
    again = order_agreement_documents(agreement=agreement, at=NOON)

    assert [row.language for row in first] == ["zh-hans", "en"]
    assert (first, Job.objects.filter(kind="reports.render_agreement").count()) == (again, 2)


def test_the_last_signature_orders_the_document_in_force(
    people: Personas, django_capture_on_commit_callbacks: Any
) -> None:
    consortium = make_consortium(people)
    make_participation(consortium, people.university, people.lead)
    agreement = make_agreement(consortium, people.lead, signed=False)

    with django_capture_on_commit_callbacks(execute=True):
        sign_agreement(
            agreement=agreement, participation=consortium.participations.get(), actor=people.university_confirmer,
            at=NOON,
        )  # fmt: skip

    document = AgreementDocument.objects.filter(language="zh-hans").get()
    assert document.snapshot["effective_on"] == NOON.date().isoformat()
    assert [row["name"] for row in document.snapshot["signatures"]] == [people.university.name]


def test_made_from_what_was_frozen_with_its_hash_and_its_signatures(people: Personas) -> None:
    agreement = ready_consortium(people).agreements.get()
    agreement.consortium.participations.update(duties="后来改的分工。")

    document = made(agreement)

    assert document.file is not None
    pages = [page.extract_text() for page in PdfReader(BytesIO(document.file.file.read_bytes())).pages]
    text = "".join("".join(pages).split())
    assert len(pages) == document.pages
    assert (text.count("后来改的分工"), "承担样机研制" in text) == (0, True)
    assert agreement.sha256[:16] in "".join(pages[-1].split())
    assert people.university.name in "".join(pages[-1].split())


def test_the_same_facts_give_the_same_bytes(people: Personas) -> None:
    agreement = ready_consortium(people).agreements.get()
    first = made(agreement)
    assert first.file is not None
    kept = first.file.sha256
    AgreementDocument.objects.all().delete()
    Job.objects.all().delete()

    second = made(agreement)

    assert second.file is not None
    assert second.file.sha256 == kept


def test_members_fetch_it_and_rivals_do_not(people: Personas, sign_in: SignIn) -> None:
    agreement = ready_consortium(people).agreements.get()
    document = made(agreement)
    page = reverse("reports:agreement-documents", args=[agreement.pk])
    file = reverse("reports:agreement-download", args=[document.pk])

    seen = {
        who: [_status(sign_in(getattr(people, who)).get(address)) for address in (page, file)]
        for who in ("lead", "university_confirmer", "officer", "rival")
    }

    assert seen == {
        "lead": [200, 200], "university_confirmer": [200, 200], "officer": [200, 200], "rival": [404, 404],
    }  # fmt: skip
    other = AgreementDocument.objects.get(language="en")
    assert sign_in(people.lead).get(reverse("reports:agreement-download", args=[other.pk])).status_code == 404


def test_what_failed_is_made_again_for_those_who_may(people: Personas, sign_in: SignIn) -> None:
    document = order_agreement_documents(agreement=ready_consortium(people).agreements.get(), at=NOON)[0]
    with pytest.raises(TransitionRefused):
        retry_agreement_document(document=document, actor=people.lead, at=NOON)
    Job.objects.filter(pk=document.job_id).update(state="FAILED", finished_at=NOON, error="样例")
    document.refresh_from_db()

    with pytest.raises(PermissionDenied):
        retry_agreement_document(document=document, actor=people.university_confirmer, at=NOON)
    response = sign_in(people.lead).post(reverse("reports:agreement-retry", args=[document.pk]))

    assert response.status_code == 302
    assert Job.objects.get(pk=document.job_id).state == "QUEUED"


@pytest.mark.parametrize(
    ("number", "written"), [(1, "一"), (10, "十"), (11, "十一"), (17, "十七"), (20, "二十"), (42, "四十二")]
)
def test_articles_are_numbered_as_in_a_contract(number: int, written: str) -> None:
    with override("zh-hans"):
        assert article_number(number) == written
    with override("en"):
        assert article_number(number) == str(number)
