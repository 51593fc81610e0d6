"""The profile of the kill test: everything in ELEARN_DATA_DIR, shared by this process and the workers it kills."""

import os

from elearn.settings.test import *  # noqa: F403
from elearn.settings.test import DATA_DIR, STORAGES

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": str(DATA_DIR / "cache"),
    }
}
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail"
STORAGES["private"] = {
    "BACKEND": "tests.courses.certificates.kills.storage.UnreliableStorage",
    "OPTIONS": {"location": str(DATA_DIR / "private"), "base_url": None},
}
# Several suites may share a broker.
CELERY_TASK_DEFAULT_QUEUE = os.environ["ELEARN_KILLS_QUEUE"]
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
