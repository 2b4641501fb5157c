"""What was mailed lately: the notices of the last days, a text that the bureau has written, and a choice."""

from datetime import date, timedelta

from members.enums import Role
from portal.kernel import mail_texts, mailing
from portal.kernel.models import Channel, Notification
from portal.kernel.models.notification import Mail
from portal.kernel.notice_choices import choose_channels
from reports.management.demo.calendar import moment
from reports.management.demo.cast import Cast

RETURNED = "funding.application_returned"
TEXTS = {
    "subject_zh": "申报书 {number} 需补正",
    "body_zh": (
        "{person}：\n\n贵单位申报书 {number} 经审核需要补正，请于 {due} 前登录门户，修改退回部分后重新提交。"
        "逾期未提交的，视为放弃本次申报。\n\n{link}\n\n{bureau}"
    ),
    "subject_en": "Application {number} needs completion",
    "body_en": (
        "Good day, {person},\n\nyour application {number} has to be completed. Sign in before {due}, amend the "
        "parts that were returned, and submit it again; after that day it counts as given up.\n\n{link}\n\n{bureau}"
    ),
}


def tell_by_mail(cast: Cast, today: date) -> None:
    """Older notices have long been mailed; those of the last fortnight go out now."""
    officer = cast.bureau[Role.OFFICER]
    Notification.objects.filter(created_at__lt=moment(today - timedelta(days=14))).update(mail=Mail.DONE)
    mail_texts.update_mail_text(
        kind=RETURNED, texts=TEXTS, seen=0, actor=officer, at=moment(today - timedelta(days=20))
    )
    choose_channels(
        person=officer, chosen={"consortia.issue_raised": Channel.DIGEST, "kernel.views_gained": Channel.PORTAL},
        at=moment(today - timedelta(days=20)),
    )  # fmt: skip
    for days in (3, 2, 1):
        mailing.mail_digests(at=moment(today - timedelta(days=days), 9))
    mailing.mail_urgent_notices(at=moment(today - timedelta(days=1), 16))
