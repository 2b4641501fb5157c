"""In production: every secret comes from the environment, and the demo is refused."""

from django.core.exceptions import ImproperlyConfigured

from portal.settings import env
from portal.settings.base import *  # noqa: F403
from portal.settings.base import DEMO, LOGGING

if DEMO:
    raise ImproperlyConfigured("PORTAL_DEMO signs anybody in by one click: production refuses to start with it.")

SECRET_KEY = env.secret("SECRET_KEY")
# Signatures and sessions made with an earlier key stay good until they run out.
SECRET_KEY_FALLBACKS = env.secret("SECRET_KEY_FALLBACKS", "").split()
FIELD_KEYS = env.keys("FIELD_KEYS")
if {"demo", "development"} & FIELD_KEYS.keys():
    raise ImproperlyConfigured("FIELD_KEYS are those of the demo, which everybody knows.")
ALLOWED_HOSTS = env.listing("ALLOWED_HOSTS")
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS names the hosts that the portal answers to; it is empty.")
CSRF_TRUSTED_ORIGINS = [f"https://{host.lstrip('.')}" for host in ALLOWED_HOSTS]
STYLEGUIDE = False
ROLES_REQUIRED = True
EMAIL_BACKEND = env.text("EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")

SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", default=True)
# Asked by containers, balancers and watchers from inside, without TLS.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_PROXY") else None
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"

LOG_FORMAT = env.choice("LOG_FORMAT", ("json", "line"))
LOGGING["handlers"]["console"]["formatter"] = LOG_FORMAT
