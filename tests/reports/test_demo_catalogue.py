"""The words of which the demo is made."""

import io
from datetime import date, timedelta

import pikepdf
import pytest

from consortia.rules.invitations import ANSWER_WITHIN
from portal.kernel.calendar import add_working_days
from portal.kernel.inspection import inspect
from reports.management.demo.calendar import lately
from reports.management.demo.catalogue import SUB_FIELDS
from reports.management.demo.forming import PLATFORMS
from reports.management.demo.papers import paper
from reports.management.demo.technologies import TECHNOLOGIES


def test_every_sub_field_has_three_technologies_of_its_own() -> None:
    assert set(TECHNOLOGIES) == {code for code, _zh, _en in SUB_FIELDS}
    assert {len(some) for some in TECHNOLOGIES.values()} == {3}
    names = [one[0] for some in TECHNOLOGIES.values() for one in some]
    assert len(names) == len(set(names))


def test_a_platform_is_named_after_its_kind() -> None:
    assert dict(PLATFORMS) == {
        "JOINT_LAB": "联合实验室", "PILOT_LINE": "中试线", "INCUBATOR": "专业孵化器", "POSTDOC": "博士后工作站",
    }  # fmt: skip


def test_a_paper_is_a_sound_pdf_and_the_same_each_time() -> None:
    made = paper("样例证书", ("编号：ZL1", "样例"))

    with pikepdf.open(io.BytesIO(made)) as document:
        assert len(document.pages) == 1
        assert document.check_pdf_syntax() == []
    assert inspect([made], "pdf", limit=len(made)).reason == ""
    assert made == paper("样例证书", ("编号：ZL1", "样例"))


@pytest.mark.parametrize("today", [date(2026, 3, 2), date(2026, 7, 1), date(2026, 11, 22)])
def test_the_members_of_the_demo_can_still_answer_for_a_week(today: date) -> None:
    assert add_working_days(lately(today), ANSWER_WITHIN) >= today + timedelta(days=7)
