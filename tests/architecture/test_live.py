"""Who asks for rows of rehearsals: only what has such a row in hand, or locks it by its key."""

import ast

from django.apps import apps

from funding.models.live import LiveManager
from tests.architecture.source import modules

# Module → how often it asks `everything`. A new place is one where rehearsals would show: think before it is added.
ASKS = {
    "funding/models/recommendation.py": 1,  # what a list of one call waits for
    "funding/models/scoring.py": 1,  # the expert's own reviews, of which it has a row in hand
    "funding/models/session.py": 3,  # the cases of a session that one has in hand, and one's own reviews of them
    "funding/models/similarity.py": 1,  # whether the reader reviewed one of a pair
    "funding/models/workbook.py": 1,  # the filled tables of one application
    "funding/services/avoidances.py": 1,
    "funding/services/draws.py": 2,
    "funding/services/experts.py": 1,
    "funding/views/experts.py": 1,  # the namings of one application
    "funding/models/assignment.py": 1,  # the experts proposed in an assignment that the reader sees
    "funding/selectors/assignments.py": 5,  # what of one call waits, and the assignments of one call
    "funding/services/assignments.py": 3,  # the cases and the assignment that are locked
    "funding/selectors/calibration.py": 3,  # the panels of one call
    "funding/services/recusals.py": 3,  # the case that is locked, and where it is heard
    "funding/services/reviews.py": 2,  # what is locked
    "funding/services/sessions.py": 4,  # what is locked, and the slots of one session
    "funding/selectors/sessions.py": 11,  # the cases of one call, one session, one application
    "funding/selectors/decisions.py": 5,  # the ranking of one call
    "funding/selectors/desks.py": 1,  # the cases of one expert in one call
    "funding/selectors/draws.py": 4,  # what of one call waits, what waits for one value, the panels in hand
    "funding/selectors/effects.py": 1,  # the drafts of one call
    "funding/selectors/eligibility.py": 1,  # what runs beside it, in rehearsals or among what counts
    "funding/selectors/experts.py": 2,  # the rivals in one call, and who has reviewed the applications in hand
    "funding/selectors/outcomes.py": 5,  # the outcomes of one call, and lists that begin, in rehearsals too
    "funding/services/outcomes.py": 1,  # the call that is locked
    "funding/selectors/recommendations.py": 1,  # the list of one district in one call
    "funding/selectors/rehearsals.py": 7,  # the pages of rehearsals themselves
    "funding/selectors/similarity.py": 2,  # what one is compared with, in rehearsals or among what counts
    "funding/services/answers.py": 1,
    "funding/services/applications.py": 5,
    "funding/services/appropriations.py": 1,
    "funding/services/calls.py": 1,
    "funding/services/decisions.py": 1,
    "funding/services/disputes.py": 3,
    "funding/services/documents.py": 1,
    "funding/services/notices.py": 1,
    "funding/selectors/invitations.py": 1,  # what the rules remind of and let lapse, in rehearsals too
    "funding/services/invitations.py": 2,  # what is locked
    "funding/services/leads.py": 1,  # the case that is locked
    "funding/services/panels.py": 1,
    "funding/services/questions.py": 1,
    "funding/services/recommendation_lists.py": 2,
    "funding/services/rehearsals.py": 2,
    "funding/services/score_workbooks.py": 1,
    "funding/services/scores.py": 2,
    "funding/services/similarity.py": 3,
    "funding/services/writers.py": 1,
    "funding/tasks.py": 2,  # the submission, and the assignment, that a job is about
    "funding/views/notices.py": 2,  # one notice, by its address
    "funding/selectors/boards.py": 4,  # the board of one call
    "funding/selectors/scenarios.py": 4,  # the cases and lists of one call
    "funding/services/meetings.py": 1,  # the list that is locked
    "funding/services/scenarios.py": 3,  # the call and the cases of one list
    "funding/workflow/scenarios.py": 1,  # the other lists of one call
    "reports/models/minutes.py": 1,  # the lists that the reader may see
    "reports/models/publicity.py": 1,  # the objections that the reader may see
    "reports/models/application.py": 2,  # the printed file of one application
    "reports/models/session.py": 1,  # the cases of one session
    "reports/permissions.py": 1,  # whoever may read that application
}


def test_rehearsals_are_asked_for_where_they_are_meant() -> None:
    found: dict[str, int] = {}
    for path, tree in modules().items():
        asked = sum(isinstance(node, ast.Attribute) and node.attr == "everything" for node in ast.walk(tree))
        found |= {path: asked} if asked else {}

    assert found == ASKS


def test_whatever_hangs_on_a_call_is_live_by_itself() -> None:
    """Everything that a list can be made of: models with a status, or with pages of their own."""
    doors = {model.__name__: model._meta.managers_map.get("objects") for model in apps.get_models()}
    guarded = {name for name, door in doors.items() if isinstance(door, LiveManager)}

    assert guarded == {
        "Call", "Application", "Review", "PublicNotice", "Objection", "CallQuestion", "RecommendationList",
        "Draw", "Naming", "Assignment", "Scenario", "ReviewSession", "SessionSlot",
    }  # fmt: skip
