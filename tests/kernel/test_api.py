"""The bases of the API: visible rows, pages by key, clean refusals."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.utils import translation
from rest_framework.serializers import ModelSerializer
from rest_framework.test import APIRequestFactory, force_authenticate

from portal.kernel import jobs
from portal.kernel.api import VisibleViewSet, exception_handler
from portal.kernel.authz import PERMISSIONS, Rule
from portal.kernel.models import Job
from portal.kernel.workflow import TransitionRefused
from tests.clock import HOUR, NOON
from tests.personas import Personas

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


class JobSerializer(ModelSerializer[Job]):
    class Meta:
        model = Job
        fields = ("id", "key")


class JobViewSet(VisibleViewSet):
    queryset = Job.objects.all()
    serializer_class = JobSerializer
    filterset_fields = ("kind",)


class ClosedViewSet(JobViewSet):
    permission = "tests.read"


def make_job(user: Any, n: int, kind: str = "k") -> Job:
    return jobs.enqueue(kind=kind, key=f"job {n}", params={}, requested_by=user, at=NOON + n * HOUR)


def get(view: Any, user: Any, query: dict[str, Any] | None = None, method: str = "get", **kwargs: Any) -> Any:
    request = getattr(APIRequestFactory(), method)("/", query or {})
    if user is not None:
        force_authenticate(request, user)
    response = view(request, **kwargs).render()
    return response.status_code, json.loads(response.content)


LIST = JobViewSet.as_view({"get": "list"})
ONE = JobViewSet.as_view({"get": "retrieve"})
CLOSED = ClosedViewSet.as_view({"get": "list"})


def test_a_list_is_ones_own_newest_first(people: Personas) -> None:
    for n in range(3):
        make_job(people.officer, n)
    make_job(people.head, 9)

    status, page = get(LIST, people.officer)

    assert (status, [row["key"] for row in page["results"]]) == (200, ["job 2", "job 1", "job 0"])


def test_pages_follow_each_other(people: Personas) -> None:
    for n in range(3):
        make_job(people.officer, n)

    _status, first = get(LIST, people.officer, {"size": 2})
    cursor = first["next"].partition("cursor=")[2].partition("&")[0].replace("%3D", "=")
    _status, second = get(LIST, people.officer, {"size": 2, "cursor": cursor})

    assert [[row["key"] for row in page["results"]] for page in (first, second)] == [["job 2", "job 1"], ["job 0"]]


def test_a_broken_cursor_is_not_found(people: Personas) -> None:
    assert get(LIST, people.officer, {"cursor": "rubbish"})[0] == 404


def test_a_filter_narrows(people: Personas) -> None:
    make_job(people.officer, 1)
    make_job(people.officer, 2, kind="other")

    assert [row["key"] for row in get(LIST, people.officer, {"kind": "other"})[1]["results"]] == ["job 2"]


def test_a_foreign_object_does_not_exist(people: Personas) -> None:
    job = make_job(people.head, 1)

    assert get(ONE, people.head, pk=job.pk) == (200, {"id": str(job.pk), "key": "job 1"})
    assert get(ONE, people.officer, pk=job.pk)[0] == 404


def test_who_is_signed_out_gets_nothing() -> None:
    assert get(LIST, None)[0] == 403


def test_nothing_can_be_written(people: Personas) -> None:
    assert get(LIST, people.officer, method="post")[0] == 405


def test_a_permission_is_asked_and_its_code_not_told(people: Personas, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PERMISSIONS, "tests.read", Rule("the head", lambda user, _obj: user == people.head))

    assert get(CLOSED, people.officer) == (403, {"detail": "You may not do this."})
    assert get(CLOSED, people.head)[0] == 200


@pytest.mark.parametrize(
    ("error", "status", "body"),
    [
        (TransitionRefused("Late.", "Much."), 409, {"detail": "Late. Much.", "reasons": ["Late.", "Much."]}),
        (PermissionDenied("funding.secret"), 403, {"detail": "You may not do this."}),
        (ValidationError("Wrong."), 400, {"detail": ["Wrong."]}),
        (ValidationError({"year": "Wrong."}), 400, {"year": ["Wrong."]}),
        (Http404(), 404, {"detail": "Not found."}),
    ],
)
def test_a_refusal_is_a_clean_answer(error: Exception, status: int, body: dict[str, Any]) -> None:
    response = exception_handler(error, {})

    assert response is not None
    assert (response.status_code, json.loads(json.dumps(response.data))) == (status, body)


def test_a_fault_is_not_dressed_up() -> None:
    assert exception_handler(RuntimeError(), {}) is None
