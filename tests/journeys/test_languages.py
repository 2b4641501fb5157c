"""The language switch: on the main pages of every role nothing Chinese is left of the portal's own words, and back.

Data may be Chinese; so that it cannot hide a forgotten word, everything that people wrote is put into other letters
first. What the portal keeps in both languages (districts, sub-fields, rules) stays as it is.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models
from django.urls import reverse
from playwright.sync_api import expect

from consortia.models import SubField
from funding.models import FormVersion, RuleSet
from members.models import District, User
from portal.kernel.models import AuditEntry
from tests.authorization.world import World
from tests.factories.consortia import meet
from tests.journeys.person import Person
from tests.personas import Personas

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]
Enter = Callable[..., Person]
ROOMS = ("kernel", "members", "consortia", "funding", "reports")
AS_THEY_ARE = (District, SubField, RuleSet, FormVersion, AuditEntry)  # in both languages; the last refuses changes
CHINESE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff01-\uffe5]+")
# Every text and every attribute that is read out or shown, without the switch itself.
WORDS = """() => {
    const found = [document.title], skip = '.language, script, style, template, textarea, #words';
    const spoken = ['aria-label', 'title', 'alt', 'placeholder'];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
        const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
        if (element.closest(skip)) continue;
        if (element !== node) found.push(node.data);
        else found.push(...spoken.map(name => node.getAttribute(name) ?? ''));
    }
    return found.join('\\n');
}"""
DETAILS = {
    "lead": ("funding:application-detail", "consortia:consortium-detail", "consortia:consortium-preparation",
             "funding:tranche-detail", "funding:contract-detail", "reports:evaluation-detail"),
    "officer": ("funding:application-check", "funding:application-reviews", "funding:call-detail",
                "reports:cycle-detail", "consortia:consortium-history"),
    "leader": ("funding:application-detail", "funding:tranche-detail"),
    "finance": ("funding:tranche-detail", "reports:export-take"),
    "district_officer": ("funding:application-detail", "reports:evaluation-detail"),
    "expert": ("funding:review-detail", "reports:evaluation-detail"),
    "system_admin": ("members:user-detail",),
    "audit_admin": (),
}  # fmt: skip


ONLY_ADDED = (
    ("funding_ledgerentry", "ledger_entry_append_only"),
    ("reports_citytarget", "city_target_append_only"),
)  # tables whose rows nobody rewrites, and what sees to it


@pytest.fixture
def world(people: Personas) -> World:
    """One thing of every kind, written in letters that nobody mistakes for Chinese."""
    built = World(people)
    meet(people.rival_org, *(getattr(people, name) for name in DETAILS))
    with connection.cursor() as cursor:
        for table, trigger in ONLY_ADDED:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
        for model in apps.get_models():
            if model._meta.app_label in ROOMS and model not in AS_THEY_ARE:
                rewrite(model)
        for table, trigger in ONLY_ADDED:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")
    return built


def rewrite(model: type[models.Model]) -> None:
    """Every text in the table."""
    kinds = (models.CharField, models.TextField, models.JSONField)
    names = [one.name for one in model._meta.concrete_fields if isinstance(one, kinds) and not one.primary_key]
    for row in model._base_manager.all():
        values = {name: getattr(row, name) for name in names}
        changed = {name: other_letters(value) for name, value in values.items() if other_letters(value) != value}
        if changed:
            model._base_manager.filter(pk=row.pk).update(**changed)


def other_letters(value: Any) -> Any:
    """The same with an accented letter for each Chinese sign."""
    if isinstance(value, str):
        return CHINESE.sub(lambda signs: "".join(chr(0x100 + ord(sign) % 0x17F) for sign in signs[0]), value)
    if isinstance(value, dict):
        return {name: other_letters(one) for name, one in value.items()}
    return [other_letters(one) for one in value] if isinstance(value, list) else value


def chinese_on(person: Person, path: str) -> list[str]:
    """The Chinese words of a page; what the trail holds stays as it was written."""
    assert person.open(path).status == 200
    rows = AuditEntry.objects.values_list("actor_name", "subject_label", "facts")
    kept = "\n".join(str(text) for row in rows for text in row)
    return [words for words in CHINESE.findall(person.page.evaluate(WORDS)) if words not in kept]


def switch(person: Person, word: str, language: str) -> None:
    """Press the button in the roof bar; one stays on the page."""
    before = person.path
    with person.page.expect_navigation(wait_until="load"):
        person.page.get_by_role("banner").get_by_role("button", name=word, exact=True).click()
    expect(person.page.locator("html")).to_have_attribute("lang", language)
    assert person.path == before


def test_the_public_pages(enter: Enter, world: World) -> None:
    visitor = enter("visitor")
    visitor.visit("public-home")
    switch(visitor, "English", "en")
    names = ("public-home", "consortia:public-consortium-list", "consortia:public-consortium-detail",
             "funding:call-list", "funding:call-detail", "funding:notice-list", "funding:notice-detail",
             "funding:notice-object", "members:register", "account_login", "account_reset_password")  # fmt: skip
    paths = [reverse(name, kwargs=world.kwargs(name) if ":" in name else {}) for name in names]

    assert {path: left for path in paths if (left := chinese_on(visitor, path))} == {}

    switch(visitor, "中文", "zh-Hans")
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text(visitor.word("Set a new password"))


@pytest.mark.parametrize("role", DETAILS)
def test_the_pages_of_a_role(enter: Enter, people: Personas, world: World, role: str) -> None:
    person = enter(role)
    person.comes_in_as(User.objects.get(pk=getattr(people, role).pk))
    person.open(reverse("home"))
    items = person.page.locator("nav.nav > section a")
    chinese = items.all_inner_texts()
    assert all(CHINESE.search(words) for words in chinese)
    paths = [str(item.get_attribute("href")) for item in items.all()]
    paths += [reverse(name, kwargs=world.kwargs(name)) for name in DETAILS[role]]

    switch(person, "English", "en")
    left = {path: words for path in paths if (words := chinese_on(person, path))}
    person.open(reverse("home"))
    switch(person, "中文", "zh-Hans")

    assert left == {}
    assert items.all_inner_texts() == chinese
