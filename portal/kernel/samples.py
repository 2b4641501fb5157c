"""What the page of components draws: plainly invented organisations and figures."""

from datetime import datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, NamedTuple

from django import forms
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.kernel import sample_pictures
from portal.kernel.badges import Badge, register_badges


class Sample(TextChoices):
    """A status as an app would declare it."""

    DRAFT = "SAMPLE_DRAFT", _("Draft")
    CHECKING = "SAMPLE_CHECKING", _("Formal check")
    RETURNED = "SAMPLE_RETURNED", _("Returned for correction")
    REVIEWING = "SAMPLE_REVIEWING", _("Expert review")
    APPROVED = "SAMPLE_APPROVED", _("Award approved")
    REFUSED = "SAMPLE_REFUSED", _("Not approved")


register_badges(
    Sample,
    {
        Sample.DRAFT: ("line", "pencil"),
        Sample.CHECKING: ("info", "inbox"),
        Sample.RETURNED: ("warn", "arrow-back-up"),
        Sample.REVIEWING: ("brand", "gavel"),
        Sample.APPROVED: ("ok", "check"),
        Sample.REFUSED: ("bad", "ban"),
    },
)

TIERS = [("A", "A"), ("B", "B"), ("C", "C")]
FIELDS = [("", "---------"), ("bio", _("Biomedicine")), ("ic", _("Integrated circuits"))]


class SampleForm(forms.Form):
    """One field of every kind; bound with mistakes it shows every state of an error."""

    name = forms.CharField(label=_("Name of the consortium"), max_length=200, help_text=_("As in the agreement."))
    amount = forms.DecimalField(label=_("Amount applied for (yuan)"), max_value=2_000_000, min_value=0)
    field = forms.ChoiceField(label=_("Field"), choices=FIELDS)
    tier = forms.ChoiceField(label=_("Tier"), widget=forms.RadioSelect, choices=TIERS)
    goal = forms.CharField(label=_("Goal"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    due = forms.DateField(label=_("Due date"), widget=forms.DateInput(attrs={"type": "date"}), required=False)
    agreement = forms.FileField(label=_("Signed agreement"), required=False, help_text=_("PDF, at most 20 MB."))
    truth = forms.BooleanField(label=_("All statements are true and complete."))


class SampleFilter(forms.Form):
    """A filter bar: a search box, a choice, a group of choices."""

    q = forms.CharField(label=_("Name, number or lead organisation"), required=False)
    status = forms.ChoiceField(label=_("Status"), choices=[("", _("All")), *Sample.choices], required=False)
    tier = forms.MultipleChoiceField(
        label=_("Tier"), choices=TIERS, widget=forms.CheckboxSelectMultiple, required=False
    )


class Row(NamedTuple):
    """One line of the sample table; `mix` counts members by role."""

    number: str
    name: str
    lead: str
    tier: str
    amount: Decimal
    status: Sample
    mix: tuple[int, int, int, int, int]
    at: datetime


ROWS = (
    ("2026-0217", "样例高端医学影像核心部件创新联合体", "样例澄湖医疗装备", "A", 200, Sample.CHECKING, (1, 4, 2, 6, 1)),
    ("2026-0204", "样例车规级碳化硅功率器件创新联合体", "样例星屿半导体", "A", 185, Sample.RETURNED, (1, 3, 2, 8, 0)),
    ("2026-0198", "样例工业机器人精密减速器创新联合体", "样例云栈传动", "B", 100, Sample.REVIEWING, (1, 2, 1, 5, 0)),
    ("2026-0185", "样例氢燃料电池空压机创新联合体", "样例逐浪动力", "C", 0, Sample.APPROVED, (1, 1, 0, 4, 0)),
)


def context() -> dict[str, Any]:
    """Everything the specimens name."""
    now = timezone.now()
    return {
        "user": SimpleNamespace(
            name="样例陆晴", title=gettext("Programme officer"), email="officer@example.cn", is_authenticated=True
        ),
        "nav": navigation(),
        "unread": 3,
        "statuses": list(Sample),
        "plain_badge": Badge(gettext("Nobody registered me")),
        "rows": rows(now),
        "sample_form": SampleForm(),
        "sample_form_bad": SampleForm({"amount": "3000000", "tier": "X"}),
        "sample_filter": SampleFilter({"status": Sample.CHECKING.value, "tier": ["A", "B"]}),
        "page": SimpleNamespace(rows=(), next_token="2", previous_token=None),  # noqa: S106
        "now": now,
        **moments(now),
        **sample_pictures.pictures(now.date()),
    }


def rows(now: datetime) -> list[Row]:
    """The sample table; the amount is given in 万元."""
    return [
        Row(number, name, lead, tier, Decimal(wan) * 10_000, status, mix, now - timedelta(days=int(number[-1])))
        for number, name, lead, tier, wan, status, mix in ROWS
    ]


def moments(now: datetime) -> dict[str, datetime]:
    """Deadlines of every loudness."""
    return {
        "far": now + timedelta(days=14, hours=6),
        "near": now + timedelta(days=2, hours=7),
        "last": now + timedelta(hours=5, minutes=12),
        "gone": now - timedelta(days=2),
    }


def navigation() -> list[dict[str, Any]]:
    """A navigation as the context processor supplies it."""
    first = [
        entry("layout-dashboard", gettext("Workbench"), mobile=True),
        entry("clipboard-text", gettext("Applications"), mobile=True, count=17, current=True),
        entry("affiliate", gettext("Consortia"), mobile=True),
    ]
    return [
        {"title": "", "items": first},
        {"title": gettext("Review"), "items": [entry("gavel", gettext("My reviews"))]},
    ]


def entry(icon: str, label: str, *, mobile: bool = False, count: int = 0, current: bool = False) -> dict[str, Any]:
    """One entry of the navigation."""
    return {"url": "#main", "icon": icon, "label": label, "count": count, "current": current, "mobile": mobile}
