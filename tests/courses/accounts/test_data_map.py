"""docs/data-map.md names every field of every model that may hold something of a person, and nothing else."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import Model

PAGE = Path(settings.BASE_DIR) / "docs" / "data-map.md"
PERSONAL, OTHERS = PAGE.read_text(encoding="utf-8").split("## Not personal")
NAME = re.compile(r"`((?:courses\w*|account|mfa)\.\w+\.(?:\w+|\*))`")
ROW = re.compile(r"^\| `([\w.]+)` \|([^|]+)\|([^|]+)\|([^|]+)\|$", re.MULTILINE)


def models() -> Iterator[type[Model]]:
    for model in apps.get_models():
        label = model._meta.app_label
        if label in ("courses", "account", "mfa") or label.startswith("courses_"):
            yield model


def fields_of(model: type[Model]) -> set[str]:
    """Stored fields but the primary key, as the page writes them."""
    fields = [field for field in model._meta.get_fields() if field.concrete and not field.auto_created]
    return {f"{model._meta.app_label}.{model.__name__}.{field.name}" for field in fields}


def is_listed(name: str, listed: set[str]) -> bool:
    return name in listed or f"{name.rsplit('.', 1)[0]}.*" in listed


def missing(listed: set[str]) -> list[str]:
    return sorted(name for model in models() for name in fields_of(model) if not is_listed(name, listed))


def listed() -> set[str]:
    return {row[0] for row in ROW.findall(PERSONAL)} | set(NAME.findall(OTHERS))


def test_every_field_is_on_the_page() -> None:
    assert missing(listed()) == []


def test_a_field_that_is_forgotten_is_found() -> None:
    forgotten = "courses_accounts.User.email"

    assert missing(listed() - {forgotten}) == [forgotten]


@pytest.mark.needs_plugin("courses.reports")
@pytest.mark.needs_plugin("courses.certificates")
def test_the_page_names_no_field_that_is_gone() -> None:
    there = {name for model in models() for name in fields_of(model)}
    there |= {f"{name.rsplit('.', 1)[0]}.*" for name in there}

    assert sorted(listed() - there) == []


def test_every_row_says_why_how_long_and_who() -> None:
    rows = ROW.findall(PERSONAL)

    assert len(rows) == len({row[0] for row in rows})
    assert [row[0] for row in rows if not all(part.strip() for part in row[1:])] == []


@pytest.mark.parametrize("name", ["User", "Membership", "ConsentRecord", "RoleGrant", "PersonSession"])
def test_whole_models_about_people_arent_waved_through(name: str) -> None:
    assert f"courses_accounts.{name}.*" not in listed()
