"""{% csrf_token %} of the house: the token, and the key that makes a form count once."""

from typing import Any

from django import template
from django.template.base import Parser, Token
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.kernel.idempotency import FIELD, new_key

register = template.Library()


class FormNode(CsrfTokenNode):
    """Both hidden fields; nothing without a request, as Django's own tag."""

    def render(self, context: Any) -> SafeString:
        token = super().render(context)
        if not token:
            return SafeString()
        return format_html('{}<input type="hidden" name="{}" value="{}">', token, FIELD, new_key())


@register.tag
def csrf_token(_parser: Parser, _token: Token) -> FormNode:
    """Stands in every form that changes something."""
    return FormNode()
