"""The sub-fields in words."""

from datetime import date

from consortia.models import SubField
from consortia.rules.taxonomy import root_code
from members.selectors.experts import SUB_FIELDS


def field_names() -> dict[str, str]:
    """The name of every sub-field by its code, in the reader's language; one query."""
    return {field.code: str(field) for field in SubField.objects.all()}


def offered_fields(today: date) -> list[tuple[str, str]]:
    """What an expert may say it can judge: the sub-fields in force, by the code that renaming leaves alone."""
    return [(root_code(field.code), str(field)) for field in SubField.objects.offered(today)]


SUB_FIELDS.append(offered_fields)
