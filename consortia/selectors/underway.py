"""What the rooms above hold in the name of a consortium that is being prepared."""

from collections.abc import Callable

from consortia.models import Consortium
from portal.kernel.workflow import Reason

# The rooms above say what of theirs stands in the way.
Look = Callable[[Consortium], list[Reason]]
HANDED_IN: list[Look] = []  # it is judged as it was handed in
BEING_WRITTEN: list[Look] = []  # it would be left without its consortium


def found(looks: list[Look], consortium: Consortium) -> str | None:
    """All of it in one text; None when there is nothing."""
    return " ".join(str(reason) for look in looks for reason in look(consortium)) or None
