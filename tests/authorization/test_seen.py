"""Every page of a form that two people may change says which state it was opened on."""

from collections.abc import Iterator

import pytest
from django.urls import Resolver404, resolve, reverse

from portal.kernel.stale import SeenMixin
from tests.authorization import pages, sweep
from tests.authorization.world import World
from tests.personas import Personas

pytestmark = pytest.mark.django_db


def guarded(url: str) -> bool:
    """Whether what is sent to this address is compared with the state that was seen."""
    try:
        return issubclass(getattr(resolve(url).func, "view_class", object), SeenMixin)
    except Resolver404:
        return False


def sent(world: World, urls: dict[str, str]) -> Iterator[tuple[str, bool]]:
    """(address, whether its form holds the state) for every form that one of the personas is shown."""
    reach = sweep.read("reach")
    for column in (one for one in sweep.COLUMNS if one != "anonymous"):
        client = sweep.client_of(world, column)
        for url in (url for name, url in urls.items() if reach[column][name, "GET"] == "200"):
            _status, text, _headers = sweep.ask(client, "GET", url)
            forms = pages.read(text, url)
            yield from ((one, (one, "seen") in forms.found) for one in forms.forms if guarded(one))


def test_no_template_leaves_out_what_was_seen(people: Personas) -> None:
    world = World(people)
    urls = {name: reverse(name, kwargs=world.kwargs(name)) for name in sweep.names()}
    urls = {name: url for name, url in urls.items() if guarded(url)}

    found = set(sent(world, urls))

    assert {url for url, holds in found if not holds} == set()
    assert len({url for url, _holds in found}) > len(urls) // 2
