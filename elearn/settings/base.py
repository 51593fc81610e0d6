"""What every profile of the deployment shares. Everything that differs comes from the environment.

Variables read here: ELEARN_DATA_DIR, DATABASE_URL, CACHE_URL, CELERY_BROKER_URL, ELEARN_DISABLED_PLUGINS,
ELEARN_SITE_NAME, ELEARN_SITE_NAME_AR, ELEARN_ISSUER_*, ELEARN_KEY_PASSPHRASE, ELEARN_TSA_URL; docs/operations.md
describes each.
"""

from pathlib import Path

import environ
from csp.constants import NONE, SELF

from elearn.plugins import installed_plugins

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = Path(env.str("ELEARN_DATA_DIR", default=str(BASE_DIR / "var"))).resolve()

ELEARN_DISABLED_PLUGINS: list[str] = env.list("ELEARN_DISABLED_PLUGINS", default=[])
ELEARN_BUILTIN_PLUGINS = [
    "courses.progress",
    "courses.quizzes",
    "courses.certificates",
    "courses.reports",
]
ELEARN_PLUGINS = installed_plugins(ELEARN_BUILTIN_PLUGINS, ELEARN_DISABLED_PLUGINS)

INSTALLED_APPS = [
    "elearn.demo",
    "elearn.starter",
    "home",
    *ELEARN_PLUGINS,
    "courses",
    "courses.accounts",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.settings",
    "wagtail.contrib.redirects",
    "wagtail.embeds",
    "wagtail.sites",
    "courses.accounts.interfaces.wagtail_users.UsersConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "treebeard",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "courses.accounts.middleware.AdminContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "courses.accounts.middleware.PersonalMiddleware",
    "courses.accounts.middleware.SecondFactorMiddleware",
    "courses.accounts.middleware.AdminDoorMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "elearn.urls"
WSGI_APPLICATION = "elearn.wsgi.application"
ASGI_APPLICATION = "elearn.asgi.application"

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
                "courses.accounts.context_processors.site",
                "home.context_processors.footer",
            ],
        },
    }
]

# --- data -----------------------------------------------------------------------------------------

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # IMMEDIATE: a transaction takes the write lock at its start, so that what row locks promise on
        # PostgreSQL (nobody else writes between my read and my write) holds here too.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
    DATABASES["default"].setdefault("CONN_HEALTH_CHECKS", True)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# A file cache is shared by the web processes and the worker, so rate limits count across them.
CACHES = {"default": env.cache("CACHE_URL", default=f"filecache://{DATA_DIR / 'cache'}")}

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="filesystem://")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_DEFAULT_QUEUE = "elearn"
if CELERY_BROKER_URL.startswith("filesystem"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(DATA_DIR / "queue" / "messages"),
        "data_folder_out": str(DATA_DIR / "queue" / "messages"),
        "control_folder": str(DATA_DIR / "queue" / "control"),
        "store_processed": False,
    }
else:
    # A message not acknowledged within this time is handed to another worker.
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": env.int("CELERY_VISIBILITY_TIMEOUT", default=600)
    }

MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/media/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "elearn" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Certificates and exports: never under MEDIA_URL, served only by views that check who asks.
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": str(DATA_DIR / "private"),
            "base_url": None,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- people ---------------------------------------------------------------------------------------

AUTH_USER_MODEL = "courses_accounts.User"
AUTHENTICATION_BACKENDS = ["courses.accounts.interfaces.backend.PersonBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "display_name", "member_code")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
# Where people land after signing in without a page in mind: the first of these addresses that exists (a plugin
# may be off), else the front page.
ELEARN_LANDING_URL_NAMES = ["progress:my_learning"]
SESSION_ENGINE = "courses.accounts.interfaces.sessions"
ACCOUNT_ADAPTER = "courses.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "member_code"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_FORMS = {
    "login": "courses.accounts.interfaces.entrance.LoginForm",
    "signup": "courses.accounts.interfaces.entrance.SignupForm",
}
# A course can be started before the address is confirmed; only the certificate waits for it.
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_PRESERVE_USERNAME_CASING = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = None
# Per address a whole workshop may share (ip), per account tried (key), per signed-in person (user); counted in
# the cache.
ACCOUNT_RATE_LIMITS = {
    "signup": "40/m/ip",
    # Sign-ups with an address that has an account: who tries them learns which ones do.
    "signup_taken": "30/h/ip",
    "login": "60/m/ip",
    "login_failed": "30/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "confirm_email": "1/3m/key",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
}
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = env.str("ELEARN_SITE_NAME", default="Ilmam")
# Trainers, coordinators and administrators must have a second factor; the local profile switches this off.
ELEARN_SECOND_FACTOR_REQUIRED = True

