"""The server that is measured: the embedded profile in production mode (no debug), plus the bare page."""

from elearn.settings.local import *  # noqa: F403
from elearn.settings.local import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.benchmarks.bare"]
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "bare.localhost"]
DEBUG = False
