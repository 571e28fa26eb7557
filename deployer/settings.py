"""One settings file, read from the environment. Defaults run the whole site locally on SQLite.

Where to deploy is never a setting but a `Target` row. Wrong values are system checks (see `checks.py`),
so a value that cannot be read falls back here and is named there.
"""

import os
import sys
from pathlib import Path
from zoneinfo import available_timezones

import environ
from csp.constants import NONE, SELF

from deployer import keys, logs

env = environ.Env()
ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("DEPLOYER_VAR", ROOT / "var"))

# Settings that could not be read, for the system checks: [(name, what was wrong)].
UNREADABLE: list[tuple[str, str]] = []


def flag(name: str, *, default: bool = False) -> bool:
    """An on/off setting; anything but the usual words is the default and becomes a system check."""
    text = os.environ.get(name, "").strip().lower()
    if text in {"1", "on", "true", "yes"}:
        return True
    if text in {"0", "off", "false", "no"}:
        return False
    if text:
        UNREADABLE.append((name, f"{text[:40]!r} is neither on nor off"))
    return default


def choice(name: str, among: tuple[str, ...], default: str) -> str:
    """One of a few words; anything else is the default and becomes a system check."""
    text = os.environ.get(name, "").strip().lower() or default
    if text in among:
        return text
    UNREADABLE.append((name, f"{text[:40]!r} is none of {', '.join(among)}"))
    return default


def seconds(name: str, default: int) -> int:
    """A number of seconds from 5 to a week; anything else is the default and becomes a system check."""
    text = os.environ.get(name, "").strip()
    if not text:
        return default
    if text.isascii() and text.isdigit() and len(text) < 7 and 5 <= int(text) <= 604_800:
        return int(text)
    UNREADABLE.append((name, f"{text[:40]!r} is no number of seconds from 5 to 604800"))
    return default


def words(name: str) -> list[str]:
    return [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]


DEBUG = flag("DEBUG")
PLAIN_HTTP = flag("DEPLOYER_PLAIN_HTTP")
ALLOW_LOCAL_TARGETS = flag("DEPLOYER_ALLOW_LOCAL_TARGETS")
METRICS_TOKEN = os.environ.get("DEPLOYER_METRICS_TOKEN", "")
METRICS_OPEN = flag("DEPLOYER_METRICS_OPEN")  # set by `demo`, which listens on loopback only

SECRET_KEY = os.environ.get("SECRET_KEY") or keys.kept(VAR / "keys" / "secret_key", keys.new_secret)
ENCRYPTION_KEYS = words("DEPLOYER_ENCRYPTION_KEYS") or [keys.kept(VAR / "keys" / "encryption_key", keys.new_fernet)]
ALLOWED_HOSTS = words("ALLOWED_HOSTS") or ["127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = words("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "deployer.apps.DeployerConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "csp",
    "django_filters",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "deployer.web.request_log.RequestLog",  # outermost: every answer has its id and its line
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Before the tokens of forms: who is signed out is led to the door, whatever they posted.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "deployer.web.zone.TimeZone",
    "deployer.web.errors.Answers",
]

ROOT_URLCONF = "deployer.urls"
WSGI_APPLICATION = "deployer.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "deployer.web.frame.frame",
            ],
            "libraries": {"deployer_tags": "deployer.web.tags"},
        },
    }
]

# --- Database -------------------------------------------------------------------------------------------------
try:
    DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR / 'deployer.sqlite3'}")}
except (environ.ImproperlyConfigured, ValueError) as error:
    UNREADABLE.append(("DATABASE_URL", type(error).__name__))
    DATABASES = {"default": {}}
_engine = DATABASES["default"].get("ENGINE", "no database").rsplit(".", 1)[-1]
if _engine not in {"sqlite3", "postgresql"}:
    UNREADABLE.append(("DATABASE_URL", f"it names {_engine}; the promises are kept on SQLite and PostgreSQL"))
    DATABASES = {"default": env.db_url_config("sqlite://:memory:")}

_database = DATABASES["default"]
if _database["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE: a transaction takes the write lock at its start, so two writers wait instead of failing half-way.
    # FULL: an intent to send must be on the disk before the call goes out.
    _database["ENGINE"] = "deployer.backends.sqlite3"  # Django's own, whose writers queue
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-8000;",
    }
    if _database["NAME"] != ":memory:":
        Path(_database["NAME"]).parent.mkdir(parents=True, exist_ok=True)
