"""On a developer's machine, and the demo of bin/up."""

from portal.settings import env
from portal.settings.base import *  # noqa: F403
from portal.settings.base import VAR

DEBUG = env.flag("DEBUG")
SECRET_KEY = env.secret("SECRET_KEY", "development-only-" + "k" * 50)
FIELD_KEYS = env.keys("FIELD_KEYS", "development:" + "0d" * 32)
STYLEGUIDE = True
MEDIA_ROOT = VAR / "media"
