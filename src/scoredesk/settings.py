"""Django's settings, made from the typed `environment`."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from csp.constants import NONCE, NONE, SELF

from scoredesk.environment import environment
from scoredesk.keys import kept
from scoredesk.postgres import Cluster

ENV = environment()
PACKAGE = Path(__file__).resolve().parent
VAR = ENV.var.expanduser().absolute()


def database_from_url(url: str) -> dict[str, Any]:
    """Django's DATABASES entry for a postgresql:// address (query parameters become options)."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise SystemExit(
            "DATABASE_URL must begin with postgresql:// since Scoredesk needs PostgreSQL."
        )
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    return {
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }


def database() -> dict[str, Any]:
    """The server of DATABASE_URL, else the embedded one (computed, not started)."""
    if ENV.database_url:
        place = database_from_url(ENV.database_url)
    else:
        found = Cluster(VAR / "postgres").connection_parameters()
        place = {"NAME": found["dbname"], "USER": found["user"], "HOST": found["host"]}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"TEMPLATE": "template0"},
        **place,
    }


def mail_from_url(url: str) -> dict[str, Any]:
    """Django's e-mail settings for smtp://, smtps:// or console://.

    With a password or on the submission port, smtp:// means STARTTLS: neither the password nor a
    link for a new one goes over the network in the clear. A relay on port 25 may do without.
    """
    parts = urlsplit(url)
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if parts.scheme not in {"smtp", "smtps"}:
        raise SystemExit("SCOREDESK_EMAIL_URL must begin with smtp://, smtps:// or console://.")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and (bool(parts.password) or parts.port == 587),
        "EMAIL_TIMEOUT": ENV.page_timeout_seconds,
    }


PUBLIC = urlsplit(ENV.public_url)
SECURE = PUBLIC.scheme == "https"

LOCAL = PUBLIC.hostname in {"127.0.0.1", "localhost", "::1"}
if ENV.debug and not LOCAL:
    raise SystemExit(
        "SCOREDESK_DEBUG shows everybody the inside of Scoredesk, so it works only while "
        "SCOREDESK_PUBLIC_URL names this machine itself (127.0.0.1 or localhost). Switch it off."
    )
DEBUG = ENV.debug
SECRET_KEY = ENV.secret_key or kept(VAR / "keys" / "session", "random")
ENCRYPTION_KEYS = [key.strip() for key in ENV.encryption_keys.split(",") if key.strip()] or [
    kept(VAR / "keys" / "secrets", "fernet")
]
ALLOWED_HOSTS = sorted({PUBLIC.hostname or "localhost", "127.0.0.1", "localhost"})
CSRF_FAILURE_VIEW = "scoredesk.portal.views.csrf_failure"
CSRF_TRUSTED_ORIGINS = [f"{PUBLIC.scheme}://{PUBLIC.netloc}"]

INSTALLED_APPS = [
    # First, since their templates replace some of django.forms and allauth.
    "scoredesk.portal",
    "scoredesk.accounts",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "csp",
    "django_filters",
    "django_htmx",
    "django_tables2",
    "procrastinate.contrib.django",
    "scoredesk.posture",
    "scoredesk.connections",
    "scoredesk.tickets",
    "scoredesk.api",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "scoredesk.accounts.middleware.PersonMiddleware",
]
ROOT_URLCONF = "scoredesk.urls"
WSGI_APPLICATION = "scoredesk.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "scoredesk.portal.context.page",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "django.templatetags.tz",
                "scoredesk.portal.templatetags.portal",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    # In the database, so that sign-in limits hold over all portal processes.
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
}

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},  # OWASP ASVS 4.0, 2.1.1
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "scoredesk.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by an administrator, never by signing up
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # a mistyped address gets no e-mail from us
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True  # people hear of a new password (OWASP ASVS 4.0, 2.2.3)
PASSWORD_RESET_TIMEOUT = 24 * 3600
ACCOUNT_FORMS = {
    "login": "scoredesk.accounts.sign_in.SignInForm",
    "change_password": "scoredesk.accounts.sign_in.ChangePasswordForm",
    "reset_password": "scoredesk.accounts.sign_in.ForgottenForm",
    "reset_password_from_key": "scoredesk.accounts.sign_in.NewPasswordForm",
    "reauthenticate": "scoredesk.accounts.sign_in.ConfirmForm",
}
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"

SESSION_COOKIE_AGE = ENV.session_hours * 3600  # from signing in on: see PersonMiddleware
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
# Lax, not Strict: ServiceNow's redirect back to /connections/callback must carry the session.
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
# With this prefix a browser takes a cookie from this host over https only, so that a neighbour on
# another subdomain cannot plant one. Browsers refuse it without https.
SESSION_COOKIE_NAME = "__Host-sessionid" if SECURE else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if SECURE else "csrftoken"
FILE_UPLOAD_HANDLERS: list[str] = []  # nothing is uploaded; by default files would fill /tmp
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV.trusted_proxies else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        # Charts and progress bars set widths through style attributes; they carry no person's text.
        "style-src-attr": ["'unsafe-inline'"],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [PACKAGE / "locale"]
FORMAT_MODULE_PATH = "scoredesk.portal.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True  # serves from the packages themselves, so nothing is collected
WHITENOISE_MAX_AGE = 600
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DJANGO_TABLES2_TEMPLATE = "portal/table.html"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENV.email_from
globals().update(mail_from_url(ENV.email_url))

PUBLIC_URL = ENV.public_url.rstrip("/")
INSTANCE_HOSTS = ENV.instance_host_patterns
PRIVATE_INSTANCE_HOSTS = ENV.private_hosts
OUTGOING_ADDRESSES = ENV.outgoing
GRAPH_URL = ENV.graph_url.rstrip("/")
LOGIN_MICROSOFT_URL = ENV.login_url.rstrip("/")
REFRESH_AT = ENV.refresh_at
TRACK_SECONDS = ENV.track_seconds
TRACK_OVERLAP_SECONDS = ENV.track_overlap_seconds
HTTP_TIMEOUT_SECONDS = ENV.http_timeout_seconds
PAGE_TIMEOUT_SECONDS = ENV.page_timeout_seconds
METRICS_TOKEN = ENV.metrics_token
TRUSTED_PROXIES = ENV.trusted_proxies

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": "scoredesk.common.logs.JsonLines",
            "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s",
            "rename_fields": {"asctime": "at", "levelname": "level", "name": "logger"},
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": ENV.log_level},
    "loggers": {
        "procrastinate": {"level": "WARNING"},
        "httpx": {"level": "WARNING"},  # its lines carry whole addresses with queries
        "httpcore": {"level": "WARNING"},  # and these carry headers
        "django.request": {"level": "ERROR"},
    },
}
