"""Named reads of the consortia room."""

from consortia.selectors.candidates import candidates
from consortia.selectors.facts import consortium_facts
from consortia.selectors.fields import field_names
from consortia.selectors.history import Event, events, trail_of
from consortia.selectors.overview import Overview, TaskProgress, overview
from consortia.selectors.parts import (
    PartState,
    part_state,
    part_states,
)
from consortia.selectors.preparation import Preparation, PreparationItem, preparation
from consortia.selectors.registry import Mix, for_list, mixes, own_participations, published_by_district, with_mixes

__all__ = [
    "Event", "Mix", "Overview", "PartState", "Preparation", "PreparationItem", "TaskProgress", "candidates",
    "consortium_facts", "events", "field_names", "for_list", "mixes", "overview", "own_participations", "part_state",
    "part_states", "preparation", "published_by_district", "trail_of", "with_mixes",
]  # fmt: skip
