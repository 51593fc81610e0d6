"""ASGI entry point of this deployment."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elearn.settings.local")

application = get_asgi_application()
