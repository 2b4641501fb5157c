"""News of this room for the rooms above; sent after commit."""

from django.dispatch import Signal

notice_published = Signal()  # with `notice_id`
recovery_noticed = Signal()  # with `recovery_id`