# A mail server that doesn't answer must not hold a request.
EMAIL_TIMEOUT = 10

# --- languages and time ---------------------------------------------------------------------------

LANGUAGE_CODE = "fr"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("ar", "العربية"), ("fr", "Français"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
WAGTAIL_I18N_ENABLED = True
USE_TZ = True
TIME_ZONE = "Africa/Tunis"
USE_THOUSAND_SEPARATOR = False
FORMAT_MODULE_PATH = ["courses.lib.formats"]

# --- Wagtail --------------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = env.str("ELEARN_SITE_NAME", default="Ilmam")
# The site's name in Arabic letters; the other languages take ELEARN_SITE_NAME.
ELEARN_SITE_NAME_AR = env.str("ELEARN_SITE_NAME_AR", default="إلمام" if WAGTAIL_SITE_NAME == "Ilmam" else "")
WAGTAILADMIN_BASE_URL = env.str("ELEARN_BASE_URL", default="http://localhost:8000")
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAILADMIN_UNSAFE_PAGE_DELETION_LIMIT = 1
WAGTAILADMIN_GLOBAL_EDIT_LOCK = False
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 5 * 1024 * 1024
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "xlsx", "odt", "ods", "csv", "txt"]
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
# The subtree of a page is translated after the commit: within it, a stale parent would be saved over the count of
# its new children.
WAGTAILLOCALIZE_JOBS = {"BACKEND": "courses.lib.after_commit.AfterCommitBackend"}
# A translation begins as a draft: until a person has translated it, the site says "not translated yet".
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False
WAGTAILADMIN_LOGIN_URL = "account_login"

# --- the product ----------------------------------------------------------------------------------

# Who issues the certificates, by language; where a language has none, the site's name stands on them.
ELEARN_ISSUER_NAMES = {
    code: name
    for code, _language in LANGUAGES
    if (name := env.str(f"ELEARN_ISSUER_{code.upper()}", default=""))
}
# What the private halves of the organisation's keys are encrypted with, in the database.
ELEARN_KEY_PASSPHRASE = env.str("ELEARN_KEY_PASSPHRASE", default="")
# Whether a key that is missing is made at its first use. A site whose certificates are to be believed has keys that
# somebody made on purpose, and keeps.
ELEARN_GENERATES_KEYS = False
# Address of a time-stamp authority (RFC 3161) that dates the seal of each certificate; empty for none.
ELEARN_TSA_URL = env.str("ELEARN_TSA_URL", default="")
# How many certificates one address may look up in a minute.
ELEARN_VERIFY_PER_MINUTE = env.int("ELEARN_VERIFY_PER_MINUTE", default=60)
# How many tasks work on an issue in bulk at once: as many as there are workers.
ELEARN_BULK_TASKS = env.int("ELEARN_BULK_TASKS", default=4)
# How many archives of certificates one person may have at once, being packed or ready.
ELEARN_ARCHIVES_AT_ONCE = env.int("ELEARN_ARCHIVES_AT_ONCE", default=10)
# Months after which content that nobody re-checked says so.
ELEARN_LAW_RECHECK_MONTHS = 6
# Calendar months for which the answers of a quiz are kept after the last attempt; the grade stays.
QUIZ_ANSWERS_KEPT_MONTHS = env.int("QUIZ_ANSWERS_KEPT_MONTHS", default=12)
# Days within which an objection to a question is answered.
QUIZ_OBJECTION_DAYS = env.int("QUIZ_OBJECTION_DAYS", default=14)
# How many seconds without a connection are given back in all to an attempt whose time is limited.
QUIZ_OUTAGE_CAP_SECONDS = env.int("QUIZ_OUTAGE_CAP_SECONDS", default=600)
# The country whose words and months are used where the language alone doesn't tell.
ELEARN_COUNTRY = env.str("ELEARN_COUNTRY", default="TN")
ELEARN_DEMO_ALLOWED = False
# A local page that lists the e-mails sent; only where e-mails are files.
ELEARN_MAILBOX = False

# --- security -------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
# The Wagtail and wagtail-localize editors contain inline scripts and styles without nonce.
ELEARN_ADMIN_CSP = {
    "script-src": [SELF, "'unsafe-inline'", "'unsafe-eval'"],
    "style-src": [SELF, "'unsafe-inline'"],
    "img-src": [SELF, "data:", "blob:"],
    "frame-ancestors": [SELF],
    "frame-src": [SELF],
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_tokens": {"()": "courses.lib.logs.WithoutTokens"}},
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "courses": {"level": "INFO"},
        "elearn": {"level": "INFO"},
        # These write addresses.
        "django.request": {"filters": ["no_tokens"]},
        "django.security.csrf": {"filters": ["no_tokens"]},
    },
}
