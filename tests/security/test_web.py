"""What comes in over the web and goes out again, by the numbers of the acceptance cases X-01 to X-08, and A-10."""

import csv
import io
import json
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core import mail
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import NoReverseMatch, path, reverse
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import Page
from pypdf import PdfReader
from pytest_django.live_server_helper import LiveServer

from portal.kernel.exporting import make_export
from portal.kernel.views import safe_next
from portal.urls import urlpatterns as ours
from reports import pdf
from reports.exporters import REPORTS
from reports.exporters.annual.material import Material
from reports.exporters.report import Report
from reports.fonts import FACES, cut
from reports.selectors.snapshots import report_snapshot
from reports.tasks import annual_html
from tests.authorization.sweep import missing, names, read
from tests.authorization.world import World
from tests.factories.reports import rich_evaluation
from tests.ground.test_production import COMPLETE
from tests.hostile_texts import ELSEWHERE, FORMULAS, SQL, VECTORS, XSS, Living, poison, rewritten
from tests.personas import Personas
from tests.workers import work_off

pytestmark = pytest.mark.django_db
READERS = ("officer", "lead", "expert", "system_admin", "audit_admin", "anonymous")


def broken(_request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a fault of ours")


urlpatterns = [*ours, path("broken/", broken)]
handler400 = "portal.kernel.errors.bad_request"
handler500 = "portal.kernel.errors.server_error"


@pytest.fixture
def world(people: Personas) -> World:
    return World(people)


def client_of(world: World, reader: str, **facts: Any) -> Client:
    client = Client(raise_request_exception=False, **facts)
    if reader != "anonymous":
        client.force_login(getattr(world.people, reader))
    return client


def addresses(world: World) -> dict[str, str]:
    """Every address that the world of the matrix has an object for, by its name."""
    found = {}
    for name in names():
        try:
            found[name] = reverse(name, kwargs=world.kwargs(name))
        except (KeyError, NoReverseMatch, AttributeError):
            continue
    assert len(found) > 100
    return found


def asked(client: Client, method: str, address: str, **facts: Any) -> Any:
    """The answer, with its body read and whatever it did undone."""
    with transaction.atomic():
        answer = client.generic(method, address, **facts)
        if answer.streaming:
            answer.body = b"".join(answer.streaming_content)
        else:
            answer.body = answer.content
        transaction.set_rollback(True)
    return answer


# --- headers, which the matrices ask of every address as well ------------------------------
@override_settings(ROOT_URLCONF="tests.security.test_web")
def test_x07_so_does_every_kind_of_failure(people: Personas) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(people.officer)
    answers = {
        200: client.get(
            "/static/css/base.css" if Path(settings.BASE_DIR, "static/css/base.css").exists() else "/healthz"
        ),
        301: client.get("/notifications"),
        302: Client().get("/workbench/"),
        400: client.get("/workbench/?q=%00"),
        403: Client(enforce_csrf_checks=True).post("/account/login/"),
        404: client.get("/nowhere/"),
        405: client.delete("/healthz"),
        413: client.generic("POST", "/workbench/", CONTENT_LENGTH=str(10**9)),
        500: client.get("/broken/"),
    }
    answers |= {-400: client.get("/", headers={"host": "evil.test"}), -404: client.get("/static/nothing.css")}

    assert {code: answer.status_code for code, answer in answers.items()} == {code: abs(code) for code in answers}
    assert {code: missing(answer.headers) for code, answer in answers.items()} == {code: [] for code in answers}
    answers[200].close()


def test_x07_in_production_cookies_are_bound_to_the_host_and_transport() -> None:
    program = """
import django, json
django.setup()
from django.conf import settings
from django.test import Client
client = Client(headers={"host": "portal.example"})
safe, plain = client.get("/healthz", secure=True), client.get("/workbench/")
print(json.dumps([safe.headers["Strict-Transport-Security"], plain.status_code, plain.headers["Location"],
    plain.headers["Content-Security-Policy"], [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME],
    [settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY],
    [settings.SESSION_COOKIE_DOMAIN, settings.SESSION_COOKIE_PATH]]))
"""
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=settings.BASE_DIR, env={**__import__("os").environ, **COMPLETE},
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    transport, code, location, policy, cookies, flags, scope = json.loads(ran.stdout.splitlines()[-1])
    assert re.fullmatch(r"max-age=31536000; includeSubDomains(; preload)?", transport)
    assert (code, location.startswith("https://portal.example/")) == (301, True)
    assert "default-src 'none'" in policy
    assert cookies == ["__Host-sessionid", "__Host-csrftoken"]
    assert (flags, scope) == ([True, True, True], [None, "/"])


# --- scripts -----------------------------------------------------------------------------
def test_x01_the_set_is_large() -> None:
    assert len(set(XSS)) >= 200
    assert [vector for vector in VECTORS if vector.startswith("<") and not Living(vector).found] == []


def test_x01_what_people_type_runs_nowhere(world: World) -> None:
    """Every page as the first and the last of the readers for whom it opens."""
    taken, living, opened, reach = poison(XSS), {}, 0, read("reach")
    clients = {reader: client_of(world, reader) for reader in READERS}
    for name, address in addresses(world).items():
        readers = [reader for reader in READERS if reach[reader][name, "GET"] == "200"]
        for reader in {*readers[:1], *readers[-1:]}:
            answer = asked(clients[reader], "GET", address)
            assert answer.status_code < 500, (name, reader)
            opened += answer.status_code == 200
            if "text/html" in answer.headers.get("Content-Type", ""):
                found = Living(answer.body.decode()).found
                if found:
                    living[name, reader] = sorted(set(found))[:5]

    assert (len(taken) >= 40, opened > 300) == (True, True)
    assert living == {}


def test_x01_mails_are_plain_text(people: Personas) -> None:
    people.lead.name = XSS[1]
    people.lead.save()

    Client().post("/account/password/reset/", {"email": people.lead.email})
    work_off()

    assert [(letter.content_subtype, getattr(letter, "alternatives", [])) for letter in mail.outbox] == [("plain", [])]


@pytest.fixture
def window(page: Page, live_server: LiveServer) -> Callable[[Any], Page]:
    """A browser in which somebody is signed in."""

    def enter(user: Any) -> Page:
        client = Client()
        client.force_login(user)
        key = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
        return page

    return enter


@pytest.mark.django_db(transaction=True)
def test_x01_a_browser_finds_nothing_to_refuse(
    people: Personas, window: Callable[[Any], Page], live_server: LiveServer, console: list[str]
) -> None:
    """The fixture `page` fails on any word of the console, and a breach of the policy is one."""
    world = World(people)
    poison(XSS[::7], together=" ")
    page, said = window(people.officer), []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    for name in ("home", "funding:application-list", "funding:application-detail", "consortia:consortium-detail",
                 "members:organisation-detail", "reports:evaluation-detail", "funding:call-detail"):  # fmt: skip
        answer = page.goto(live_server.url + reverse(name, kwargs=world.kwargs(name)))
        assert getattr(answer, "status", 0) == 200, name

    assert (said, console) == ([], [])


@pytest.mark.django_db(transaction=True)
def test_a10_the_back_button_shows_nothing_after_the_sign_out(
    people: Personas, window: Callable[[Any], Page], live_server: LiveServer
) -> None:
    page = window(people.lead)
    page.goto(live_server.url + "/workbench/")
    page.goto(live_server.url + reverse("account_logout"))
    page.locator("main form button").first.click()
    page.wait_for_url(re.compile(r".*/$"))

    page.go_back()
    page.go_back()

    assert people.lead.name not in page.content()


# --- nothing is fetched ------------------------------------------------------------------
class Listener(threading.Thread):
    """Counts who calls."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port, self.calls = self.door.getsockname()[1], 0
        self.start()

    def run(self) -> None:
        while True:
            try:
                line, _ = self.door.accept()
            except OSError:
                return
            self.calls += 1
            line.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    waiting = Listener()
    yield waiting
    waiting.door.close()


def fetching(port: int) -> tuple[str, ...]:
    """Markup that would fetch something if it were markup."""
    there = f"http://127.0.0.1:{port}/x"
    return (
        f'<img src="{there}">', f'<link rel="stylesheet" href="{there}">', f'<style>@import url("{there}");</style>',
        f'<style>body {{ background: url("{there}") }}</style>', f'<link rel="attachment" href="{there}">',
        f'<object data="{there}"></object>', f'<svg><image href="{there}"/></svg>', '<img src="file:///etc/hostname">',
        '<link rel="attachment" href="file:///etc/passwd">', f"url({there})", f'<iframe src="{there}"></iframe>',
    )  # fmt: skip


def test_x02_no_text_makes_the_report_fetch_anything(people: Personas, listener: Listener, tmp_path: Path) -> None:
    for face in FACES:
        cut(face)
    snapshot = rewritten(report_snapshot(rich_evaluation(people)), cycle(fetching(listener.port)))
    html = annual_html(Material(snapshot, "PJ-2026-0001", "1", "0" * 64), "zh-hans")

    pdf.lay_out(html).write(tmp_path / "x.pdf")

    words = "".join(page.extract_text() for page in PdfReader(tmp_path / "x.pdf").pages)
    assert "127.0.0.1" in words  # it stands there as text
    assert listener.calls == 0


@pytest.mark.parametrize("number", range(9))
def test_x02_and_if_it_were_markup_the_report_would_not_be_made(
    listener: Listener, tmp_path: Path, number: int
) -> None:
    html = f"<html><body>{fetching(listener.port)[number]}x</body></html>"

    try:
        pdf.lay_out(html).write(tmp_path / "x.pdf")
    except pdf.AddressRefused:
        pass
    else:
        assert b"root:" not in (tmp_path / "x.pdf").read_bytes()

    assert listener.calls == 0


# --- formulas ----------------------------------------------------------------------------
def exported(people: Personas, export: Any, form: str) -> bytes:
    people_who_may = (people.officer, people.finance, people.supervisor, people.head, people.leader)
    for user in people_who_may:
        try:
            taken = export.export(export.base(user), []) if isinstance(export, Report) else export
            made = make_export(export=taken, user=user, params={}, file_format=form, purpose="样例", at=timezone.now())
        except Exception as refusal:  # noqa: BLE001
            assert type(refusal).__name__ == "PermissionDenied"  # noqa: PT017
            continue
        with made.file:
            return made.file.read()
    raise AssertionError(f"nobody may take {export.slug}")


@pytest.mark.parametrize("export", REPORTS, ids=lambda export: export.slug)
def test_x03_no_export_holds_a_formula(world: World, export: Any) -> None:
    poison(FORMULAS)

    book = load_workbook(io.BytesIO(exported(world.people, export, "xlsx")))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    table = list(csv.reader(io.StringIO(exported(world.people, export, "csv").decode("utf-8-sig"), newline="")))

    typed = [cell for cell in cells if isinstance(cell.value, str)]
    ours = [
        cell
        for cell in cells
        if cell.data_type == "f"
        and not re.fullmatch(r"=SUM\([A-Z]+\d+:[A-Z]+\d+\)|=SUBTOTAL\(109,[A-Z]+\d+:[A-Z]+\d+\)", str(cell.value))
    ]
    assert (len(typed) > 3, ours, [cell.hyperlink for cell in cells if cell.hyperlink]) == (True, [], [])
    numbers = re.compile(r"-?\d+(\.\d+)?")
    live = [text for row in table for text in row if text.startswith(tuple("=+-@\t\r\n＝＋－＠"))]
    assert [text for text in live if not numbers.fullmatch(text)] == []


# --- X-04 and signs that cannot be stored ------------------------------------------------------
KEYS = ("sort", "ordering", "after", "before", "tab", "q", "search", "page", "year", "status", "district", "call",
        "tier", "consortium", "organisation", "action", "actor", "role", "type", "kind", "cycle",
        "grade", "limit", "offset", "cursor")  # fmt: skip


FEW = 3


@pytest.mark.parametrize("reader", ["officer", "anonymous"])
def test_x04_no_question_breaks_a_list(world: World, reader: str) -> None:
    """A few texts for each list, so that all take turns; that none ever reaches a statement shows test_injection."""
    client, answers, turns = client_of(world, reader), {}, cycle(SQL)
    lists = {name: url for name, url in addresses(world).items() if re.search(r"list|board|home|trail|audit|my-", name)}
    for name, address in lists.items():
        for attack in islice(turns, FEW):
            answer = asked(client, "GET", address, QUERY_STRING="&".join(f"{key}={quoted(attack)}" for key in KEYS))
            if answer.status_code >= 500:
                answers[name, attack] = answer.status_code

    assert len(lists) * FEW > len(SQL)
    assert answers == {}


def quoted(text: str) -> str:
    return "".join(f"%{byte:02x}" for byte in text.encode())


def test_x04_nul_is_refused_before_anybody_reads_it(world: World) -> None:
    client, let_in = Client(raise_request_exception=False), {}
    for name, address in addresses(world).items():
        answers = [
            asked(client, "GET", address, QUERY_STRING="q=a%00b"),
            asked(client, "GET", address, QUERY_STRING="a%00=b"),
            asked(client, "POST", address, data="note=a%00b", content_type="application/x-www-form-urlencoded"),
        ]
        if [answer.status_code for answer in answers] != [400, 400, 400]:
            let_in[name] = [answer.status_code for answer in answers]

    assert let_in == {}


def test_x04_halves_of_signs_do_no_harm(world: World) -> None:
    """Where the lead is let in; whoever is refused is refused before anything is read."""
    client, broken_by, reach = client_of(world, "lead"), {}, read("reach")["lead"]
    sent = {
        "GET": {"QUERY_STRING": "q=%ED%A0%80&sort=%ff%fe"},
        "POST": {"data": "note=%ED%A0%80", "content_type": "application/x-www-form-urlencoded"},
    }
    for name, address in addresses(world).items():
        answers = [
            asked(client, method, address, **facts)
            for method, facts in sent.items()
            if reach[name, method] in {"200", "302", "400"}
        ]
        if any(answer.status_code >= 500 for answer in answers):
            broken_by[name] = [answer.status_code for answer in answers]

    assert broken_by == {}


def test_x04_nul_in_paths_cookies_and_the_names_of_files() -> None:
    client = Client(raise_request_exception=False)
    client.cookies[settings.SESSION_COOKIE_NAME] = "a\0b"
    boundary = b'--x\r\nContent-Disposition: form-data; name="a\0b"; filename="a.pdf"\r\n\r\nx\r\n--x--\r\n'

    answers = [
        Client(raise_request_exception=False).get("/funding/%00/"),
        client.get("/workbench/"),
        Client(raise_request_exception=False).generic(
            "POST", "/account/login/", boundary, content_type="multipart/form-data; boundary=x"
        ),
    ]

    assert [answer.status_code for answer in answers] == [400, 400, 400]


# --- forged requests ---------------------------------------------------------------------
FORM = ("POST", "application/x-www-form-urlencoded")
FORGED = (
    *(("POST", kind) for kind in ("text/plain", "application/json")),
    *((method, "application/json") for method in ("PUT", "PATCH", "DELETE")),
)


def test_x05_nothing_is_changed_from_a_foreign_page(world: World) -> None:
    """By a form, everywhere; the other ways all at the API, in turns at the pages: one check stands before them."""
    client, open_doors, turns = client_of(world, "officer", enforce_csrf_checks=True), {}, cycle(FORGED)
    for name, address in addresses(world).items():
        for method, kind in (FORM, *(FORGED if name.startswith("api:") else (next(turns),))):
            answer = asked(client, method, address, data='{"note": "x"}', content_type=kind)
            if answer.status_code != 403 or missing(answer.headers):
                open_doors[method, kind, name] = (answer.status_code, missing(answer.headers))

    assert open_doors == {}


# --- away from here ----------------------------------------------------------------------
@pytest.mark.parametrize("target", ELSEWHERE)
def test_x06_next_leads_to_our_own_pages_only(people: Personas, target: str) -> None:
    password = "Sample-pass-2026-A"
    people.lead.set_password(password)
    people.lead.save()
    Authenticator.objects.filter(user=people.lead).delete()
    asking = RequestFactory().post("/", {"next": target})

    spoken = Client().post("/language/", {"language": "en", "next": target})
    entered = Client().post("/account/login/", {"login": people.lead.email, "password": password, "next": target})

    assert safe_next(asking, "/home/") in {"/home/", target}
    for answer in (spoken, entered):
        assert answer.status_code == 302
        ours = urlsplit(urljoin("http://testserver/account/login/", answer["Location"]))
        assert (ours.scheme, ours.netloc) == ("http", "testserver")
        assert answer["Location"][:2] not in {"//", "/\\"}


# --- poisoned host -----------------------------------------------------------------------
FORWARDED = {"x-forwarded-host": "evil.test", "x-forwarded-server": "evil.test", "forwarded": "host=evil.test"}


def hosts_in_letters(user: Any, headers: dict[str, str]) -> tuple[int, list[str | None]]:
    """The answer to somebody who asks for a new password under these headers, and where the links of the mail lead."""
    mail.outbox.clear()
    client = Client(raise_request_exception=False)
    answer = client.post("/account/password/reset/", {"email": user.email}, headers=headers)
    work_off()
    links = [link for letter in mail.outbox for link in re.findall(r"https?://\S+", f"{letter.subject} {letter.body}")]
    return answer.status_code, [urlsplit(link).hostname for link in links]


def test_x08_a_reset_mail_names_our_own_host(people: Personas) -> None:
    own = urlsplit(settings.PUBLIC_URL).hostname

    assert hosts_in_letters(people.lead, {"host": "evil.test"}) == (400, [])
    assert hosts_in_letters(people.lead, FORWARDED) == (302, [own])
    with override_settings(ALLOWED_HOSTS=["*"], USE_X_FORWARDED_HOST=True):  # even where every host is believed
        assert hosts_in_letters(people.lead, {"host": "evil.test"}) == (302, [own])
        assert hosts_in_letters(people.lead, FORWARDED) == (302, [own])
