"""From notices to mails: at once, once a day, or not at all; never twice."""

import subprocess
import sys
from typing import Any

import pytest
from django.core import mail as server
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError, connection, transaction
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy

from portal.kernel import jobs, mailing, notifications, outbox
from portal.kernel.models import Channel, Job, Letter, NoticeChoice, Notification
from portal.kernel.models.job import JobState
from portal.kernel.models.notification import Mail
from portal.kernel.notice_choices import choose_channels
from portal.kernel.workflow import TransitionRefused
from tests.clock import DAY, HOUR, NOON
from tests.personas import Personas
from tests.races import at_once

pytestmark = pytest.mark.django_db

notifications.register("tests.soon", gettext_lazy("%(total)s notifications"), urgent=True)
notifications.register("tests.calm", gettext_lazy("%(name)s has left"))
MORNING = NOON + DAY - 3 * HOUR  # nine o'clock of the next day in Beijing


def tell(*people: Any, kind: str = "tests.calm", at: Any = NOON, **params: Any) -> list[Notification]:
    return notifications.notify(
        recipients=people, kind=kind, params=params or {"name": "样例", "total": 3}, url="/workbench/", at=at
    )


def run_all(at: Any = MORNING) -> None:
    for job in Job.objects.filter(state=JobState.QUEUED):
        jobs.run(job.pk, at)


def marks() -> list[str]:
    return list(Notification.objects.order_by("created_at", "pk").values_list("mail", flat=True))


# --- at once -----------------------------------------------------------------------------------
def test_an_urgent_notice_is_mailed_at_once_in_the_readers_language(people: Personas, settings: Any) -> None:
    settings.PUBLIC_URL = "https://portal.example"
    people.officer.language = "en"
    people.officer.save()
    (notice,) = tell(people.officer, kind="tests.soon", total=3)

    looked_at = mailing.mail_urgent_notices(at=NOON)
    run_all()

    (letter,) = server.outbox
    assert (looked_at, marks(), letter.to) == (1, [Mail.DONE], [people.officer.email])
    assert letter.subject == "3 notifications"
    lines = letter.body.splitlines()
    assert lines[0] == f"Good day, {people.officer.name},"
    assert lines.count("3 notifications") == 1
    assert lines.count(f"https://portal.example/notifications/{notice.pk}/") == 1
    assert lines.count("https://portal.example/notifications/choices/") == 1


def test_looking_again_mails_nothing(people: Personas) -> None:
    tell(people.officer, people.head, kind="tests.soon", total=3)

    counts = [mailing.mail_urgent_notices(at=NOON) for _time in range(2)]

    assert (counts, Letter.objects.count()) == ([2, 0], 2)


def test_who_was_deactivated_meanwhile_gets_no_mail(people: Personas) -> None:
    tell(people.officer, kind="tests.soon", total=3)
    tell(people.officer)
    people.officer.is_active = False
    people.officer.save()

    assert (mailing.mail_urgent_notices(at=NOON), mailing.mail_digests(at=MORNING)) == (1, 0)
    assert (Letter.objects.count(), set(marks())) == (0, {Mail.DONE})


# --- once a day --------------------------------------------------------------------------------
def test_the_rest_comes_in_one_mail_after_its_hour(people: Personas) -> None:
    tell(people.officer, name="样例甲")
    tell(people.officer, name="样例乙", at=NOON + HOUR)
    tell(people.head, name="样例丙")

    early = mailing.mail_digests(at=MORNING - 2 * HOUR)
    sent = mailing.mail_digests(at=MORNING)
    run_all()

    assert (early, sent) == (0, 2)
    mine = next(letter for letter in server.outbox if letter.to == [people.officer.email])
    told = [line.partition("  ")[2] for line in mine.body.splitlines() if "  " in line]
    assert told == ["样例乙 has left", "样例甲 has left"]
    assert marks() == [Mail.DONE] * 3


