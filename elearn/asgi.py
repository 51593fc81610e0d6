"""ASGI entry point of this deployment."""

import os

from django.core.asgi import get_asgi_application

from elearn.startup import refuse_what_doesnt_fit

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elearn.settings.local")

application = get_asgi_application()
refuse_what_doesnt_fit()
