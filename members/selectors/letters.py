"""The mails of the portal, and what their kinds are called."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.kernel import account_mails, mail_texts, notifications
from portal.kernel.models import Letter

DIGEST_LABEL = _("Daily mail")


def kind_label(kind: str) -> str:
    """What a kind of mail is called, in the reader's language."""
    if kind == mail_texts.DIGEST:
        return str(DIGEST_LABEL)
    if kind in notifications.KINDS:
        return notifications.in_general(kind)
    return str(account_mails.MAILS[kind].label) if kind in account_mails.MAILS else kind


def topic_label(kind: str) -> str:
    """What it is about, in a word or two."""
    return str(notifications.topic_of(kind).title) if kind in notifications.KINDS else kind_label(kind)


def letters(rows: QuerySet[Letter]) -> QuerySet[Letter]:
    """With what a list shows of each."""
    return rows.select_related("job", "recipient").defer("body", "secret", "job__params", "job__result")