def test_one_digest_a_day_whatever_comes_later(people: Personas) -> None:
    tell(people.officer)
    first = mailing.mail_digests(at=MORNING)
    tell(people.officer, at=MORNING - 2 * HOUR)  # written late by a transaction that was slow
    tell(people.officer, at=MORNING + HOUR)

    again = [mailing.mail_digests(at=MORNING + n * HOUR) for n in range(3)]
    waiting = marks()
    next_day = mailing.mail_digests(at=MORNING + DAY)

    assert (first, again, next_day) == (1, [0, 0, 0], 1)
    assert waiting == [Mail.DONE, Mail.DIGEST, Mail.DIGEST]
    assert Letter.objects.filter(recipient=people.officer).count() == 2


def test_what_is_read_is_not_mailed_and_nothing_is_no_mail(people: Personas) -> None:
    tell(people.officer)
    notifications.read_all(reader=people.officer, at=NOON + HOUR)

    assert (mailing.mail_digests(at=MORNING), marks(), Letter.objects.count()) == (0, [Mail.DONE], 0)


def test_of_very_many_the_newest_are_named(people: Personas) -> None:
    for number in range(mailing.LISTED + 2):
        tell(people.officer, name=f"样例{number}", at=NOON + number * HOUR / 60)

    mailing.mail_digests(at=MORNING)

    body = Letter.objects.get().body.reveal()
    assert body.count("/notifications/") == mailing.LISTED + 2  # each of them, all of them, the choices
    assert (body.count("样例1 "), "样例51" in body) == (0, True)


def test_the_hour_can_be_chosen(people: Personas, settings: Any) -> None:
    settings.DIGEST_HOUR = 18
    tell(people.officer)

    assert [mailing.mail_digests(at=at) for at in (MORNING, MORNING + 10 * HOUR)] == [0, 1]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_one_digest(people: Personas) -> None:
    tell(people.officer)
    tell(people.officer, kind="tests.soon", total=1)

    at_once(lambda: mailing.mail_digests(at=MORNING), lambda: mailing.mail_digests(at=MORNING))
    at_once(lambda: mailing.mail_urgent_notices(at=MORNING), lambda: mailing.mail_urgent_notices(at=MORNING))

    assert sorted(Letter.objects.values_list("kind", flat=True)) == ["digest", "tests.soon"]


def test_the_database_allows_one_digest_a_day(people: Personas) -> None:
    def put(key: str) -> Letter:
        return outbox.post(
            kind="digest", to="a@sample.test", subject="s", body="b", language="en", key=key, at=NOON,
            recipient=people.officer, digest_on=NOON.date(),
        )  # fmt: skip

    put("one")
    with pytest.raises(IntegrityError, match="letter_one_digest_a_day"), transaction.atomic():
        put("two")


# --- handing over ------------------------------------------------------------------------------
class Dying(EmailBackend):
    """The worker dies while the server has the mail."""

    def send_messages(self, messages: Any) -> int:
        super().send_messages(messages)
        raise SystemExit


class Refusing(EmailBackend):
    """The server does not take it."""

    def send_messages(self, messages: Any) -> int:
        raise ConnectionRefusedError


def die(settings: Any, job: Job, at: Any) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Dying"
    with pytest.raises(SystemExit):
        jobs.run(job.pk, at)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def test_a_digest_is_not_sent_twice_when_its_worker_dies(people: Personas, settings: Any) -> None:
    tell(people.officer)
    mailing.mail_digests(at=MORNING)
    job = Job.objects.get()

    die(settings, job, MORNING)
    jobs.run(job.pk, MORNING + HOUR)
    jobs.run(job.pk, MORNING + DAY)

    job.refresh_from_db()
    assert (len(server.outbox), job.state, job.error) == (1, JobState.FAILED, outbox.NOT_KNOWN)
    assert Letter.objects.get().sent_at is None


