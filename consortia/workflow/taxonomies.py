"""The taxonomy."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from consortia.enums import Action, TaxonomyStatus
from consortia.models import Taxonomy
from portal.kernel.workflow import Reason, Workflow, step


def has_sub_fields(taxonomy: Taxonomy, _at: datetime) -> Reason | None:
    """An empty list is no taxonomy."""
    return None if taxonomy.entries.exists() else _("There is no sub-field in this version.")


TAXONOMY: Workflow[Taxonomy] = Workflow(
    step(
        Action.PUBLISH_TAXONOMY, {TaxonomyStatus.DRAFT}, TaxonomyStatus.PUBLISHED, "consortia.publish_taxonomy",
        has_sub_fields,
    ),
)  # fmt: skip
