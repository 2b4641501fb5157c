"""The documents of a call."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from funding.enums import Action, CallStatus
from funding.services import documents
from funding.services.documents import add_document, remove_document
from portal.kernel.audit import trail
from portal.kernel.workflow import TransitionRefused
from tests.clock import NOON
from tests.factories.funding import make_call
from tests.funding.steps import pdf
from tests.personas import Personas
from tests.samples import PDF

pytestmark = pytest.mark.django_db


def test_an_officer_adds_a_document_that_the_public_reads(people: Personas, client: Any) -> None:
    call = make_call(people)
    row = add_document(call=call, actor=people.officer, at=NOON, upload=pdf("指南.pdf"), title="样例指南")

    page = client.get(call.get_absolute_url()).content.decode()
    file = client.get(reverse("funding:call-document", args=[call.pk, row.pk]))

    assert "样例指南" in page
    assert (file.status_code, file["Content-Type"]) == (200, "application/pdf")
    assert file["Content-Disposition"].startswith("attachment")
    assert b"".join(file.streaming_content) == PDF
    assert trail(call).first().action == Action.ADD_DOCUMENT


def test_a_document_of_a_draft_is_not_public(people: Personas, client: Any, sign_in: Any) -> None:
    call = make_call(people, status=CallStatus.DRAFT)
    row = add_document(call=call, actor=people.officer, at=NOON, upload=pdf(), title="样例指南")
    url = reverse("funding:call-document", args=[call.pk, row.pk])

    assert [one.get(url).status_code for one in (client, sign_in(people.lead))] == [404, 404]
    assert b"".join(sign_in(people.officer).get(url).streaming_content) == PDF


def test_what_was_published_stays(people: Personas) -> None:
    call = make_call(people)
    row = add_document(call=call, actor=people.officer, at=NOON, upload=pdf(), title="样例指南")

    with pytest.raises(TransitionRefused):
        remove_document(document=row, actor=people.officer, at=NOON)
    assert call.documents.count() == 1


def test_a_draft_loses_a_document_once(people: Personas) -> None:
    call = make_call(people, status=CallStatus.DRAFT)
    row = add_document(call=call, actor=people.officer, at=NOON, upload=pdf(), title="样例指南")

    remove_document(document=row, actor=people.officer, at=NOON)
    with pytest.raises(TransitionRefused):
        remove_document(document=row, actor=people.officer, at=NOON)
    assert call.documents.count() == 0


def test_a_concluded_call_takes_none(people: Personas) -> None:
    call = make_call(people, status=CallStatus.CONCLUDED)
    with pytest.raises(TransitionRefused):
        add_document(call=call, actor=people.officer, at=NOON, upload=pdf(), title="样例指南")


@pytest.mark.parametrize("who", ["head", "lead", "district_officer", "finance"])
def test_nobody_else_adds_or_removes(people: Personas, who: str) -> None:
    call = make_call(people, status=CallStatus.DRAFT)
    row = add_document(call=call, actor=people.officer, at=NOON, upload=pdf(), title="样例指南")
    with pytest.raises(PermissionDenied):
        add_document(call=call, actor=getattr(people, who), at=NOON, upload=pdf(), title="样例指南")
    with pytest.raises(PermissionDenied):
        remove_document(document=row, actor=getattr(people, who), at=NOON)


def test_there_is_a_most(people: Personas, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MOST_DOCUMENTS", 1)
    call = make_call(people)
    add_document(call=call, actor=people.officer, at=NOON, upload=pdf(), title="样例指南")
    with pytest.raises(TransitionRefused):
        add_document(call=call, actor=people.officer, at=NOON, upload=pdf(), title="样例附件")


def test_documents_in_the_browser(people: Personas, sign_in: Any) -> None:
    call, client = make_call(people, status=CallStatus.DRAFT), sign_in(people.officer)
    url = reverse("funding:call-documents", args=[call.pk])
    lying = SimpleUploadedFile("a.pdf", b"MZ not a pdf", "application/pdf")

    refused = client.post(url, {"title": "样例", "upload": lying})
    taken = client.post(url, {"title": "样例附件", "upload": pdf()})
    remove = reverse("funding:call-document-remove", args=[call.pk, call.documents.get().pk])
    asked, removed = client.get(remove), client.post(remove, {})

    assert (refused.status_code, list(refused.context["form"].errors)) == (200, ["upload"])
    assert (taken.status_code, asked.status_code, removed.status_code, removed.url) == (302, 200, 302, url)
    assert call.documents.count() == 0