def test_an_administrator_has_it_sent_again(people: Personas, settings: Any) -> None:
    tell(people.officer)
    mailing.mail_digests(at=MORNING)
    job = Job.objects.get()
    die(settings, job, MORNING)
    jobs.run(job.pk, MORNING + HOUR)

    outbox.retry_letter(letter=Letter.objects.get(), actor=people.system_admin, at=MORNING + DAY)
    jobs.run(job.pk, MORNING + DAY)

    job.refresh_from_db()
    numbers = [letter.extra_headers["Message-ID"] for letter in server.outbox]
    assert (job.state, len(numbers), len(set(numbers))) == (JobState.DONE, 2, 1)
    with pytest.raises(TransitionRefused):
        outbox.retry_letter(letter=Letter.objects.get(), actor=people.system_admin, at=MORNING + DAY)


def test_a_server_that_refuses_is_tried_again(people: Personas, settings: Any) -> None:
    tell(people.officer)
    mailing.mail_digests(at=MORNING)
    job = Job.objects.get()
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"

    jobs.run(job.pk, MORNING)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    jobs.run(job.pk, MORNING + HOUR)

    job.refresh_from_db()
    assert (job.state, job.attempts, len(server.outbox)) == (JobState.DONE, 2, 1)


def test_the_text_is_sealed_in_the_database(people: Personas) -> None:
    tell(people.officer, name="样例机密")
    mailing.mail_digests(at=MORNING)

    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(l)::text FROM kernel_letter l")
        (stored,) = cursor.fetchone()
    assert ("样例机密" in stored, people.officer.email in stored) == (False, False)


def test_old_mails_are_forgotten_with_their_jobs(people: Personas, settings: Any) -> None:
    settings.LETTERS_KEPT_DAYS = 30
    tell(people.officer)
    mailing.mail_digests(at=MORNING)
    run_all()
    tell(people.head, kind="tests.soon", total=1)
    mailing.mail_urgent_notices(at=MORNING)  # waits still

    early, late = (outbox.sweep_letters(at=MORNING + days * DAY) for days in (29, 31))

    assert (early, late) == (0, 1)
    assert (Letter.objects.count(), Job.objects.count()) == (1, 1)


# --- what a person has chosen ------------------------------------------------------------------
@pytest.mark.parametrize(
    ("channel", "mark"), [(Channel.PORTAL, Mail.NONE), (Channel.DIGEST, Mail.DIGEST), (Channel.ONCE, Mail.ONCE)]
)
def test_the_choice_counts_for_whom_it_was_made(people: Personas, channel: Channel, mark: Mail) -> None:
    choose_channels(person=people.officer, chosen={"tests.soon": channel, "tests.calm": channel}, at=NOON)

    tell(people.officer, kind="tests.soon", total=1)
    tell(people.officer, at=NOON + HOUR)
    tell(people.head, at=NOON + 2 * HOUR)

    assert marks() == [mark, mark, Mail.DIGEST]


def test_only_what_differs_is_kept(people: Personas) -> None:
    choose_channels(person=people.officer, chosen={"tests.soon": Channel.PORTAL, "tests.calm": Channel.DIGEST}, at=NOON)
    choose_channels(person=people.officer, chosen={"tests.soon": Channel.ONCE}, at=NOON)

    assert not NoticeChoice.objects.exists()


# --- the language of the receiver --------------------------------------------------------------
def test_a_lazy_fact_is_read_in_the_readers_language(people: Personas) -> None:
    (notice,) = tell(people.officer, name=gettext_lazy("Notifications"))
    plain, *_rest = tell(people.officer, name=lazystr("样例"), at=NOON + HOUR)

    assert notice.params == {"name": {"zh-hans": "通知", "en": "Notifications"}}
    assert plain.params == {"name": "样例"}
    (row,) = Notification.objects.filter(pk=notice.pk)
    assert notifications.facts_of(row) == {"name": "通知"}


def test_workers_know_every_kind() -> None:
    """A worker imports no addresses, so what only views import would be unknown to it."""
    code = (
        "import django; django.setup()\n"
        "from portal.kernel.notifications import KINDS, INSISTED\n"
        "print(len(KINDS), sorted(set(INSISTED) - set(KINDS)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    ours = len([kind for kind in notifications.KINDS if not kind.startswith("tests.")])

    assert done.stdout.strip() == f"{ours} []"
