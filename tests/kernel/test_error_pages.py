"""The pages for an error need nothing: no request, no user, no database; the worst two not even the template engine."""

from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import translation

TEMPLATES = Path(settings.BASE_DIR) / "templates"


class Heading(HTMLParser):
    """Reads the words of the first <h1>."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.inside, self.words = False, ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.inside = tag == "h1"

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "h1"

    def handle_data(self, data: str) -> None:
        self.words += data if self.inside else ""


@pytest.mark.parametrize(
    ("name", "chinese", "english"),
    [
        ("400", "请求无法识别", "The request cannot be read"),
        ("403", "您无权进行此操作", "You may not do this"),
        ("403_csrf", "页面打开时间过长", "The page was open for too long"),
        ("404", "页面不存在", "Nothing is here"),
    ],
)
def test_an_error_page_needs_no_context(name: str, chinese: str, english: str) -> None:
    with translation.override("zh-hans"):
        assert Heading(render_to_string(f"{name}.html")).words == chinese
    with translation.override("en"):
        assert Heading(render_to_string(f"{name}.html")).words == english


@pytest.mark.django_db
def test_who_sends_no_cookie_is_told_so() -> None:
    visitor = Client(enforce_csrf_checks=True, headers={"Accept-Language": "en"})

    answer = visitor.post(reverse("account_login"), {"login": "x@sample.test", "password": "x"})

    assert (answer.status_code, Heading(answer.content.decode()).words) == (403, "Cookies are needed")


def test_the_page_of_a_refusal_says_who_can_help() -> None:
    with translation.override("en"):
        assert render_to_string("403.html").count("<li>") == 2


@pytest.mark.parametrize("name", ["500", "503"])
def test_the_worst_pages_are_plain_html_in_both_languages(name: str) -> None:
    source = (TEMPLATES / f"{name}.html").read_text()

    assert render_to_string(f"{name}.html") == source
    assert {mark for mark in ("{%", "{{", "<c-") if mark in source} == set()
    assert '<div lang="en">' in source
