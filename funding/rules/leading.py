"""Who leads a panel: a rule that is data, an order of what decides."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, ngettext

from funding.rules.defaults import LEAD


@dataclass(frozen=True)
class Chair:
    """An expert on a panel, as far as the rule looks at it."""

    key: Any
    judges: bool  # the field of the case, and not only the money side
    others: int  # how many fields besides
    leading: int  # panels led this year
    place: int  # in the order of the draw, or of the invitation


CRITERIA: Mapping[str, Callable[[Chair], tuple[int, ...]]] = {
    "field": lambda one: (not one.judges, one.others),
    "leading": lambda one: (one.leading,),
    "order": lambda one: (one.place,),
}


def criteria_of(rules: Mapping[str, Any]) -> tuple[str, ...]:
    """What decides by a call's rules, first things first; the order always decides at last."""
    said = [one for one in rules["panel"].get("lead", LEAD) if one in CRITERIA]
    return tuple(dict.fromkeys([*said, "order"]))


def choose(chairs: Iterable[Chair], criteria: Sequence[str]) -> Chair | None:
    """Who comes first; None where nobody is left."""
    return min(chairs, key=lambda one: [CRITERIA[name](one) for name in criteria], default=None)


def deciding(chairs: Iterable[Chair], chosen: Chair, criteria: Sequence[str]) -> str:
    """By which of the criteria the chosen one stands out."""
    rest = [one for one in chairs if one != chosen]
    for name in criteria:
        equals = [one for one in rest if CRITERIA[name](one) == CRITERIA[name](chosen)]
        if not equals:
            return name
        rest = equals
    return criteria[-1]


def basis(chairs: Sequence[Chair], chosen: Chair, criteria: Sequence[str]) -> dict[str, Any]:
    """What the choice rests on, to be kept."""
    return {
        "rule": list(criteria), "decided": deciding(chairs, chosen, criteria), "judges": chosen.judges,
        "others": chosen.others, "leading": chosen.leading, "place": chosen.place, "of": len(chairs),
    }  # fmt: skip


def told(kept: Mapping[str, Any]) -> list[str]:
    """The same in sentences, in the order of the rule; empty where nobody was chosen by the rule."""
    words: dict[str, Callable[[], str]] = {
        "field": lambda: _field(kept),
        "leading": lambda: (
            ngettext("leads %(n)d panel this year", "leads %(n)d panels this year", kept["leading"])
            % {"n": kept["leading"]}
        ),
        "order": lambda: gettext("expert %(place)d in the order of the panel") % {"place": kept["place"]},
    }
    return [words[name]() for name in kept.get("rule", ()) if name in words]


def _field(kept: Mapping[str, Any]) -> str:
    if not kept["judges"]:
        return gettext("judges other sides than the field")
    if not kept["others"]:
        return gettext("judges this field alone")
    text = ngettext(
        "judges this field and %(n)d other field", "judges this field and %(n)d other fields", kept["others"]
    )
    return text % {"n": kept["others"]}
