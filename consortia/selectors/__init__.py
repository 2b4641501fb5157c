"""Named reads of the consortia room."""

from consortia.selectors.candidates import candidates
from consortia.selectors.facts import consortium_facts, facts_of, load_whole, newest_agreement, present_members
from consortia.selectors.fields import field_names
from consortia.selectors.history import Event, events, trail_of
from consortia.selectors.overview import Overview, TaskProgress, overview
from consortia.selectors.parts import (
    PartState,
    part_state,
    part_states,
)
from consortia.selectors.preparation import Preparation, PreparationItem, preparation, preparation_of
from consortia.selectors.registry import Mix, for_list, mixes, own_participations, published_by_district, with_mixes

__all__ = [
    "Event", "Mix", "Overview", "PartState", "Preparation", "PreparationItem", "TaskProgress", "candidates",
    "consortium_facts", "events", "facts_of", "field_names", "for_list", "load_whole", "mixes", "newest_agreement",
    "overview", "own_participations", "part_state", "part_states", "preparation", "preparation_of", "present_members",
    "published_by_district", "trail_of", "with_mixes",
]  # fmt: skip
