"""The sub-fields in words."""

from consortia.models import SubField


def field_names() -> dict[str, str]:
    """The name of every sub-field by its code, in the reader's language; one query."""
    return {field.code: str(field) for field in SubField.objects.all()}
