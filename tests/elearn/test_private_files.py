"""Private files on disk are for the user of the process alone."""

import os
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import storages


def test_nobody_else_on_the_machine_reads_them():
    storage = storages["private"]
    before = os.umask(0)
    try:
        name = storage.save("permissions/of/one.pdf", ContentFile(b"%PDF"))
    finally:
        os.umask(before)

    try:
        path = Path(storage.path(name))
        modes = [one.stat().st_mode & 0o777 for one in (path, path.parent, path.parent.parent)]
        assert modes == [0o600, 0o700, 0o700]
    finally:
        storage.delete(name)
