"""What may become of everything in the consortia room: a table for each thing that has a status."""

from consortia.workflow.agreements import AGREEMENT
from consortia.workflow.directs import DIRECT
from consortia.workflow.edits import EDITS, edit_obstacles, offered_edits
from consortia.workflow.exchange import DEMAND, ISSUE, LINK
from consortia.workflow.exits import EXIT_CASE
from consortia.workflow.leadchanges import LEAD_CHANGE
from consortia.workflow.life import CONSORTIUM
from consortia.workflow.participations import DEPARTURE, PARTICIPATION
from consortia.workflow.sevenones import SEVEN
from consortia.workflow.taxonomies import TAXONOMY
from consortia.workflow.work import DUPLICATE, MILESTONE

__all__ = [
    "AGREEMENT",
    "CONSORTIUM",
    "DEMAND",
    "DEPARTURE",
    "DIRECT",
    "DUPLICATE",
    "EDITS",
    "EXIT_CASE",
    "ISSUE",
    "LEAD_CHANGE",
    "LINK",
    "MILESTONE",
    "PARTICIPATION",
    "SEVEN",
    "TAXONOMY",
    "edit_obstacles",
    "offered_edits",
]
