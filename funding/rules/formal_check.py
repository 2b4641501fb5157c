"""The list of the formal check: what the portal can tell by itself, and what a person must look at."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from funding.enums import CheckResult

Text = str | Promise

ITEMS: dict[str, Text] = {
    "lead": _("The lead is registered in the city"),
    "integrity": _("No serious integrity record of the lead or a member is in force"),
    "members": _("Every member has confirmed its part"),
    "agreement": _("The agreement is signed by every member"),
    "technologies": _("The key-technology list is long enough"),
    "amount": _("The amount asked for is within the cap of the tier"),
    "declarations": _("Every declaration is made"),
    "recommendation": _("The district recommends the application"),
    "deviations": _("The reasons for deviations are acceptable"),
    "files": _("The files are complete, legible and sealed where they must be"),
    "duplicate": _("The same content is not paid for elsewhere"),
    "secrets": _("Nothing in it is a state secret or needlessly personal"),
}


@dataclass(frozen=True)
class Item:
    """One line of the check. `result` is empty until somebody has looked; `automatic` ones the portal found."""

    code: str
    text: Text
    result: str
    automatic: bool
    note: str = ""

    @property
    def failed(self) -> bool:
        """Not in order."""
        return self.result == CheckResult.FAIL


def prefill(automatic: Mapping[str, bool | None], items: Mapping[str, Text] = ITEMS) -> list[Item]:
    """The whole list; `automatic` tells what the portal found, None where the item does not apply."""
    return [_item(code, text, automatic) for code, text in items.items()]


def _item(code: str, text: Text, automatic: Mapping[str, bool | None]) -> Item:
    if code not in automatic:
        return Item(code, text, "", automatic=False)
    found = automatic[code]
    result = CheckResult.NA if found is None else CheckResult.PASS if found else CheckResult.FAIL
    return Item(code, text, result.value, automatic=True)


def vouched(items: Iterable[Item], note: str) -> list[dict[str, Any]]:
    """The list with a pass for what the portal cannot see and somebody vouches for."""
    return [
        {
            "code": item.code,
            "result": item.result or CheckResult.PASS.value,
            "note": "" if item.automatic else note,
            "automatic": item.automatic,
        }
        for item in items
    ]


def faults(items: list[dict[str, Any]], texts: Mapping[str, Text] = ITEMS) -> list[Text]:
    """Why a check with these results cannot be passed: what nobody looked at, what is not in order."""
    results = {item["code"]: item["result"] for item in items}
    open_ = [text for code, text in texts.items() if not results.get(code)]
    failed = [text for code, text in texts.items() if results.get(code) == CheckResult.FAIL]
    return [
        *(_("Not looked at yet: %(item)s.") % {"item": text} for text in open_),
        *(_("Not in order: %(item)s.") % {"item": text} for text in failed),
    ]
