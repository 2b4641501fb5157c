"""What every environment shares."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import django_stubs_ext
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from portal.settings import env

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parents[2]
VAR = Path(env.text("PORTAL_VAR", str(BASE_DIR / "var")))

DEBUG = False
DEMO = env.flag("PORTAL_DEMO")
PUBLIC_URL = env.text("PUBLIC_URL", "http://127.0.0.1:8000")
ALLOWED_HOSTS = env.listing("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
BEHIND_PROXY = env.flag("BEHIND_PROXY")
# How many proxies of our own stand before us; each appends to X-Forwarded-For whom it was asked by.
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 1) if BEHIND_PROXY else 0
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
CITY = {"code": "320500", "name": _("Suzhou"), "bureau": _("Municipal science and technology bureau")}

INSTALLED_APPS = [
    "portal.kernel",
    "members",
    "consortia",
    "funding",
    "reports",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    "django_cotton",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
]

MIDDLEWARE = [
    "portal.kernel.headers.SecurityHeaders",
    "portal.kernel.middleware.OriginMiddleware",
    "portal.kernel.observing.Observing",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.kernel.shedding.Shedding",
    "portal.kernel.middleware.AuditMiddleware",
    "portal.kernel.health.Probes",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "portal.kernel.headers.CleanInput",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "members.middleware.SessionLimits",
    "members.middleware.SecondFactor",
    "members.middleware.PrivacyNotice",
    "members.middleware.PasswordAge",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "portal.kernel.idempotency.Idempotency",  # innermost: nothing but the view happens in its transaction
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "portal.kernel.rendering.PortalRenderer"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.portal",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "portal.kernel.templatetags.ui",
                "portal.kernel.templatetags.forms",  # its csrf_token replaces Django's
            ],
        },
    },
]

# Commands that change tables and rights (see manage.py) connect as the owner, everything else as a role that may not.
AS_OWNER = env.flag("PORTAL_AS_OWNER") and env.given("DATABASE_OWNER_URL")
ROLES_REQUIRED = False
DATABASES = {"default": env.database("DATABASE_OWNER_URL" if AS_OWNER else "DATABASE_URL", "postgres:///chuanglian")}
# A server without fsync, full_page_writes or synchronous_commit is refused, unless its loss would be none.
UNSAFE_DATABASE = env.flag("PORTAL_UNSAFE_DATABASE")

REDIS_URL = env.secret("REDIS_URL", "redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "portal.kernel.caching.DependableCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "portal",
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }
}

# --- language and time -------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
LOCALE_PATHS = [BASE_DIR / room / "locale" for room in ("portal", "members", "consortia", "funding", "reports")]

# --- sign-in -----------------------------------------------------------------------------------
AUTH_USER_MODEL = "members.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {
        "NAME": "members.passwords.LengthValidator",
        "OPTIONS": {"min_length": env.number("PASSWORD_MIN_LENGTH", 12)},
    },
    {"NAME": "members.passwords.UncommonValidator"},
    {
        "NAME": "members.passwords.CharacterClassValidator",
        "OPTIONS": {"classes": env.number("PASSWORD_CLASSES", 3)},
    },
    {"NAME": "members.passwords.ContextValidator", "OPTIONS": {"left": env.number("PASSWORD_SIGNS_LEFT", 8)}},
    {"NAME": "members.passwords.NotReusedValidator", "OPTIONS": {"last": env.number("PASSWORD_HISTORY", 5)}},
]
# Words that everybody here would guess, besides the names of city and bureau.
PASSWORD_CONTEXT = [
    "创联", "创新联合体", "科技局", "科技创新", "chuanglian", "kejiju", "suzhou", "consortia", "consortium", "portal",
    *env.listing("PASSWORD_CONTEXT"),
]  # fmt: skip
PASSWORD_MAX_AGE_DAYS = env.number("PASSWORD_MAX_AGE_DAYS", 90)  # of those who need a second factor; 0: no limit
# Wrong passwords within SIGN_IN_LOCK_SECONDS after which sign-in is locked for that long.
SIGN_IN_LIMITS = {"ACCOUNT": 5, "DEVICE": 5, "ADDRESS": env.number("SIGN_IN_ADDRESS_LIMIT", 20)}
SIGN_IN_LOCK_SECONDS = env.number("SIGN_IN_LOCK_SECONDS", 30 * 60)
STEP_UP_SECONDS = env.number("STEP_UP_SECONDS", 15 * 60)  # acts of weight ask again after this long
STALE_DAYS = env.number("STALE_DAYS", 90)  # unused accounts are disabled after this long; 0: never
PASSWORD_RESET_TIMEOUT = 30 * 60
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "public-home"
ACCOUNT_ADAPTER = "members.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
# Wrong passwords are counted by members.services.guards; what is left here is that of one-time codes.
ACCOUNT_RATE_LIMITS = {"login_failed": "5/15m/key"}
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Django's own, with which members.services.resets makes the links.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Chuanglian"
MFA_ADAPTER = "members.adapters.MFAAdapter"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_FORMS = {
    "login": "members.forms.signin.SignInForm",
    "change_password": "members.forms.signin.ChangePasswordForm",
    "set_password": "members.forms.signin.SetPasswordForm",
    "reset_password": "members.forms.signin.ResetPasswordForm",
    "reset_password_from_key": "members.forms.signin.ResetPasswordKeyForm",
    "reauthenticate": "members.forms.signin.ReauthenticateForm",
}
MFA_FORMS = {
    "authenticate": "members.forms.signin.CodeForm",
    "reauthenticate": "members.forms.signin.ReauthenticateCodeForm",
    "activate_totp": "members.forms.signin.ActivateTOTPForm",
    "add_webauthn": "members.forms.signin.AddKeyForm",
    "edit_webauthn": "members.forms.signin.EditKeyForm",
}

SESSION_ENGINE = "django.contrib.sessions.backends.db"  # a Redis that is down signs nobody out
SESSION_COOKIE_AGE = env.number("SESSION_ABSOLUTE_SECONDS", 8 * 3600)
SESSION_IDLE_SECONDS = env.number("SESSION_IDLE_SECONDS", 30 * 60)
SESSION_IDLE_ADMIN_SECONDS = env.number("SESSION_IDLE_ADMIN_SECONDS", 15 * 60)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "portal.kernel.errors.csrf_failure"

# --- sealed fields: bank accounts, identity numbers, telephones, second factors --------------------
FIELD_ALGORITHM = env.choice("FIELD_ALGORITHM", ("aes-gcm", "sm4-gcm"))

# How long the data of somebody whose account is deactivated stay in use; then the person is restricted.
PERSONAL_RETENTION_DAYS = env.number("PERSONAL_RETENTION_DAYS", 3 * 365)

# --- headers -----------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# --- files -------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = VAR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "portal.kernel.storage.StaticStorage"},
}
UPLOAD_MAX_BYTES = env.number("UPLOAD_MAX_BYTES", 20 * 1024 * 1024)
QUOTA_BYTES = env.number("QUOTA_BYTES", 5 * 1024**3)  # of one organisation
QUOTA_FILES = env.number("QUOTA_FILES", 5_000)
INSPECTORS = env.number("INSPECTORS", 2)  # uploads opened at the same time on this machine, 512 MB each at most
CLAMD_ADDRESS = env.text("CLAMD_ADDRESS", "")  # host:port or the path of a socket; empty: uploads are not scanned
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000
FILE_UPLOAD_PERMISSIONS = 0o640

# --- reports: which faces stand for 黑体 and 仿宋 ------------------------------------------------
FONT_FOLDER = Path(env.text("REPORT_FONT_FOLDER", "/usr/share/fonts/opentype/noto"))
REPORT_FONTS = {
    "sans-regular": FONT_FOLDER / "NotoSansCJK-Regular.ttc",
    "sans-bold": FONT_FOLDER / "NotoSansCJK-Bold.ttc",
    "serif-regular": FONT_FOLDER / "NotoSerifCJK-Regular.ttc",
    "serif-bold": FONT_FOLDER / "NotoSerifCJK-Bold.ttc",
}

# Signs the reports: a PKCS #12 file. Without one the demo makes a key of its own, everything else goes unsigned.
REPORT_SIGNING_KEY = env.text("REPORT_SIGNING_KEY", "")
REPORT_SIGNING_PASSWORD = env.secret("REPORT_SIGNING_PASSWORD", "")

# --- mail --------------------------------------------------------------------------------------
EMAIL_BACKEND = env.text("EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = VAR / "mail"
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.number("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.secret("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "no-reply@localhost")
# The hour in Beijing after which the daily mail of notices goes out.
DIGEST_HOUR = int(env.choice("DIGEST_HOUR", ("8", *map(str, range(24)))))
DRAFT_DOCUMENTS_KEPT_DAYS = env.number("DRAFT_DOCUMENTS_KEPT_DAYS", 30)  # replaced PDFs of drafts; 0: for ever
EXPORTS_KEPT_DAYS = env.number("EXPORTS_KEPT_DAYS", 7)  # files of reports made in the background
LETTERS_KEPT_DAYS = env.number("LETTERS_KEPT_DAYS", 180)  # sent mails stand in the outbox so long

# --- jobs: the row in PostgreSQL is the truth, Redis a wake-up signal --------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_connect_timeout": 2,
    "socket_timeout": 10,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "care-for-accounts": {"task": "members.tasks.care_for_accounts", "schedule": timedelta(days=1)},
    "care-for-experts": {"task": "members.tasks.care_for_experts", "schedule": timedelta(days=1)},
    "chase-invitations": {"task": "consortia.tasks.chase_invitations", "schedule": timedelta(days=1)},
    "close-agreements": {"task": "consortia.tasks.close_agreements", "schedule": timedelta(days=1)},
    "remind-of-recognitions": {"task": "consortia.tasks.remind_of_recognitions", "schedule": timedelta(days=1)},
    "feel-pulse": {"task": "portal.kernel.tasks.feel_pulse", "schedule": timedelta(minutes=1)},
    "tell-begun": {"task": "funding.tasks.tell_begun", "schedule": timedelta(minutes=10)},
    "chase-experts": {"task": "funding.tasks.chase_experts", "schedule": timedelta(minutes=10)},
    "watch-grants": {"task": "funding.tasks.watch_grants", "schedule": timedelta(days=1)},
    "chase-parties": {"task": "funding.tasks.chase_parties", "schedule": timedelta(hours=1)},
    "extend-for-outages": {"task": "funding.tasks.extend_calls", "schedule": timedelta(minutes=1)},
    "sweep-jobs": {"task": "portal.kernel.tasks.sweep_jobs", "schedule": timedelta(seconds=15)},
    "sweep-forms": {"task": "portal.kernel.tasks.sweep_forms", "schedule": timedelta(hours=1)},
    "tell-of-gains": {"task": "portal.kernel.tasks.tell_of_gains", "schedule": timedelta(hours=6)},
    "mail-urgent-notices": {"task": "portal.kernel.tasks.mail_urgent_notices", "schedule": timedelta(seconds=30)},
    "mail-digests": {"task": "portal.kernel.tasks.mail_digests", "schedule": timedelta(minutes=10)},
    "sweep-letters": {"task": "portal.kernel.tasks.sweep_letters", "schedule": timedelta(days=1)},
    "watch-audit": {"task": "portal.kernel.tasks.watch_audit", "schedule": timedelta(minutes=5)},
    "remind-of-evaluations": {"task": "reports.tasks.remind_of_evaluations", "schedule": timedelta(hours=1)},
    "sweep-batches": {"task": "reports.tasks.sweep_batches", "schedule": timedelta(minutes=1)},
    "sweep-documents": {"task": "reports.tasks.sweep_documents", "schedule": timedelta(days=1)},
    "order-scheduled-exports": {"task": "reports.tasks.order_scheduled_exports", "schedule": timedelta(hours=1)},
    "prune-exports": {"task": "reports.tasks.prune_export_files", "schedule": timedelta(hours=1)},
    "sweep-files": {"task": "portal.kernel.tasks.sweep_files", "schedule": timedelta(days=1)},
    "scan-files": {"task": "portal.kernel.tasks.scan_files", "schedule": timedelta(minutes=1)},
    "verify-files": {"task": "portal.kernel.tasks.verify_files", "schedule": timedelta(days=1)},
}

# --- credit data: who is asked, and the list that FileSource reads -------------------------------
CREDIT_SOURCE = env.text("CREDIT_SOURCE", "members.services.credit.FileSource")
CREDIT_FILE = env.text("CREDIT_FILE", "")

# --- outages: the address at which the worker asks the web processes once a minute whether they serve --------
PULSE_URL = env.text("PULSE_URL", "")  # …/readyz; empty: only the database and the storage are asked

# --- audit trail: its heads are kept outside the database too ------------------------------------
AUDIT_ANCHOR = Path(env.text("AUDIT_ANCHOR", str(VAR / "anchor" / "audit.jsonl")))

# --- API ---------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "portal.kernel.pagination.NewestFirst",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "portal.kernel.api.exception_handler",
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {"anon": "60/min", "user": "600/min"},
    "PAGE_SIZE": 50,
    "NUM_PROXIES": TRUSTED_PROXIES,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Chuanglian API",
    "DESCRIPTION": "Read access to the innovation consortia portal.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "ENUM_NAME_OVERRIDES": {
        "TierEnum": "consortia.enums.Tier",
        "ConsortiumStatusEnum": "consortia.enums.ConsortiumStatus",
        "ApplicationStatusEnum": "funding.enums.ApplicationStatus",
        "CallStatusEnum": "funding.enums.CallStatus",
        "TrancheStatusEnum": "funding.enums.TrancheStatus",
        "EvaluationStatusEnum": "reports.enums.EvaluationStatus",
        "ReportStatusEnum": "reports.enums.ReportStatus",
    },
    "SERVE_AUTHENTICATION": ["rest_framework.authentication.SessionAuthentication"],
}

# Whoever has waited longer for a thread of the web server is asked to come again (503).
QUEUE_SECONDS = env.number("QUEUE_SECONDS", 8)

# --- what watches ------------------------------------------------------------------------------
METRICS_TOKEN = env.secret("METRICS_TOKEN", "")  # without one there are no metrics to see
LOG_FORMAT = env.choice("LOG_FORMAT", ("line", "json"))
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"context": {"()": "portal.kernel.logs.Context"}},
    "formatters": {"line": {"()": "portal.kernel.logs.Line"}, "json": {"()": "portal.kernel.logs.Json"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["context"]}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
    # Django's own loggers would write a second line in a shape of their own.
    "loggers": {"django": {"handlers": [], "propagate": True}, "django.server": {"handlers": [], "propagate": True}},
}
