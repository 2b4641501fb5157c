"""The kernel's rows."""

from portal.kernel.models.attachment import Attachment
from portal.kernel.models.audit import AuditCheckpoint, AuditEntry
from portal.kernel.models.base import Record
from portal.kernel.models.counter import Counter
from portal.kernel.models.idempotency import SentForm
from portal.kernel.models.job import Job
from portal.kernel.models.letter import Channel, Letter, MailText, NoticeChoice
from portal.kernel.models.notification import ExportLog, Notification
from portal.kernel.models.pulse import Outage, Pulse
from portal.kernel.models.saved import ListColumns, SavedFilter

__all__ = [
    "Attachment",
    "AuditCheckpoint",
    "AuditEntry",
    "Channel",
    "Counter",
    "ExportLog",
    "Job",
    "Letter",
    "ListColumns",
    "MailText",
    "NoticeChoice",
    "Notification",
    "Outage",
    "Pulse",
    "Record",
    "SavedFilter",
    "SentForm",
]
