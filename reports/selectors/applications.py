"""What the document of an application is made from."""

from typing import Any

from funding.models import Application
from funding.selectors.snapshots import compose
from portal.kernel.audit import plain


def application_snapshot(application: Application, user: Any) -> tuple[dict[str, Any], bool]:
    """What this reader reads, and whether it is a draft: what was submitted, or the text that is being written."""
    frozen = not application.is_editable or application.is_insider(user)
    if frozen and application.snapshot:
        return application.snapshot, False
    return plain(compose(application)), True
