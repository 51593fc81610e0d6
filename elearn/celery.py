"""The Celery application of this deployment; periodic jobs come from the plugins' registry."""

import os
from pathlib import Path
from typing import Any

from celery import Celery
from celery.signals import celeryd_init
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elearn.settings.local")

app = Celery("elearn")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def make_queue_folders() -> None:
    """The file-system transport expects its folders to exist."""
    if settings.CELERY_BROKER_URL.startswith("filesystem"):
        folders: dict[str, Any] = settings.CELERY_BROKER_TRANSPORT_OPTIONS
        for key in ("data_folder_in", "data_folder_out", "control_folder"):
            Path(folders[key]).mkdir(parents=True, exist_ok=True)


@app.on_after_finalize.connect
def schedule_periodic_jobs(sender: Celery, **kwargs: Any) -> None:
    """Give beat every job that the core and the plugins registered."""
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()
    from courses.plugin_api.registries import periodic_jobs

    make_queue_folders()
    for job in periodic_jobs:
        sender.add_periodic_task(
            job.every_seconds, sender.signature(job.task, expires=job.every_seconds * 2), name=job.key
        )


@celeryd_init.connect
def prepare_worker(**kwargs: Any) -> None:
    make_queue_folders()
