#!/usr/bin/env python
"""Django's command line."""

import gc
import os
import sys

from django.core.management import execute_from_command_line

OWNER = {"migrate", "database_roles", "purge_audit", "backup", "restore"}  # connect to DATABASE_OWNER_URL, if given

if __name__ == "__main__":
    if OWNER.intersection(sys.argv[1:2]):
        os.environ["PORTAL_AS_OWNER"] = "1"
    if sys.argv[1:2] == ["migrate"]:
        # Each step makes models anew by the hundred; looking through them all each time took a quarter of the time.
        gc.set_threshold(200_000, 20, 50)
    os.environ.setdefault("PORTAL_PROCESS", "command")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.dev")
    execute_from_command_line(sys.argv)
