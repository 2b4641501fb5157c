"""What somebody leaves open: every duty of the workbench."""

from members.selectors.handover import register
from reports.selectors.workbench import DUTIES

for duty in DUTIES:
    register(duty.role, duty.label, duty.rows)
