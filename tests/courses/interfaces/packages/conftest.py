from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.courses.interfaces.packages.sample import write_sample
from tests.courses.interfaces.packages.trees import PICTURES


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The sample package, with pictures that can be opened."""
    return write_sample(tmp_path / "package", PICTURES)


@pytest.fixture
def catalogues(site: SimpleNamespace) -> SimpleNamespace:
    """A site that can take a course: a catalogue in each language."""
    return site
