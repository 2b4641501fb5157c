"""Submissions are compared with all others, by a job; officials say what they make of what is found."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from funding.enums import Action, SimilarityVerdict
from funding.models import Application, Passage, SharedPassage, SimilarityCheck, SimilarityFinding
from funding.rules.similarity import METHOD, TOLD_FROM, Stretch, bands, passages, written
from funding.selectors.similarity import JOB_KIND, NOT_COMPARED, Comparison, Shared, compare, job_key, job_of
from members.enums import Role
from members.models import User
from members.selectors import holders
from portal.kernel import audit, jobs, notifications
from portal.kernel.authz import may, require
from portal.kernel.models import Job
from portal.kernel.models.job import JobState
from portal.kernel.stale import require_unchanged
from portal.kernel.workflow import TransitionRefused

JUDGED = ("verdict", "reason")

notifications.register(
    "funding.application_similar", _("%(percent)s of %(number)s %(name)s stands in applications of others, too.")
)


def order_comparison(
    *, application: Application, at: datetime, actor: User | None = None, rest: timedelta = jobs.AT_ONCE
) -> Job:
    """Have the submission as it stands compared with all others; asked twice before it is done, once."""
    params = {"application": str(application.pk), "snapshot": application.snapshot_hash}
    return jobs.enqueue(kind=JOB_KIND, key=job_key(application), params=params, requested_by=actor, at=at, rest=rest)


@transaction.atomic
def compare_again(*, application: Application, actor: User, at: datetime) -> Job:
    """Compare once more: the earlier comparison failed, or others came since."""
    locked = Application.everything.select_for_update(of=("self",), no_key=True).get(pk=application.pk)
    require(actor, "funding.judge_similarity", locked)
    if locked.status in NOT_COMPARED:
        raise TransitionRefused(_("Only what is submitted is compared."))
    if (waiting := job_of(locked)) and not waiting.is_ended:
        raise TransitionRefused(_("It is being compared already."))
    job = order_comparison(application=locked, at=at, actor=actor)
    if job.state == JobState.FAILED:
        jobs.retry(job=job, at=at)
    audit.record(actor=actor, action=Action.CHECK_SIMILARITY, subject=locked, at=at, facts={"job": job.key})
    return job


# --- done by the job ---------------------------------------------------------------------------
def store_passages(*, application: Application, snapshot_hash: str) -> bool:
    """Cut the submission of this hash and keep its passages instead of those before; False when it is not the present.

    They are committed before anything is searched: of two that are compared at once, one finds the other.
    """
    with transaction.atomic():
        locked = Application.everything.select_for_update(of=("self",), no_key=True).get(pk=application.pk)
        if locked.snapshot_hash != snapshot_hash:
            return False
        locked.passages.all().delete()
        if locked.status in NOT_COMPARED:
            return False
        cut = passages(written(locked.snapshot or {}))
        rows = zip(cut, bands(one.text for one in cut), strict=True)
        Passage.objects.bulk_create(
            Passage(
                application=locked, method=METHOD, section=one.section, ordinal=one.ordinal, start=one.start,
                end=one.end, text=one.text, bands=found,
            )
            for one, found in rows
        )  # fmt: skip
    return True


def store_comparison(
    *, application: Application, comparison: Comparison, snapshot_hash: str, key: str, at: datetime
) -> SimilarityCheck | None:
    """Keep what was found, once; nothing when another submission took the place of this one meanwhile."""
    locked = Application.everything.select_for_update(of=("self",), no_key=True).get(pk=application.pk)
    if locked.snapshot_hash != snapshot_hash or SimilarityCheck.objects.filter(key=key).exists():
        return None
    check = SimilarityCheck.objects.create(
        application=locked, key=key, snapshot_hash=snapshot_hash, method=METHOD, checked_at=at, created_at=at,
        compared=comparison.compared, characters=comparison.characters, shared=comparison.shared,
    )  # fmt: skip
    for other in comparison.others:
        _store_finding(check, other, at)
    _tell_officers(check, at)
    return check


def _tell_officers(check: SimilarityCheck, at: datetime) -> None:
    """Once for a submission, however often it is compared; nobody is told who may not look."""
    application = check.application
    least = application.call.rules.data.get("similarity", {}).get("told_from", TOLD_FROM)
    same = application.similarity_checks.filter(snapshot_hash=check.snapshot_hash).exclude(pk=check.pk)
    if check.share * 100 < least or any(one.share * 100 >= least for one in same):
        return
    people = (one for one in holders(Role.ACCEPTANCE, Role.OFFICER) if may(one, "funding.view_similarity", application))
    params = {"number": application.number, "name": application.consortium.name, "percent": f"{check.share:.0%}"}
    url = f"{application.get_absolute_url()}#similarity"
    notifications.notify(recipients=people, kind="funding.application_similar", params=params, url=url, at=at)


def _store_finding(check: SimilarityCheck, shared: Shared, at: datetime) -> None:
    finding = SimilarityFinding.objects.create(
        comparison=check, other_id=shared.other, own=shared.own, shared=shared.letters, created_at=at
    )
    SharedPassage.objects.bulk_create(
        _passage(finding, ordinal, stretch) for ordinal, stretch in enumerate(shared.stretches)
    )


def _passage(finding: SimilarityFinding, ordinal: int, one: Stretch) -> SharedPassage:
    return SharedPassage(
        finding=finding, ordinal=ordinal, section=one.section, start=one.start, text=one.text,
        other_section=one.other_section, other_start=one.other_start, other_text=one.other_text,
        runs=[list(run) for run in one.runs], likeness=round(one.likeness, 3), created_at=finding.created_at,
    )  # fmt: skip


def compare_application(*, application: Application, snapshot_hash: str) -> Comparison | None:
    """Cut and search; None when the submission is not the present one any more."""
    if not store_passages(application=application, snapshot_hash=snapshot_hash):
        return None
    return compare(application)


# --- said by officials -------------------------------------------------------------------------
@transaction.atomic
def judge_similarity(
    *, finding: SimilarityFinding, actor: User, at: datetime, verdict: str, reason: str, seen: str = ""
) -> SimilarityFinding:
    """Say what is to be made of what two applications share, or say it anew. Raises Stale when another has said it."""
    locked = SimilarityFinding.objects.select_for_update(of=("self",)).get(pk=finding.pk)
    for application in (locked.application, locked.other):
        require(actor, "funding.judge_similarity", application)
    if verdict not in SimilarityVerdict.values or not reason.strip():
        raise TransitionRefused(_("Please give a judgement and a reason."))
    require_unchanged(row=locked, seen=seen, typed={"verdict": verdict, "reason": reason}, names=JUDGED)
    before = {"verdict": locked.verdict, "reason": locked.reason} if locked.verdict else {}
    locked.verdict, locked.reason, locked.judged_by, locked.judged_at = verdict, reason, actor, at
    locked.save(update_fields=["verdict", "reason", "judged_by", "judged_at"])
    facts: dict[str, Any] = {"verdict": verdict, **({"before": before} if before else {})}
    audit.record(actor=actor, action=Action.JUDGE_SIMILARITY, subject=locked, at=at, note=reason, facts=facts)
    return locked
