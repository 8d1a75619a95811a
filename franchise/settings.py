"""The one settings file. Production is the default: only `make run` sets what suits a laptop."""

import os
import re
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from .logs import logging_of

BASE_DIR = Path(__file__).resolve().parent.parent


# The environment ------------------------------------------------------------------------------
# It is read in this block and by nothing else that Django runs; gunicorn.conf.py and
# granian_server.py read their own.
# .env.example has a sentence on every variable.


def env(name, default=""):
    return os.environ.get(name, "").strip() or default


def env_list(name):
    return [word.strip() for word in env(name).split(",") if word.strip()]


def env_switch(name, *, default):
    value = env(name, default).lower()
    if value not in {"on", "true", "yes", "1", "off", "false", "no", "0"}:
        raise ImproperlyConfigured(f"{name} must be on or off, not {value!r}.")
    return value in {"on", "true", "yes", "1"}


def env_choice(name, default, choices):
    value = env(name, default)
    if value.upper() not in choices:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(choices)}, not {value!r}.")
    return value.upper()


def env_number(name, default, *, least=0):
    value = env(name, str(default))
    if not re.fullmatch("[0-9]{1,6}", value) or int(value) < least:
        raise ImproperlyConfigured(f"{name} must be a number, {least} or more, not {value!r}.")
    return int(value)


def env_secret_key():
    if key_file := env("SECRET_KEY_FILE"):
        try:
            key = Path(key_file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(
                f"SECRET_KEY_FILE cannot be read: {error.strerror}: {key_file}"
            ) from error
        except UnicodeDecodeError as error:
            raise ImproperlyConfigured(f"SECRET_KEY_FILE is not text: {key_file}") from error
        if not key:
            raise ImproperlyConfigured(f"SECRET_KEY_FILE is empty: {key_file}")
    else:
        key = env("SECRET_KEY")
    if problem := problem_of_key(key):
        raise ImproperlyConfigured(
            f"SECRET_KEY {problem}. Make one with\n\n"
            '    python3 -c "import secrets; print(secrets.token_urlsafe(50))"\n\n'
            "and put it into the environment: SECRET_KEY, or the file that SECRET_KEY_FILE names.\n"
            "It must stay the same from start to start. On your own machine, `make run` does all\n"
            "this for you, and `make manage COMMAND=...` runs manage.py with the same settings."
        )
    return key


def problem_of_key(key):
    """Why ``key`` signs nothing safely, or None: who guesses it can sign in as anybody.

    The measure is that of Django's ``check --deploy``, which only warns.
    """
    if not key:
        return "is not set"
    if key.startswith("django-insecure-"):
        return "is one that Django made for trying things out"
    if len(key) < 50:
        return f"has {len(key)} characters, and fewer than 50 can be guessed"
    if len(set(key)) < 5:
        return "can be guessed: it repeats the same few characters"
    return None


SECRET_KEY = env_secret_key()
DEBUG = env_switch("DEBUG", default="off")
SECURE = env_switch("SECURE", default="on")
TRUST_PROXY = env_switch("TRUST_PROXY", default="off")
MEDIA_BUCKET = env("MEDIA_BUCKET")
# A web server in front knows of a folder, not of a bucket.
SERVE_MEDIA = env_switch("SERVE_MEDIA", default="on" if MEDIA_BUCKET else "off")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")
REQUIRE_SECOND_FACTOR = env_switch("REQUIRE_SECOND_FACTOR", default="off")
FRANCHISE_NAME = env("FRANCHISE_NAME", "The Bosch Universe")
LOG_LEVEL = env_choice("LOG_LEVEL", "INFO", ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"])
LOG_FORMAT = env_choice("LOG_FORMAT", "JSON", ["JSON", "PLAIN"])
PAGE_CACHE_MB = env_number("PAGE_CACHE_MB", 32)
STATEMENT_TIMEOUT = env_number("STATEMENT_TIMEOUT", 5)  # seconds
VAR_DIR = Path(env("VAR_DIR", BASE_DIR / "var")).resolve()
API_RATE = env_number("API_RATE", 600)  # requests a minute
TVMAZE_API = env("TVMAZE_API", "https://api.tvmaze.com")
DATABASE_URL = env("DATABASE_URL", f"sqlite:///{quote(str(VAR_DIR / 'db.sqlite3'))}")
PREPARED_STATEMENTS = env_switch("PREPARED_STATEMENTS", default="on")
DATABASE_REPLICA_URLS = env_list("DATABASE_REPLICA_URLS")
REPLICA_MAX_LAG = env_number("REPLICA_MAX_LAG", 5, least=3)  # asked once a second


# The application ------------------------------------------------------------------------------

INSTALLED_APPS = [
    "whitenoise.runserver_nostatic",  # before staticfiles: runserver too serves through WhiteNoise
    "franchise.admin.EditorsConfig",  # django.contrib.admin, with a site of our own
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_filters",
    "django_guid",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "drf_spectacular_sidecar",  # what the API's page of documentation is made of
    "reversion",
    "catalog",  # after those whose pages in the admin it replaces
]

MIDDLEWARE = [
    "franchise.health.HealthMiddleware",
    "django_guid.middleware.guid_middleware",
    "django.middleware.security.SecurityMiddleware",
    "franchise.policies.PermissionsPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "catalog.middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "catalog.middleware.StatementTimeoutMiddleware",
    "catalog.middleware.AudienceMiddleware",  # needs to know who is signed in
    "catalog.middleware.RevisionMiddleware",
    "catalog.middleware.NotShownMiddleware",
    "axes.middleware.AxesMiddleware",  # the last: it answers in the place of a sign-in
]

ROOT_URLCONF = "franchise.urls"
WSGI_APPLICATION = "franchise.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "franchise.context_processors.franchise",
            ],
        },
    },
]
# Django's own markup, made in half the time.
FORM_RENDERER = "franchise.boxes.BoxRenderer"


