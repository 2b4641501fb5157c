"""Each room's catalogue follows its sources."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from portal.kernel.management.commands import messages

TRANSLATED = messages.HEADER + '\n#: members/views.py\nmsgid "Organisation"\nmsgstr "单位"\n'


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A house with two rooms and a text in each kind of source."""
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "ROOMS", ("portal", "members"))
    write(tmp_path / "portal" / "kernel" / "views.py", 'gettext_lazy("Home")')
    write(tmp_path / "portal" / "kernel" / "migrations" / "0001_initial.py", '_("Not for people")')
    write(tmp_path / "members" / "views.py", 'x = _("Organisation")')
    write(tmp_path / "templates" / "base.html", '{% translate "Sign in" %}')
    write(tmp_path / "templates" / "members" / "list.html", "{% blocktranslate trimmed %}Invite{% endblocktranslate %}")
    return tmp_path


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def run(*arguments: str) -> str:
    output = StringIO()
    call_command("messages", *arguments, stdout=output)
    return output.getvalue()


def complaints(*rooms: str) -> list[str]:
    with pytest.raises(CommandError) as caught:
        run(*rooms, "--check")
    return str(caught.value).splitlines()[:-1]


def catalogue(house: Path, room: str = "members") -> Path:
    return house / room / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"


def test_each_text_goes_to_its_room(house: Path) -> None:
    assert run().splitlines() == [
        "portal/locale/zh_Hans/LC_MESSAGES/django.po: 2 to translate",
        "members/locale/zh_Hans/LC_MESSAGES/django.po: 2 to translate",
    ]

    keys = {room: [m.key for m in messages.parse(catalogue(house, room).read_text())] for room in messages.ROOMS}
    assert keys == {
        "portal": [("", "Home"), ("", "Sign in")],
        "members": [("", "Organisation"), ("", "Invite")],
    }


def test_the_catalogue_holds_no_date_and_no_line_number(house: Path) -> None:
    run("members")

    assert catalogue(house).read_text() == (
        messages.HEADER
        + '\n#: members/views.py\nmsgid "Organisation"\nmsgstr ""\n'
        + '\n#: templates/members/list.html\nmsgid "Invite"\nmsgstr ""\n'
    )


def test_a_translation_is_kept_and_nothing_is_guessed(house: Path) -> None:
    write(catalogue(house), TRANSLATED)
    write(house / "members" / "views.py", '_("Organisation"), _("Organisations")')

    run("members")

    texts = {m.key[1]: (m.texts, m.fuzzy) for m in messages.parse(catalogue(house).read_text())}
    assert texts == {
        "Organisation": (("单位",), False),
        "Organisations": (("",), False),
        "Invite": (("",), False),
    }


def test_a_text_that_is_gone_goes(house: Path) -> None:
    write(catalogue(house), TRANSLATED)
    write(house / "members" / "views.py", "")

    run("members")

    assert [m.key for m in messages.parse(catalogue(house).read_text())] == [("", "Invite")]


def test_running_it_again_changes_nothing(house: Path) -> None:
    run()
    before = catalogue(house).read_text()

    run()

    assert catalogue(house).read_text() == before


def test_check_names_every_fault_and_writes_nothing(house: Path) -> None:
    text = TRANSLATED + '\n#, fuzzy\nmsgid "Invite"\nmsgstr "邀请"\n\nmsgid "Gone"\nmsgstr "无"\n'
    write(catalogue(house), text)
    write(house / "members" / "models.py", '_("New")')

    name = "members/locale/zh_Hans/LC_MESSAGES/django.po"
    assert complaints("members") == [
        f"{name}: missing: 'New'",
        f"{name}: used nowhere: 'Gone'",
        f"{name}: fuzzy: 'Invite'",
    ]
    assert catalogue(house).read_text() == text


def test_check_names_what_is_not_translated(house: Path) -> None:
    run("members")

    name = "members/locale/zh_Hans/LC_MESSAGES/django.po"
    assert complaints("members") == [f"{name}: untranslated: 'Invite'", f"{name}: untranslated: 'Organisation'"]


def test_check_sees_a_lost_placeholder(house: Path) -> None:
    write(house / "members" / "views.py", '_("%(count)s organisations")')
    (house / "templates" / "members" / "list.html").unlink()
    entry = '\n#, python-format\nmsgid "%(count)s organisations"\nmsgstr "单位"\n'
    write(catalogue(house), messages.HEADER + entry)

    found = complaints("members")

    assert found[0].endswith("a format specification for argument 'count' doesn't exist in 'msgstr'")


def test_check_sees_two_rooms_that_say_one_thing_differently(house: Path) -> None:
    write(house / "portal" / "kernel" / "views.py", '_("Organisation")')
    for path in (house / "templates").rglob("*.html"):
        path.unlink()
    write(catalogue(house), TRANSLATED)
    write(catalogue(house, "portal"), TRANSLATED.replace("单位", "组织"))

    assert complaints() == [
        "two translations of 'Organisation' (portal: 组织, members: 单位); agree on one, or give one a context"
    ]


def test_check_is_content_with_a_complete_room(house: Path) -> None:
    (house / "templates" / "members" / "list.html").unlink()
    write(catalogue(house), TRANSLATED)

    assert run("members", "--check") == "Complete: members.\n"


def test_plural_and_context_are_part_of_the_catalogue(house: Path) -> None:
    write(house / "members" / "views.py", 'ngettext("%(n)s day", "%(n)s days", n), pgettext("month", "May")')
    (house / "templates" / "members" / "list.html").unlink()
    entries = '\nmsgid "%(n)s day"\nmsgid_plural "%(n)s days"\nmsgstr[0] "%(n)s 天"\n'
    entries += '\nmsgctxt "month"\nmsgid "May"\nmsgstr "五月"\n'
    write(catalogue(house), messages.HEADER + entries)

    assert run("members", "--check") == "Complete: members.\n"


def test_an_unknown_room_is_refused(house: Path) -> None:
    with pytest.raises(CommandError, match=r"^No such room: cellar\. The rooms are portal, members\.$"):
        run("cellar")
