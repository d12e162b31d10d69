"""Django's settings of the application, read from the environment.

``CERTIFY_HOME`` (a folder) holds what belongs to one installation: the SQLite file, the proofs, the secret
key. ``DATABASE_URL`` (``postgres://user:password@host:port/name``) chooses PostgreSQL instead. What a production
installation must set is checked by ``certify serve --production``.
"""

import os
from pathlib import Path
from typing import Any

from certification.databases import read_database_url
from certification.home import find_home, read_key
from certification.postbox import read_postbox
from certification.single_sign_on import origins_of, read_providers


def _whole(name: str, default: int) -> int:
    """The whole number that the environment states. Raises ``ValueError`` for anything else."""
    stated = os.environ.get(name) or str(default)
    if not stated.isdecimal():
        raise ValueError(f"{name}: «{stated}» is no whole number")
    return int(stated)


HOME = find_home(os.environ)
DEBUG = os.environ.get("CERTIFY_DEBUG") == "1"
PRODUCTION = os.environ.get("CERTIFY_PRODUCTION") == "1"
SECRET_KEY = read_key(os.environ, HOME)
ALLOWED_HOSTS = [host for host in os.environ.get("CERTIFY_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if host]
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("CERTIFY_ORIGINS", "").split(",") if origin]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "certification.store",
    "certification.web",
]

MIDDLEWARE = [
    "certification.web.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "certification.web.middleware.SeeOtherMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "certification.web.languages.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "certification.web.sessions.SessionEndMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "certification.web.middleware.NulMiddleware",
    "certification.web.middleware.PlainTextMiddleware",
    "certification.web.middleware.RefusalMiddleware",
    "certification.web.middleware.TellingMiddleware",
    "certification.web.exports.ExportMiddleware",
]

ROOT_URLCONF = "certification.web.urls"
WSGI_APPLICATION = "certification.web.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [Path(__file__).parent / "web" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "certification.web.environment.environment",
            "context_processors": [
                "django.contrib.messages.context_processors.messages",
                "certification.web.context.one_csrf_input",
            ],
        },
    },
    {
        # The templates of libraries that ours do not take the place of.
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

DATABASES = {"default": read_database_url(os.environ.get("DATABASE_URL", ""), HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ATOMIC_REQUESTS = False  # store/changes.py opens the one transaction of a change

# One for all worker processes: what throttles logins must be counted together.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "certify_cache",
        # Django's 300 would be full after as many user names: what counts failed logins must not be thrown out.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

AUTH_USER_MODEL = "store.Account"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "certification.web.accounts.passwords.LongEnough"},
    {"NAME": "certification.web.accounts.passwords.NotAboutTheHolder"},
    {"NAME": "certification.web.accounts.passwords.NotCommon"},
]

SESSION_IDLE_MINUTES = _whole("CERTIFY_SESSION_IDLE_MINUTES", 30)
SESSION_HOURS = _whole("CERTIFY_SESSION_HOURS", 12)
SESSION_COOKIE_AGE = SESSION_IDLE_MINUTES * 60  # moved on by every use (web/sessions.py)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True  # office machines are shared

ACCOUNT_ADAPTER = "certification.web.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]  # nobody signs up: accounts are made by invitation
ACCOUNT_EMAIL_VERIFICATION = "none"  # an address is entered by the administrator
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",  # a whole office may stand behind one address
    "login_failed": "20/m/ip,5/300s/key",
    "reset_password": "20/m/ip,5/h/key",
    "reauthenticate": "5/m/user",
    "invitation": "30/m/ip",
    "verify": "10/m/ip",  # a bundle is recomputed for anybody who sends one
}
ACCOUNT_FORMS = {
    "login": "certification.web.accounts.forms.LoginForm",
    "change_password": "certification.web.accounts.forms.ChangePasswordForm",
    "set_password": "certification.web.accounts.forms.SetPasswordForm",
    "reset_password": "certification.web.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "certification.web.accounts.forms.ResetPasswordKeyForm",
    "reauthenticate": "certification.web.accounts.forms.ReauthenticateForm",
}
ALLAUTH_TRUSTED_PROXY_COUNT = _whole("CERTIFY_PROXIES", 0)

MFA_ADAPTER = "certification.web.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "certify"
MFA_TOTP_TOLERANCE = 1  # telephones whose clocks are half a minute off
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are not verified by mail, see above
MFA_FORMS = {
    "authenticate": "certification.web.accounts.forms.AuthenticateForm",
    "reauthenticate": "certification.web.accounts.forms.SecondReauthenticateForm",
    "activate_totp": "certification.web.accounts.forms.ActivateTOTPForm",
    "deactivate_totp": "certification.web.accounts.forms.DeactivateTOTPForm",
    "generate_recovery_codes": "certification.web.accounts.forms.GenerateRecoveryCodesForm",
}

_PROVIDERS = read_providers(os.environ)
SOCIALACCOUNT_ADAPTER = "certification.web.accounts.adapters.SignOnAdapter"
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": _PROVIDERS}}
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_STORE_TOKENS = False  # what is not kept cannot leak
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False  # an address that somebody else vouches for opens no account

globals().update(
    read_postbox(
        os.environ.get("CERTIFY_EMAIL_URL", ""), os.environ.get("CERTIFY_EMAIL_FROM") or "certify@localhost.localdomain"
    )
)

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [Path(__file__).parent / "web" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        # ``certify serve`` collects them: names change with the content, so browsers keep them for good.
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if os.environ.get("CERTIFY_SERVED") == "1"
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = os.environ.get("CERTIFY_SERVED") != "1"
MEDIA_ROOT = HOME / "proofs"
FILE_UPLOAD_HANDLERS = [
    "certification.web.upload_limits.BoundedHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
PROOF_MEGABYTES = _whole("CERTIFY_PROOF_MB", 20)  # of one file
DOSSIER_MEGABYTES = _whole("CERTIFY_DOSSIER_MB", 500)  # of all files of one dossier
SCANNER = os.environ.get("CERTIFY_SCANNER", "")  # see certification.scanning; empty: nothing is scanned

# Django's own choice is silent outside of DEBUG: what breaks must stand in the server's log.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.request": {"level": "ERROR"},  # not every address that somebody mistypes
        "django.security.DisallowedHost": {"level": "CRITICAL"},  # nor every scanner that passes by
    },
}

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
if PRODUCTION:
    if os.environ.get("CERTIFY_PROXY_HEADER"):
        SECURE_PROXY_SSL_HEADER = ("HTTP_" + os.environ["CERTIFY_PROXY_HEADER"].upper().replace("-", "_"), "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = os.environ.get("CERTIFY_HSTS_SUBDOMAINS") == "1"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    # The prefix makes a browser refuse these cookies from anywhere but this very host over HTTPS.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
CSRF_FAILURE_VIEW = "certification.web.failures.stale_form"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "frame-src": ["'self'"],  # the proof beside the value
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'", *origins_of(_PROVIDERS, os.environ.get("CERTIFY_OIDC_ORIGINS", ""))],
        "frame-ancestors": ["'self'"],
    }
}
