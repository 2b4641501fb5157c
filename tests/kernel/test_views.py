"""The bases of views: who sees, who may, and nothing typed is lost."""

from datetime import datetime
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.http import HttpResponse, JsonResponse
from django.test import Client, RequestFactory, TestCase
from django.urls import include, path
from django.utils import translation
from django_filters import CharFilter, FilterSet

from portal.kernel import jobs
from portal.kernel.authz import PERMISSIONS, Rule
from portal.kernel.models import Job
from portal.kernel.views import ListView, PermissionMixin, TransitionView, safe_next
from portal.kernel.workflow import TransitionRefused, Workflow
from tests.clock import DAY, HOUR, NOON
from tests.personas import Personas

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


class StepForm(forms.Form):
    note = forms.CharField()
    amount = forms.IntegerField(required=False)


class Stuck(Workflow[Job]):
    """A workflow with one obstacle, said in a lazy sentence."""

    def obstacles(self, subject: Job, action: str, at: datetime) -> list[Any]:
        return [f"{action} waits for {subject.key}"]


class Retry(TransitionView):
    model = Job
    permission = "tests.step"
    form_class = StepForm
    workflow = Stuck()
    action = "retry"
    success_message = "Done."

    def perform(self, form: StepForm) -> bool:
        match form.cleaned_data["note"]:
            case "refuse":
                raise TransitionRefused("It is too late.", "It is too much.")
            case "field":
                raise ValidationError({"amount": "Too much.", "unknown": "Nowhere to stand."})
            case "plain":
                raise ValidationError("Not so.")
        return jobs.cancel(job=self.object, at=self.at)

    def fallback_url(self) -> str:
        return "/fallback/"

    def render_to_response(self, context: Any, **_kwargs: Any) -> HttpResponse:
        form = context["form"]
        facts = {"errors": form.errors, "note": form["note"].value(), "obstacles": context["obstacles"]}
        return JsonResponse({**facts, "object": context["object"].key})


class Kinds(FilterSet):
    kind = CharFilter()


class Jobs(ListView):
    model = Job
    filterset_class = Kinds
    sorts = ("created_at", "key")
    page_size = 2
    count_limit = 3

    def render_to_response(self, context: Any, **_kwargs: Any) -> HttpResponse:
        page = context["page"]
        facts = {"count": str(context["count"]), "sort": context["sort"], "default": context["default_sort"]}
        tokens = {"next": page.next_token, "previous": page.previous_token}
        return JsonResponse({"keys": [row.key for row in context["rows"]], **facts, **tokens})


urlpatterns = [
    path("step/<uuid:pk>/", Retry.as_view()),
    path("jobs/", Jobs.as_view()),
    path("", include("portal.urls")),
]


@pytest.fixture(autouse=True)
def _permission(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PERMISSIONS, "tests.step", Rule("not the finished", lambda _user, job: job.kind != "finished"))


@pytest.fixture
def client(people: Personas, sign_in: Any) -> Client:
    signed_in: Client = sign_in(people.officer)
    return signed_in


def make_job(user: Any, key: str = "k", kind: str = "kind", at: datetime = NOON) -> Job:
    return jobs.enqueue(kind=kind, key=key, params={}, requested_by=user, at=at)


# --- a step ------------------------------------------------------------------------------------
def test_the_form_says_what_stands_in_the_way(people: Personas, client: Client) -> None:
    job = make_job(people.officer)

    shown = client.get(f"/step/{job.pk}/").json()

    assert shown == {"errors": {}, "note": None, "obstacles": ["retry waits for k"], "object": "k"}


def test_a_step_is_one_service_call_a_message_and_a_redirect(people: Personas, client: Client) -> None:
    job = make_job(people.officer)

    response = client.post(f"/step/{job.pk}/", {"note": "go"})

    assert (response.status_code, response["Location"]) == (302, "/fallback/")
    assert Job.objects.get().state == "CANCELLED"
    assert [str(message) for message in response.wsgi_request._messages] == ["Done."]


@pytest.mark.parametrize(
    ("note", "errors"),
    [
        ("refuse", {"__all__": ["It is too late.", "It is too much."]}),
        ("field", {"amount": ["Too much."], "__all__": ["Nowhere to stand."]}),
        ("plain", {"__all__": ["Not so."]}),
    ],
)
def test_a_refusal_stands_at_the_form_and_nothing_typed_is_lost(
    people: Personas, client: Client, note: str, errors: dict[str, list[str]]
) -> None:
    job = make_job(people.officer)

    shown = client.post(f"/step/{job.pk}/", {"note": note}).json()

    assert shown == {"errors": errors, "note": note, "obstacles": [], "object": "k"}
    assert Job.objects.get().state == "QUEUED"


