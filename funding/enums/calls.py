"""Words of calls, their forms and the questions about them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CallStatus(TextChoices):
    """Where a call stands; whether it is open follows from its times."""

    DRAFT = "DRAFT", _("Draft")
    PUBLISHED = "PUBLISHED", _("Published")
    CONCLUDED = "CONCLUDED", _("Concluded")


class ApplicationKind(TextChoices):
    """What an application is for; follows from where its consortium stands."""

    NEW = "NEW", _("New consortium")
    UPGRADE = "UPGRADE", _("Upgrade to a higher tier")


class SelectionMode(TextChoices):
    """How a call finds whom it supports."""

    CONVENTIONAL = "CONVENTIONAL", _("Conventional selection")
    OPEN_BIDDING = "OPEN_BIDDING", _("Open bidding for posed tasks")
    BOUNTY = "BOUNTY", _("Bounty, paid after the result")


class ReviewMode(TextChoices):
    """Who sums up what the experts say."""

    ORDINARY = "ORDINARY", _("Ordinary review")
    LEAD_REVIEWER = "LEAD_REVIEWER", _("Lead reviewer")


class ExpertMode(TextChoices):
    """How the experts come to a case."""

    DRAWN = "DRAWN", _("Drawn at random")
    INVITED = "INVITED", _("By invitation")


class BudgetMode(TextChoices):
    """How the money is planned and accounted for."""

    ITEMISED = "ITEMISED", _("Itemised budget")
    LUMP_SUM = "LUMP_SUM", _("Lump sum")


class FormStatus(TextChoices):
    """Where a version of a designed form stands."""

    DRAFT = "DRAFT", pgettext_lazy("form", "Being designed")
    PUBLISHED = "PUBLISHED", pgettext_lazy("form", "Published")
    RETIRED = "RETIRED", pgettext_lazy("form", "Retired")


class QuestionKind(TextChoices):
    """In which form a designed question is answered."""

    TEXT = "text", pgettext_lazy("question", "Text")
    NUMBER = "number", pgettext_lazy("question", "Number")
    MONEY = "money", pgettext_lazy("question", "Amount of money")
    DATE = "date", pgettext_lazy("question", "Date")
    CHOICE = "choice", pgettext_lazy("question", "One of several")
    CHOICES = "choices", pgettext_lazy("question", "Any of several")
    TABLE = "table", pgettext_lazy("question", "Table")
    FILE = "file", pgettext_lazy("question", "File")
    REFERENCE = "reference", pgettext_lazy("question", "What the portal knows already")
    COMPUTED = "computed", pgettext_lazy("question", "Worked out by the portal")


class Reference(TextChoices):
    """What the portal knows already and a form can show."""

    LEAD = "lead", _("Yearly figures of the lead")
    MEMBERS = "members", _("Member organisations")
    TECHNOLOGIES = "technologies", _("Key-technology list")
    TASKS = "tasks", _("Research tasks")
    BUDGET = "budget", _("Contributions and task budgets")
    BUDGET_LINES = "budget_lines", _("Budget of the application, line by line")


class QuestionStatus(TextChoices):
    """Where a question about a call stands."""

    ASKED = "ASKED", _("Waiting for an answer")
    ANSWERED = "ANSWERED", _("Answered to the asker")
    PUBLISHED = "PUBLISHED", _("Answered for everybody")