# The database ---------------------------------------------------------------------------------

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Statements here read few rows by their indexes, most of them from memory. To compile one or to
# share it among processes first takes longer than to run it.
POSTGRESQL_OPTIONS = "-c jit=off -c max_parallel_workers_per_gather=0 -c random_page_cost=1.1"


# A server that has gone is found out within seconds (TCP's own patience is minutes): while
# connecting, while it owes an answer to what was sent, and when it falls silent after that.
SOON_FOUND_OUT = {
    "connect_timeout": 2,
    "tcp_user_timeout": 3_000,  # milliseconds
    "keepalives_idle": 2,
    "keepalives_interval": 1,
    "keepalives_count": 3,
}


def database(url):
    # A connection is kept for a minute and checked before it serves the next request.
    return dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True)


DATABASES = {"default": database(DATABASE_URL)}

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # A transaction takes the write lock at its start, where it can wait for it. One that
        # began by reading and then writes would fail at once with "database is locked".
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,  # seconds to wait for that lock
        # Each thread has a connection, and each connection its compiled statements: by default 128,
        # some 4 MB, which no page was found to be quicker by.
        "cached_statements": 16,
        # Readers go on while one writes. With the log, NORMAL cannot corrupt the file; at worst a
        # power cut takes the last moments.
        # Each connection has a copy of pages of the file, too: by default up to 2 MB, of what the
        # system has in memory anyway. No page of the Bosch catalogue takes longer with 256 KiB.
        "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; "
        "PRAGMA cache_size = -256",
        **DATABASES["default"].get("OPTIONS", {}),
    }
    # Tests run on a file too: in memory all threads would share one connection, and the locks
    # that browser tests meet would not be those of a real site.
    DATABASES["default"]["TEST"] = {"NAME": VAR_DIR / "test.sqlite3"}
else:
    DATABASES["default"]["OPTIONS"] = {
        "options": POSTGRESQL_OPTIONS,
        **SOON_FOUND_OUT,
        **DATABASES["default"].get("OPTIONS", {}),
    }

# Standbys of the default database, from which public pages are read.
REPLICAS = [f"replica-{number}" for number, _ in enumerate(DATABASE_REPLICA_URLS, 1)]

if REPLICAS and DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    raise ImproperlyConfigured(
        "DATABASE_REPLICA_URLS needs a PostgreSQL in DATABASE_URL, of which they are the replicas."
    )
if REPLICAS and not PAGE_CACHE_MB:
    raise ImproperlyConfigured(
        "DATABASE_REPLICA_URLS needs the page cache, which is what reads from them: PAGE_CACHE_MB "
        "must be more than 0."
    )


def replica(alias, url):
    try:
        settings = database(url)
    except ValueError:
        settings = {}
    if settings.get("ENGINE") != "django.db.backends.postgresql":
        raise ImproperlyConfigured(
            f"DATABASE_REPLICA_URLS: {alias} is no address of a PostgreSQL, such as\n"
            "postgres://user:password@host/name (a comma in a password is written %2C)."
        )
    settings["OPTIONS"] = {
        "options": f"{POSTGRESQL_OPTIONS} -c default_transaction_read_only=on",
        **SOON_FOUND_OUT,
        **settings.get("OPTIONS", {}),
    }
    settings["TEST"] = {"MIRROR": "default"}
    return settings


if REPLICAS:
    DATABASES |= {
        alias: replica(alias, url)
        for alias, url in zip(REPLICAS, DATABASE_REPLICA_URLS, strict=True)
    }
    DATABASE_ROUTERS = ["catalog.replicas.Router"]