def test_what_the_form_refuses_reaches_no_service(people: Personas, client: Client) -> None:
    job = make_job(people.officer)

    with translation.override("en"):
        errors = client.post(f"/step/{job.pk}/", {"amount": "x"}, headers={"accept-language": "en"}).json()["errors"]

    assert errors == {"note": ["This field is required."], "amount": ["Enter a whole number."]}


def test_a_stranger_finds_nothing(people: Personas, client: Client) -> None:
    job = make_job(people.head)

    assert [client.get(f"/step/{job.pk}/").status_code, client.post(f"/step/{job.pk}/").status_code] == [404, 404]


def test_who_sees_but_may_not_is_refused(people: Personas, client: Client) -> None:
    job = make_job(people.officer, kind="finished")

    assert [client.get(f"/step/{job.pk}/").status_code, client.post(f"/step/{job.pk}/").status_code] == [403, 403]


def test_who_is_signed_out_is_sent_to_the_door(people: Personas) -> None:
    job = make_job(people.officer)

    assert Client().get(f"/step/{job.pk}/").status_code == 302


def test_a_view_without_permission_is_a_mistake(people: Personas, rf: RequestFactory) -> None:
    request = rf.get("/")
    request.user = people.officer

    with pytest.raises(ImproperlyConfigured):
        PermissionMixin.as_view()(request)


@pytest.mark.parametrize(
    ("target", "leads_to"),
    [
        ("/reports/?q=1", "/reports/?q=1"),
        ("http://testserver/x", "http://testserver/x"),
        ("https://elsewhere.example/", "/back/"),
        ("//elsewhere.example/", "/back/"),
        ("/\\elsewhere.example/", "/back/"),
        ("javascript:alert(1)", "/back/"),
        ("", "/back/"),
    ],
)
def test_next_leads_nowhere_but_here(rf: RequestFactory, target: str, leads_to: str) -> None:
    assert safe_next(rf.get("/", {"next": target}), "/back/") == leads_to
    assert safe_next(rf.post("/", {"next": target}), "/back/") == leads_to


# --- a list ------------------------------------------------------------------------------------
@pytest.fixture
def five(people: Personas) -> None:
    for n, key in enumerate("bdaec"):
        make_job(people.officer, key, kind="even" if n % 2 == 0 else "odd", at=NOON + n * HOUR)
    make_job(people.head, "foreign", at=NOON + DAY)


@pytest.mark.usefixtures("five")
def test_a_list_is_ones_own_newest_first_in_pages(client: Client) -> None:
    first = client.get("/jobs/").json()
    second = client.get("/jobs/", {"after": first["next"]}).json()
    back = client.get("/jobs/", {"before": second["previous"]}).json()

    assert (first["keys"], second["keys"], back["keys"]) == (["c", "e"], ["a", "d"], ["c", "e"])
    assert (first["previous"], first["count"], first["sort"]) == (None, "3+", "-created_at")


@pytest.mark.usefixtures("five")
@pytest.mark.parametrize(
    ("asked", "sort", "keys"),
    [
        ("key", "key", ["a", "b"]),
        ("-key", "-key", ["e", "d"]),
        ("created_at", "created_at", ["b", "d"]),
        ("state", "-created_at", ["c", "e"]),
        ("--key", "-created_at", ["c", "e"]),
        ("requested_by__password", "-created_at", ["c", "e"]),
    ],
)
def test_only_offered_orders_are_taken(client: Client, asked: str, sort: str, keys: list[str]) -> None:
    shown = client.get("/jobs/", {"sort": asked}).json()

    assert (shown["sort"], shown["keys"]) == (sort, keys)


@pytest.mark.usefixtures("five")
def test_a_filter_narrows_rows_and_count(client: Client) -> None:
    shown = client.get("/jobs/", {"kind": "odd"}).json()

    assert (shown["keys"], shown["count"], shown["next"]) == (["e", "d"], "2", None)


@pytest.mark.usefixtures("five")
@pytest.mark.parametrize("query", ["kind=%01", "after=%01", "before=x%ff", "sort=%01", "after=a&after=b", "kind=%27"])
def test_a_strange_query_is_no_fault(client: Client, query: str) -> None:
    assert client.get(f"/jobs/?{query}").status_code == 200


@pytest.mark.usefixtures("five")
def test_a_list_is_two_queries(client: Client, rf: RequestFactory, people: Personas) -> None:
    request = rf.get("/jobs/", {"kind": "odd"})
    request.user = people.officer

    with TestCase().assertNumQueries(2):
        Jobs.as_view()(request)
