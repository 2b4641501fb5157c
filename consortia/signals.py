"""News of this room for the rooms above; sent after commit."""

from django.dispatch import Signal

agreement_changed = Signal()  # with `agreement_id`: a version was sent, took effect, or was signed by a later member