# Files ----------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"

# What is larger than a picture may be is dropped as it arrives; the rest goes to memory while it is
# small, else to a temporary file.
FILE_UPLOAD_HANDLERS = [
    "catalog.pictures.uploads.BoundedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # A name carries its content's hash, so browsers keep a file for ever. With DEBUG on, and in
    # tests (tests/environment.py), plain names serve without collectstatic.
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

if MEDIA_BUCKET:
    if find_spec("storages") is None:
        raise ImproperlyConfigured(
            "MEDIA_BUCKET needs packages that are not installed here:\n"
            "pip install --require-hashes -r requirements-s3.txt"
        )
    STORAGES["default"] = {
        "BACKEND": "franchise.bucket.Bucket",
        # Who may use it, and in which region it is, the client reads from variables of its own.
        "OPTIONS": {
            "bucket_name": MEDIA_BUCKET,
            "endpoint": env("AWS_ENDPOINT_URL_S3"),
        },
    }


# Language and time ----------------------------------------------------------------------------

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_I18N = False  # one language; this spares every page a look at the visitor's
USE_TZ = True


# The API --------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    # Nobody signs in to it, and nobody sees more for being signed in elsewhere.
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [],
    "DEFAULT_SCHEMA_CLASS": "catalog.api.schema.Schema",
    "DEFAULT_THROTTLE_CLASSES": ["franchise.api.Throttle"],
    "EXCEPTION_HANDLER": "franchise.api.handle_exception",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}

SPECTACULAR_SETTINGS = {
    "TITLE": f"{FRANCHISE_NAME}: the catalogue",
    "DESCRIPTION": "Read-only. Each page of the site is at the same path below `/api/v1/`, and "
    "each list takes the filters of its page.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": ["catalog.api.schema.mended"],
}

# How often each address has asked, in this minute and the last; each process counts for itself.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "api": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "api",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
}


# Editors --------------------------------------------------------------------------------------

LOGIN_URL = "admin:login"

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # the first: whoever tried too often is not even asked
    "franchise.signing_in.EditorsBackend",
]

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in {
        "UserAttributeSimilarityValidator": {},
        "MinimumLengthValidator": {"min_length": 12},
        "CommonPasswordValidator": {},
        "NumericPasswordValidator": {},
    }.items()
]

# Who signs in stays so for as long, on that machine; a changed password ends it everywhere.
SESSION_COOKIE_AGE = 14 * 24 * 60 * 60  # seconds

# Who tries passwords has so many for an account, from one address; then none for a while.
AXES_HANDLER = "franchise.signing_in.TriesHandler"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
# By both: a stranger elsewhere locks no editor out.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "franchise.signing_in.address_of"
AXES_USERNAME_CALLABLE = "franchise.signing_in.name_of"
AXES_LOCKOUT_CALLABLE = "franchise.signing_in.locked_out"
# No more is kept of anybody than that takes, and that until the time is over.
AXES_DISABLE_ACCESS_LOG = True
AXES_SENSITIVE_PARAMETERS = ["username", "password", "csrfmiddlewaretoken", "next"]
AXES_ENABLE_ADMIN = False  # catalog/admin/accounts.py has a page of its own

# What a phone shows above the codes for this site.
OTP_TOTP_ISSUER = FRANCHISE_NAME

# A series with all its inlines posts each field twice (what was shown and what was typed, to merge
# edits made at the same time): far more than Django's default of 1,000.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

# An address typed without a scheme means https, as in Django 6. Remove this line then.
FORMS_URLFIELD_ASSUME_HTTPS = True


# Security -------------------------------------------------------------------------------------

# SECURE=off is for plain http on one's own machine: browsers would refuse the cookies there and a
# redirect to https would end nowhere.
SECURE_SSL_REDIRECT = SECURE
SESSION_COOKIE_SECURE = SECURE
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True  # forms carry the token; no script needs it
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if SECURE else 0

# Anyone can send this header, so it counts only where a proxy that sets it is known to be in front.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUST_PROXY else None

SILENCED_SYSTEM_CHECKS = [
    # HSTS for every subdomain, and the browsers' preload list, reach beyond this site: that is for
    # the owner of the domain to decide, in the web server in front.
    "security.W005",
    "security.W021",
]

# Everything comes from this site, in files: no inline script or style, no frames, no plug-ins.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],  # data: for the small icons inside stylesheets
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}


# Logging --------------------------------------------------------------------------------------

LOGGING = logging_of(LOG_FORMAT, LOG_LEVEL)

# A proxy's number of the request is taken over, so that both logs have the same.
DJANGO_GUID = {"GUID_HEADER_NAME": "X-Request-ID", "RETURN_HEADER": False}
