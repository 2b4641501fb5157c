"""The page of components in a real browser: both languages and themes, narrow and wide; and what its scripts do."""

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from tests.browsing import LANGUAGES, WIDTHS, Theme, Visit, assert_accessible, assert_no_overflow

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def guide(visit: Visit) -> Page:
    return visit(reverse("styleguide"), language="en")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_component_is_accessible_and_fits(visit: Visit, language: str, width: int, theme: Theme) -> None:
    page = visit(reverse("styleguide"), language=language, theme=theme, width=width)

    expect(page.locator("html")).to_have_attribute("lang", {"zh-hans": "zh-Hans", "en": "en"}[language])
    expect(page.locator("html")).to_have_attribute("data-theme", theme)
    assert_accessible(page)
    assert_no_overflow(page)


@pytest.mark.parametrize("width", [320, 900, 1920])
def test_it_holds_in_the_smallest_a_middle_and_the_largest_window(visit: Visit, width: int) -> None:
    page = visit(reverse("styleguide"), width=width)

    assert_accessible(page)
    assert_no_overflow(page)


def test_every_icon_that_is_used_is_in_the_sprite(guide: Page) -> None:
    empty = guide.evaluate(
        """[...document.querySelectorAll('svg.icon')]
        .filter(svg => svg.checkVisibility() && svg.querySelector('use').getBBox().width === 0)
        .map(svg => svg.innerHTML)"""
    )

    assert empty == []


def test_the_theme_is_remembered(guide: Page) -> None:
    guide.locator(".tools > [data-theme-toggle]").click()
    guide.reload()

    expect(guide.locator("html")).to_have_attribute("data-theme", "dark")


def test_the_density_is_remembered(guide: Page) -> None:
    guide.locator(".me > summary").click()
    guide.get_by_role("button", name="Compact").click()
    guide.reload()

    expect(guide.locator("html")).to_have_attribute("data-density", "compact")
    expect(guide.locator("[data-set-density=compact]")).to_have_attribute("aria-pressed", "true")


def test_escape_closes_the_account_menu(guide: Page) -> None:
    guide.locator(".me > summary").click()
    expect(guide.get_by_role("button", name="Sign out")).to_be_visible()

    guide.keyboard.press("Escape")

    expect(guide.get_by_role("button", name="Sign out")).to_be_hidden()
    expect(guide.locator(".me > summary")).to_be_focused()


