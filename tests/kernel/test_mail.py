"""Mail: wanted in the transaction, written in the reader's language, sent once."""

from typing import Any

import pytest
from django.core import mail as outbox

from portal.kernel import jobs, mail
from portal.kernel.models import Job, Letter
from portal.kernel.models.job import JobState
from tests.clock import DAY, NOON
from tests.letters import newest_link, told

pytestmark = pytest.mark.django_db

TEXT = "{% translate 'Notifications' %} {{ code }} {{ base_url }}/x"
TEMPLATE = "{% load i18n %}{% autoescape off %}" + TEXT + "{% endautoescape %}\n"


@pytest.fixture(autouse=True)
def template(settings: Any) -> None:
    """A mail template of this test alone."""
    engine = dict(settings.TEMPLATES[0])
    engine["OPTIONS"] = {
        **{k: v for k, v in engine["OPTIONS"].items() if k != "loaders"},
        "loaders": [("django.template.loaders.locmem.Loader", {"mail/test.txt": TEMPLATE})],
    }
    engine["APP_DIRS"] = False
    settings.TEMPLATES = [engine]


def wanted(language: str = "en", key: str = "mail:1", subject: str = "Notifications", **context: Any) -> Job:
    return mail.send_mail_later(
        to="lead@sample.example",
        subject=subject,
        template="test",
        context={"code": "LHT-<1>", **context},
        language=language,
        key=key,
        at=NOON,
    )


def test_nothing_is_sent_before_the_job_runs() -> None:
    wanted()

    assert outbox.outbox == []


def test_the_same_key_sends_one_mail() -> None:
    for job in (wanted(), wanted()):
        jobs.run(job.pk, NOON)

    assert len(outbox.outbox) == 1


def test_the_job_keeps_what_was_sent(settings: Any) -> None:
    settings.PUBLIC_URL = "https://portal.example"
    job = wanted()

    jobs.run(job.pk, NOON)

    (letter,) = outbox.outbox
    message_id = f"<{job.pk}@portal.example>"
    assert (letter.to, letter.subject) == (["lead@sample.example"], "Notifications")
    assert letter.body == "Notifications LHT-<1> https://portal.example/x\n"
    assert letter.message()["Message-ID"] == message_id
    job.refresh_from_db()
    kept = Letter.objects.get()
    assert (job.state, job.result) == (JobState.DONE, {"letter": str(kept.pk)})
    assert (kept.kind, kept.sent_at is not None, str(kept.to)) == ("test", True, "l****@sample.example")
    assert told(kept) == {"to": "lead@sample.example", "subject": letter.subject, "body": letter.body.rstrip("\n")}


def test_a_personal_link_goes_out_and_is_forgotten() -> None:
    job = wanted(code="/in/secret-token/", path="/in/secret-token/")
    waiting = newest_link()

    jobs.run(job.pk, NOON)

    assert waiting == "/in/secret-token/"
    assert newest_link() == ""


def test_a_job_of_an_earlier_version_is_sent() -> None:
    params = {
        "to": "lead@sample.example", "subject": "Notifications", "template": "test", "context": {"code": "LHT-9"},
        "language": "en",
    }  # fmt: skip
    job = jobs.enqueue(kind=mail.KIND, key="mail:old", params=params, requested_by=None, at=NOON)

    jobs.run(job.pk, NOON)

    job.refresh_from_db()
    assert (job.state, [letter.body.split()[1] for letter in outbox.outbox]) == (JobState.DONE, ["LHT-9"])


def test_the_reader_gets_it_in_the_own_language() -> None:
    jobs.run(wanted("zh-hans").pk, NOON)

    (letter,) = outbox.outbox
    assert letter.subject == "通知"
    assert letter.body.split()[0] == "通知"


def test_a_subject_cannot_smuggle_headers() -> None:
    jobs.run(wanted(subject="News of %(name)s", name="x\nBcc: all@sample.example").pk, NOON)

    assert outbox.outbox[0].subject == "News of x Bcc: all@sample.example"
    assert outbox.outbox[0].recipients() == ["lead@sample.example"]


def test_a_mail_server_that_is_down_is_tried_again(settings: Any) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = (
        "django.core.mail.backends.smtp.EmailBackend",
        "127.0.0.1",
        1,
    )
    job = wanted()

    jobs.run(job.pk, NOON)
    job.refresh_from_db()
    first = (job.state, job.attempts)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    jobs.run(job.pk, NOON + DAY)

    job.refresh_from_db()
    assert (first, job.state, len(outbox.outbox)) == ((JobState.QUEUED, 1), JobState.DONE, 1)
