"""The words of which the demo is made."""

from reports.management.demo.catalogue import SUB_FIELDS
from reports.management.demo.forming import PLATFORMS
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
