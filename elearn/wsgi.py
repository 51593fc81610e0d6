"""WSGI entry point of this deployment."""

import os

from django.core.wsgi import get_wsgi_application

from elearn.startup import refuse_what_doesnt_fit

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elearn.settings.local")

application = get_wsgi_application()
refuse_what_doesnt_fit()
