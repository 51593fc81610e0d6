"""The embedded profile of `make run`: no server to install, everything under ELEARN_DATA_DIR."""

import secrets

from elearn.settings.base import *  # noqa: F403
from elearn.settings.base import (
    CELERY_BROKER_TRANSPORT_OPTIONS,
    CELERY_BROKER_URL,
    DATA_DIR,
    ELEARN_KEY_PASSPHRASE,
    LOGGING,
    env,
)

DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])


def _kept_secret(name: str) -> str:
    """A secret of this data directory: made once, kept beside the data, readable by its owner only."""
    path = DATA_DIR / name
    if not path.exists():
        DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text().strip()


SECRET_KEY = env.str("SECRET_KEY", default="") or _kept_secret("secret-key")
ELEARN_KEY_PASSPHRASE = ELEARN_KEY_PASSPHRASE or _kept_secret("key-passphrase")
ELEARN_GENERATES_KEYS = True

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail"
DEFAULT_FROM_EMAIL = "noreply@localhost"
ELEARN_MAILBOX = True
ELEARN_DEMO_ALLOWED = True
ELEARN_SECOND_FACTOR_REQUIRED = False

# The file-system transport has no host, and Kombu warns of it at every connection.
LOGGING["loggers"]["kombu.connection"] = {"level": "ERROR"}
if CELERY_BROKER_URL.startswith("filesystem"):
    # Seconds between two looks for a message: how long a certificate waits, and how long a stop takes.
    CELERY_BROKER_TRANSPORT_OPTIONS["polling_interval"] = 0.3