elif _database["ENGINE"].endswith("postgresql"):
    # A server that was stopped and started again leaves dead connections in the pool: each is tried before it is used.
    # The pool itself waits twice as long after each vain attempt; ended after five seconds, it begins anew.
    _database["CONN_HEALTH_CHECKS"] = True
    _database.setdefault("OPTIONS", {})["pool"] = {
        "min_size": 1, "max_size": 12, "timeout": 5, "reconnect_timeout": 5,
    }  # fmt: skip

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache_entries"}}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# --- People ---------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "deployer.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "overview"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "deployer.web.access.Adapter"  # sign-up is closed: accounts are made by `manage.py person`
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
# Whole teams sit behind one address, so the limit on attempts is wide; the one on wrong passwords is narrow.
ACCOUNT_RATE_LIMITS = {"login": "600/m/ip", "login_failed": "30/m/ip,8/5m/key"}

# --- HTTP -----------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
CSRF_FAILURE_VIEW = "deployer.web.handlers.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 14 * 24 * 3600
if not PLAIN_HTTP:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrftoken"

# Our own limits (5 MB, 200 rows, 20,000 fields) are answered by a sentence on the page that was typed into.
# Django's would answer with a bare 400, so they stand well above.
DATA_UPLOAD_MAX_MEMORY_SIZE = 24_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 60_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 8_000_000

STATIC_URL = "static/"
STATICFILES_DIRS = [ROOT / "static"]
WHITENOISE_USE_FINDERS = True  # the files of the checkout themselves: there is nothing to collect
WHITENOISE_MAX_AGE = 300

# --- Words and times ------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
USE_I18N = False
USE_TZ = True
TIME_ZONE = os.environ.get("DEPLOYER_TIME_ZONE") or "UTC"
if TIME_ZONE not in available_timezones():
    UNREADABLE.append(("DEPLOYER_TIME_ZONE", f"{TIME_ZONE[:40]!r} is not a time zone"))
    TIME_ZONE = "UTC"

try:
    EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
except (environ.ImproperlyConfigured, ValueError, KeyError) as error:
    UNREADABLE.append(("EMAIL_URL", type(error).__name__))
    EMAIL_CONFIG = env.email_url_config("consolemail://")
globals().update(EMAIL_CONFIG)

# --- The worker and the cloud: one call may take so long, all in all (seconds) --------------------------------
CLOUD_TIMEOUT = (5, 30)
CLOUD_DEADLINE = 45.0

TOKENS = VAR / "tokens"  # logins at IAM, encrypted, shared by the processes of this machine

# Hosts that targets may name: exact names, or *.example.com. Empty: any public one, and none behind a proxy.
ALLOWED_CLOUD_HOSTS = words("DEPLOYER_ALLOWED_CLOUD_HOSTS")

# After so many seconds a list of what a cloud offers is read again. Pools fill and empty by the minute, the rest is
# read less often; a person can ask at any moment.
_networks = seconds("DEPLOYER_NETWORKS_FRESH", 900)
CATALOG_FRESH = {
    "model": seconds("DEPLOYER_MODELS_FRESH", 300),
    "specification": seconds("DEPLOYER_SPECIFICATIONS_FRESH", 900),
    "pool": seconds("DEPLOYER_POOLS_FRESH", 60),
    "workspace": seconds("DEPLOYER_WORKSPACES_FRESH", 3600),
    "vpc": _networks,
    "subnet": _networks,
    "security_group": _networks,
}

PREFLIGHT_FRESH = 3600.0  # seconds for which a passed preflight opens an approval where the target requires one
MOST_INSTANCES = 5  # more instances of one model than this are warned about (sources name 5 and 128)

# --- Logs -----------------------------------------------------------------------------------------------------
# Who sits at a terminal reads text; whatever else takes our standard error (a journal, a collector, a file) is better
# served by one JSON object a line, and says nothing to get it.
LOG_FORMAT = choice("DEPLOYER_LOG_FORMAT", logs.FORMATS, "text" if sys.stderr and sys.stderr.isatty() else "json")
LOG_LEVEL = choice("DEPLOYER_LOG_LEVEL", logs.LEVELS, "info")
ACCESS_LOG = flag("DEPLOYER_ACCESS_LOG", default=True)
LOGGING = logs.configured(LOG_FORMAT, LOG_LEVEL)