def test_the_language_switch_speaks_the_other_language(guide: Page) -> None:
    guide.get_by_role("button", name="中文").click()

    expect(guide.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(guide.get_by_role("heading", level=1)).to_have_text("组件")


def test_rows_are_walked_and_chosen_by_keyboard(guide: Page) -> None:
    bulk = guide.locator("[data-bulk]")
    expect(bulk).to_be_hidden()

    for key in ("j", "x", "j", "x"):
        guide.keyboard.press(key)

    expect(bulk.locator("[data-count]")).to_have_text("2")
    expect(bulk.locator("[data-sum]")).to_have_text("385")
    expect(guide.locator("tr.cur")).to_contain_text("2026-0204")

    guide.keyboard.press("Escape")

    expect(bulk).to_be_hidden()


def test_on_a_narrow_screen_a_row_is_a_card_with_every_figure_under_its_name(visit: Visit) -> None:
    page = visit(reverse("styleguide"), language="en", width=390)

    cells = page.locator("table[data-rows] tbody tr").first.locator("> *")

    assert cells.evaluate_all("cells => cells.filter(cell => !cell.checkVisibility()).length") == 0
    assert cells.evaluate_all("cells => cells.map(cell => cell.dataset.label ?? '')") == [
        "", "", "Members", "Tier", "Amount (×10k yuan)", "Status", ""
    ]  # fmt: skip


def test_the_head_box_selects_the_whole_page(guide: Page) -> None:
    guide.locator("[data-all]").check()

    expect(guide.locator("tbody tr.sel")).to_have_count(4)


def test_keys_typed_into_a_field_do_not_move_rows(guide: Page) -> None:
    guide.locator("#filters input[type=search]").press_sequentially("jxj")

    expect(guide.locator("tr.cur")).to_have_count(0)


def test_a_filter_applies_when_it_is_chosen_and_empty_ones_stay_out(guide: Page) -> None:
    guide.locator("#filters select").select_option("Draft")
    guide.wait_for_url("**/?status=SAMPLE_DRAFT&tier=A&tier=B")


def test_a_group_of_boxes_applies_when_its_menu_closes(guide: Page) -> None:
    guide.locator("#filters .filter-menu > summary").click()
    guide.locator("#filters").get_by_label("C", exact=True).check()
    guide.locator("#filters").get_by_label("A", exact=True).uncheck()
    assert guide.url.endswith(reverse("styleguide"))

    guide.keyboard.press("Escape")

    guide.wait_for_url("**/?status=SAMPLE_CHECKING&tier=B&tier=C")


def test_the_dialog_opens_and_closes(guide: Page) -> None:
    dialog = guide.get_by_role("dialog", name="Return the application?")
    guide.locator("[data-dialog-open]").click()
    expect(dialog).to_be_visible()
    assert_accessible(guide)

    guide.keyboard.press("Escape")

    expect(dialog).to_be_hidden()


def test_a_node_of_the_network_lights_its_partners(guide: Page) -> None:
    guide.locator(".net .node.univ").first.focus()

    expect(guide.locator(".net .node.on")).to_have_count(3)
    expect(guide.locator(".net .link.on")).to_have_count(2)


def test_leaving_a_typed_form_asks_first(guide: Page) -> None:
    asked = []
    guide.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    guide.locator("#form form[data-unsaved] [name=name]").fill("样例联合体")

    guide.evaluate("location.reload()")
    guide.wait_for_timeout(300)

    assert asked == ["beforeunload"]
    expect(guide.locator("#form form[data-unsaved] [name=name]")).to_have_value("样例联合体")


def test_the_second_click_sends_nothing(guide: Page) -> None:
    sent: list[str] = []

    def answer(route: Route) -> None:
        sent.append(route.request.url)
        route.fulfill(status=204)  # the browser stays on the page

    guide.route("**/slow/", answer)
    form = guide.locator("#form form[data-unsaved]")
    form.evaluate("form => { form.action = '/slow/' }")
    form.get_by_role("button", name="Save").click()

    form.evaluate("form => form.requestSubmit()")

    expect(form.get_by_role("button", name="Save")).to_be_disabled()
    guide.wait_for_timeout(200)
    assert len(sent) == 1


def test_a_server_error_replaces_no_form_and_says_so(guide: Page, console: list[str]) -> None:
    guide.route("**/broken/", lambda route: route.fulfill(status=500, body="<p>traceback</p>"))
    guide.locator("#form form[data-unsaved]").evaluate(
        """form => {
            form.setAttribute('hx-post', '/broken/');
            form.setAttribute('hx-target', 'this');
            htmx.process(form);
        }"""
    )
    guide.locator("#form form[data-unsaved] [name=name]").fill("样例联合体")

    guide.locator("#form form[data-unsaved]").get_by_role("button", name="Save").click()

    expect(guide.locator(".toast.error")).to_contain_text("Nothing was lost")
    expect(guide.locator("#form form[data-unsaved] [name=name]")).to_have_value("样例联合体")
    console.clear()


def test_progress_is_followed_until_the_job_is_done(guide: Page) -> None:
    running = """<section class="job" id="job-running">
        <progress max="100" value="80"></progress>
        <div hidden hx-get="/job/" hx-trigger="every 50ms" hx-target="#job-running" hx-swap="outerMorph"></div>
        </section>"""
    done = '<section class="job ok" id="job-running"><progress max="100" value="100"></progress>done</section>'
    answers = [running, running, done]
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append("job")
        route.fulfill(body=answers[min(len(asked), 3) - 1], content_type="text/html")

    guide.route("**/job/", answer)
    guide.locator("#job-running").evaluate(f"section => {{ section.outerHTML = {running!r} }}")
    guide.evaluate("htmx.process(document.getElementById('job-running'))")

    expect(guide.locator("#job-running")).to_have_text("done")
    guide.wait_for_timeout(200)  # one question more may have been on its way
    told = len(asked)
    guide.wait_for_timeout(300)
    assert (told >= 3, len(asked) - told) == (True, 0)


def test_whoever_was_signed_out_gets_no_sign_in_page_inside_a_fragment(guide: Page, live_server: LiveServer) -> None:
    login = live_server.url + reverse("account_login")
    guide.route("**/job/", lambda route: route.fulfill(status=302, headers={"Location": login}))
    guide.evaluate("window.before = true")

    guide.evaluate("htmx.ajax('GET', '/job/', {target: '#job-running'})")

    guide.wait_for_function("window.before === undefined")  # the page was loaded anew
    expect(guide.locator("#job-running progress")).to_have_attribute("value", "62")


def test_a_deadline_ticks(page: Page, visit: Visit) -> None:
    page.clock.install()
    visit(reverse("styleguide"), language="en")
    clock = page.locator("#clocks time").first
    clock.evaluate("time => { time.dateTime = new Date(Date.now() + 3600000 + 30000).toISOString() }")

    page.clock.fast_forward(16_000)

    expect(clock).to_have_text("1 h 00 min left")
    expect(page.locator("#clocks .clock").first).to_have_class("clock bad")


def test_it_prints_without_the_frame(guide: Page) -> None:
    guide.emulate_media(media="print")

    expect(guide.locator(".roof")).to_be_hidden()
    expect(guide.locator(".frame > .nav")).to_be_hidden()
    expect(guide.get_by_role("heading", level=1)).to_be_visible()


def test_without_scripts_the_page_still_works(chromium: Browser, live_server: LiveServer) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(live_server.url + reverse("styleguide"))

    expect(page.locator("[data-apply]")).to_be_visible()
    page.locator(".me > summary").click()
    expect(page.locator(".me .sheet")).to_be_visible()
    context.close()
