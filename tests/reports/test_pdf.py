"""The document as a reader gets it: content, structure, fonts; and nothing fetched that is not ours."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override
from fontTools.ttLib import TTFont
from pypdf import PdfReader
from pypdfium2 import PdfDocument, PdfPage

from consortia.models import ResearchTask
from consortia.selectors.overview import task_progress
from members.models import Organisation
from portal.kernel.audit import sha256
from reports import pdf
from reports.exporters.annual import CHAPTERS, annual_report
from reports.exporters.annual.blocks import Prose, Table
from reports.exporters.annual.data import tables
from reports.exporters.annual.front import mention, opening, problems, waiting
from reports.exporters.annual.material import Material
from reports.exporters.annual.work import span
from reports.fonts import FACES, characters
from reports.models import Evaluation
from reports.selectors.quality import quality_notes
from reports.selectors.selfreport import filing_snapshot
from reports.selectors.snapshots import report_snapshot
from reports.tasks import annual_html
from tests.factories.reports import crowded_evaluation, make_evaluation, rich_evaluation
from tests.personas import Personas

pytestmark = pytest.mark.usefixtures("fonts")


def material_of(evaluation: Any) -> Material:
    snapshot = report_snapshot(evaluation)
    return Material(snapshot, "PJ-2026-0001", "1", sha256(snapshot))


def rendered(material: Material, tmp_path: Path, language: str = "zh-hans") -> PdfReader:
    path = tmp_path / f"{language}.pdf"
    pdf.lay_out(annual_html(material, language)).write(path)
    return PdfReader(BytesIO(path.read_bytes()))


_made: dict[tuple[str, str], PdfReader] = {}


def rich(people: Personas, tmp_path: Path, status: str = "FINAL", language: str = "zh-hans") -> PdfReader:
    """The document of the rich consortium, made once for all tests that only read it."""
    if (status, language) not in _made:
        _made[status, language] = rendered(material_of(rich_evaluation(people, status)), tmp_path, language)
    return _made[status, language]


def text_of(reader: PdfReader) -> str:
    return re.sub(r"\s", "", "".join(page.extract_text() for page in reader.pages))


def titles(outline: Any) -> Iterator[str]:
    for item in outline:
        if not isinstance(item, list):
            yield item.title


# --- the whole document ------------------------------------------------------------------------
@pytest.fixture
def whole(people: Personas, tmp_path: Path) -> PdfReader:
    return rich(people, tmp_path)


def test_it_has_the_length_of_an_annual_report(whole: PdfReader) -> None:
    assert 15 <= len(whole.pages) <= 30


def test_it_says_what_it_is(whole: PdfReader) -> None:
    metadata = whole.metadata
    assert metadata
    assert metadata.title == "样例阳澄第三代半导体创新联合体2026年度评价报告"
    assert whole.trailer["/Root"]["/Lang"] == "zh-Hans"
    assert whole.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert str(metadata.creation_date)[:10] == "2026-11-18"


def test_its_bookmarks_are_the_chapters(whole: PdfReader) -> None:
    assert list(titles(whole.outline)) == [
        "摘要", "一、基本情况", "二、“七个一”建设", "三、攻关任务", "四、创新产出与经济效益", "五、协同融通",
        "六、平台载体与孵化", "七、人才", "八、基金与资本", "九、资金使用", "十、评价得分", "十一、专家意见与整改",
        "十二、结论与后续", "附件",
    ]  # fmt: skip


def test_every_page_but_the_cover_carries_number_hash_and_page(people: Personas, tmp_path: Path) -> None:
    material = material_of(rich_evaluation(people))
    reader = rendered(material, tmp_path)
    count = len(reader.pages)

    footers = [re.sub(r"\s", "", page.extract_text()) for page in reader.pages]

    wanted = f"报告编号PJ-2026-0001·模板版本1·快照{material.snapshot_hash[:12]}"
    assert [wanted in footer for footer in footers] == [False, *[True] * (count - 1)]
    assert [f"{n}/{count}" in footer for n, footer in enumerate(footers, 1)][1:] == [True] * (count - 1)


def test_a4_in_the_measures_of_official_documents(whole: PdfReader) -> None:
    boxes = {tuple(round(float(side) * 25.4 / 72) for side in page.mediabox[2:]) for page in whole.pages}

    assert boxes == {(210, 297)}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_sign_is_missing(people: Personas, tmp_path: Path, language: str) -> None:
    reader = rich(people, tmp_path, language=language)

    assert [number for number, page in enumerate(reader.pages, 1) if "\ufffd" in page.extract_text()] == []
    assert fonts_of(reader) <= {"Report-Sans", "Report-Sans-Bold", "Report-Serif", "Report-Serif-Bold"}


def fonts_of(reader: PdfReader) -> set[str]:
    fonts = set()
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            fonts.add(str(font.get_object()["/BaseFont"]).split("+")[-1])
    return fonts


def test_english_is_english(people: Personas, tmp_path: Path) -> None:
    reader = rich(people, tmp_path, language="en")

    assert list(titles(reader.outline))[:3] == ["Summary", "1. Basic facts", "2. The Seven Ones"]
    assert reader.trailer["/Root"]["/Lang"] == "en"


def test_the_same_snapshot_gives_the_same_document(people: Personas, tmp_path: Path) -> None:
    material = material_of(rich_evaluation(people))

    first, second = rendered(material, tmp_path), rendered(material, tmp_path)

    assert len(first.pages) == len(second.pages)
    assert [page.extract_text() for page in first.pages] == [page.extract_text() for page in second.pages]


# --- draft and final ---------------------------------------------------------------------------
@pytest.mark.parametrize(("status", "marked"), [("VERIFIED", True), ("GRADED", True), ("FINAL", False)])
def test_only_a_final_report_goes_without_the_watermark(
    people: Personas, tmp_path: Path, status: str, marked: bool
) -> None:
    reader = rich(people, tmp_path, status)

    contents = re.sub(r"\s", "", reader.pages[1].extract_text())
    assert ("征求意见稿" in contents) == marked


def test_a_draft_does_not_tell_the_grade(people: Personas, tmp_path: Path) -> None:
    reader = rich(people, tmp_path, "GRADED")

    assert "评价等级优秀" not in text_of(reader)
    assert "待确认（征求意见稿）" in text_of(reader)


# --- content -----------------------------------------------------------------------------------
def test_the_printed_sheet_adds_up(people: Personas) -> None:
    evaluation = rich_evaluation(people)
    report = annual_report(material_of(evaluation))
    scores = next(one for one in report.chapters if one.key == "scores")
    table = next(block for block in scores.blocks if isinstance(block, Table))

    lines = [row for row in table.rows if row[2]]
    assert f"{sum(float(row[6]) for row in lines):.2f}" == table.sums[0][6]
    assert table.sums[-1][6] == str(evaluation.total)


def table_of(report: Any, key: str, caption: str) -> Table:
    chapter = next(one for one in report.chapters if one.key == key)
    return next(block for block in chapter.blocks if isinstance(block, Table) and block.caption == caption)


def test_what_the_expert_has_not_scored_is_pending_and_no_weakness(people: Personas) -> None:
    material = material_of(rich_evaluation(people, "SUBMITTED"))
    report = annual_report(material)
    sheet = table_of(report, "scores", "Score sheet")
    improved = table_of(report, "opinion", "What is to be improved")

    assert [row[0] for row in sheet.rows if row[6:] == ("pending", "—")] == [
        "G1.2 Technical indicators reached",
        "G1.3 Level of breakthrough",
    ]
    assert [line for line in problems(material) if line.startswith(("Technical", "Level"))] == []
    assert [row for row in improved.rows if row[0].startswith(("G1.2", "G1.3"))] == []
    assert waiting(material) == Prose(
        ("Not scored by the expert yet: Technical indicators reached, Level of breakthrough.",)
    )
    assert opening(material).startswith(
        f"For 2026, 样例阳澄第三代半导体创新联合体 has {material.sheet.total} of the 87 points that are scored so far;"
    )


def test_once_the_expert_has_scored_nothing_is_pending(people: Personas) -> None:
    material = material_of(rich_evaluation(people))

    assert waiting(material) is None
    assert material.sheet.scored_maximum == 100


def test_one_figure_has_one_source(people: Personas) -> None:
    material = material_of(rich_evaluation(people))
    tasks = material.facts["tasks"]

    assert material.own_funds == material.metrics["own_funds"].target * 10_000  # type: ignore[operator]
    assert [round(span(task, material).done, 4) for task in tasks] == [round(task_done(task), 4) for task in tasks]


def task_done(task: Any) -> float:
    """What the page of the consortium says."""
    return task_progress(ResearchTask.objects.get(pk=task["id"]), None).done


def test_sums_that_differ_are_said(people: Personas) -> None:
    evaluation = rich_evaluation(people, "FILLING")
    evaluation.values["sales"] = {"value": "4929.99", "target": "", "note": "x"}
    evaluation.snapshot = filing_snapshot(evaluation)
    evaluation.status = "SUBMITTED"

    notes = [note for note in quality_notes(evaluation) if note["code"] in {"budget", "sales"}]

    assert notes == [
        {"code": "budget", "planned": "2080.00", "promised": "2400.00"},
        {"code": "sales", "recorded": "4930.00", "stated": "4929.99"},
    ]


def test_a_target_of_the_lead_is_marked_and_said(people: Personas) -> None:
    material = material_of(rich_evaluation(people))
    table = table_of(annual_report(material), "outputs", "Economic effect against target")

    assert [row[2] for row in table.rows if row[0] == "Sales of new products"] == ["5,000 #"]
    assert table.source.endswith(" # Target stated by the lead itself.")


def test_points_have_two_decimals_and_money_one_unit(people: Personas) -> None:
    material = material_of(rich_evaluation(people))
    line = next(line for line in material.sheet.lines if line.code == "G3.1")

    assert mention(material, line) == f"Sales of new products: {line.score:.2f} of 7 points (4,500 ×10k yuan)."


def test_a_chapter_without_data_says_so(people: Personas) -> None:
    report = annual_report(material_of(make_evaluation(people, "FINAL")))

    empty = [block for one in report.chapters for block in one.blocks if isinstance(block, Table) and not block.rows]
    assert len(empty) > 5
    assert all(block.empty for block in empty)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_almost_empty_year_is_a_report_too(people: Personas, tmp_path: Path, language: str) -> None:
    reader = rendered(material_of(make_evaluation(people, "SUBMITTED", values={})), tmp_path, language)

    assert len(list(titles(reader.outline))) == len(CHAPTERS) + 2


def test_the_expert_stays_unnamed(people: Personas, tmp_path: Path) -> None:
    assert people.experts[0].user.name not in text_of(rich(people, tmp_path))


def test_what_people_wrote_is_text_not_markup(people: Personas, tmp_path: Path) -> None:
    evaluation = rich_evaluation(people)
    evaluation.snapshot["summary"] = '<img src="file:///etc/hostname"><script>alert(1)</script>总结'

    assert "<script>alert(1)</script>总结" in text_of(rendered(material_of(evaluation), tmp_path))


# --- fonts -------------------------------------------------------------------------------------
@pytest.mark.parametrize("sign", ["𬭎", "䶮", "𠮷", "镕", "珺"])
def test_a_rare_sign_of_a_name_is_drawn(sign: str, tmp_path: Path) -> None:
    path = tmp_path / "rare.pdf"
    document = (
        f'<html lang="zh-Hans"><head><title>x</title></head><body><p class="prose">样例{sign}某</p></body></html>'
    )

    pdf.lay_out(document).write(path)

    assert PdfReader(path).pages[0].extract_text().strip() == f"样例{sign}某"
    assert glyphs_of(path) > {".notdef"}


def glyphs_of(path: Path) -> set[str]:
    """The names of all glyphs in the document; a missing sign would be drawn by .notdef alone."""
    names: set[str] = set()
    for page in PdfReader(path).pages:
        for font in page["/Resources"]["/Font"].values():
            descendant = font.get_object()["/DescendantFonts"][0].get_object()
            program = descendant["/FontDescriptor"]["/FontFile3"].get_object().get_data()
            names |= set(TTFont(BytesIO(program)).getGlyphOrder())
    return names


def test_the_cut_fonts_hold_everyday_chinese() -> None:
    wanted = set(characters())

    assert {ord(sign) for sign in "创新联合体年度评价报告，。“”（）万元㎡→①Ⅷ"} <= wanted
    assert len([sign for sign in wanted if 0x4E00 <= sign <= 0x9FFF]) == 6763


# --- addresses ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/hostname",
        "http://127.0.0.1:9/x.png",
        "https://example.com/x.png",
        "ftp://127.0.0.1/x",
        "data:image/png;base64,iVBORw0KGgo=",
        "portal-font:../../../etc/hostname",
        "portal-font:unknown",
        "//127.0.0.1/x.png",
        "gopher://x",
    ],
)
def test_a_foreign_address_is_refused(address: str) -> None:
    with pytest.raises(pdf.AddressRefused):
        pdf.asset(address)


@pytest.mark.parametrize(
    "body",
    [
        '<img src="file:///etc/hostname">',
        '<img src="http://127.0.0.1:9/x.png">',
        '<img src="data:image/png;base64,iVBORw0KGgo=">',
        '<link rel="stylesheet" href="http://127.0.0.1:9/x.css">',
        '<style>@import url("file:///etc/passwd");</style>',
        '<style>p { background: url("http://127.0.0.1:9/x.png") }</style><p>x</p>',
        '<object data="file:///etc/hostname"></object>',
        '<link rel="attachment" href="file:///etc/hostname">',
    ],
)
def test_a_document_that_wants_more_is_not_made(body: str, tmp_path: Path) -> None:
    with pytest.raises(pdf.AddressRefused):
        pdf.lay_out(f"<html><body>{body}</body></html>").write(tmp_path / "x.pdf")


def test_a_picture_inside_a_picture_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "x.pdf"
    inner = '<image href="file:///etc/hostname" width="9" height="9"/>'
    picture = f'<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20" viewBox="0 0 20 20">{inner}</svg>'

    pdf.lay_out(f'<html lang="en"><head><title>x</title></head><body>{picture}</body></html>').write(path)

    assert list(PdfReader(path).pages[0].images) == []


# --- layout ------------------------------------------------------------------------------------
@pytest.mark.parametrize("filled", range(150, 226, 3))
def test_no_row_stands_alone_before_or_behind_a_break(filled: int) -> None:
    rows = "".join(f"<tr><td>row{n}</td></tr>" for n in range(12))
    table = f'<table class="data"><thead><tr><th>head</th></tr></thead><tbody>{rows}</tbody></table>'
    style = f"<style>.fill {{ height: {filled}mm }}</style>"
    html = f'<html lang="en"><head><title>x</title>{style}</head><body><p class="fill">x</p>{table}</body></html>'
    path = BytesIO()
    pdf.lay_out(html).document.write_pdf(path)

    counts = [len(re.findall(r"row\d+", page.extract_text())) for page in PdfReader(path).pages]

    assert sum(counts) == 12
    assert 1 not in counts


def test_a_sum_stays_on_its_line(whole: PdfReader) -> None:
    lines = [line for page in whole.pages for line in page.extract_text().splitlines()]

    assert [line for line in lines if "2,400.00" in line] != []
    assert [line for line in lines if re.fullmatch(r"\d{1,3},\d{3}\.\d?", line.strip())] == []


def test_our_fonts_are_served_by_name() -> None:
    assert {pdf.asset(f"portal-font:{face.name}") for face in FACES} == {face.path for face in FACES}


# --- forty members and long names --------------------------------------------------------------
LEFT, RIGHT = 27 / 25.4 * 72, 25 / 25.4 * 72  # points: nothing is printed nearer to the edges of the paper
FIGURE = re.compile(r"[\d,.%]*\d[\d,.%]*")
LONG = "样例长三角集成电路与第三代半导体装备材料协同创新产业技术研究院（集团）有限责任公司苏州工业园区第一分公司"


@pytest.fixture
def crowded(people: Personas) -> Material:
    """Forty members, one with a name that fills three lines of a cell, another without a place to break it."""
    evaluation = crowded_evaluation(people, 40)
    first, second = evaluation.consortium.participations.exclude(role="LEAD")[:2]
    for participation, name in ((first, LONG), (second, "SampleMicroelectronicsPackagingAndTestingCorporation")):
        Organisation.objects.filter(pk=participation.organisation_id).update(name=name)
    evaluation.snapshot = filing_snapshot(Evaluation.objects.get(pk=evaluation.pk))
    return material_of(evaluation)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_nothing_runs_over_the_edge_and_every_figure_is_printed(
    crowded: Material, tmp_path: Path, language: str
) -> None:
    path = tmp_path / "crowded.pdf"
    pdf.lay_out(annual_html(crowded, language)).write(path)

    with PdfDocument(path) as document:
        outside = [
            (number, box)
            for number, page in enumerate(document, 1)
            for box in boxes(page)
            if not (
                box[0] >= LEFT and box[2] <= page.get_width() - RIGHT and box[1] >= 0 and box[3] <= page.get_height()
            )
        ]
        text = re.sub(r"\s", "", "".join(page.get_textpage().get_text_range() for page in document))
    with override(language):
        printed = [
            cell for table in tables(annual_report(crowded)) for row in (*table.rows, *table.sums) for cell in row
        ]

    assert outside == []
    assert [cell for cell in printed if FIGURE.fullmatch(cell) and cell not in text] == []
    assert LONG in text


def boxes(page: PdfPage) -> Iterator[tuple[float, ...]]:
    """Where text stands, in points: left, bottom, right, top."""
    words = page.get_textpage()
    yield from (words.get_rect(number) for number in range(words.count_rects()))
