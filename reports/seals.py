"""The code in the footer of a report, which leads to the page where everybody can verify the document."""

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe


def address_to_verify(number: str) -> str:
    """Where the report of this number is verified."""
    return f"{settings.PUBLIC_URL}{reverse('reports:report-verify', args=[number])}"


def seal(address: str) -> SafeString:
    """A QR code as inline SVG, one path, readable although a tenth of it is lost."""
    code = segno.make_qr(address, error="m")
    return mark_safe(code.svg_inline(border=0, omitsize=True, svgclass=None, lineclass=None))  # noqa: S308
