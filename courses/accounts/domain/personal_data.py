"""What each app holds of a person: for 'my data' and for closing an account."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from courses.accounts.models import User
from courses.lib.registry import Registry


@dataclass(frozen=True)
class PersonalDataSource:
    """One app's part in a person's data.

    export: what is held, as JSON-ready values (lists and dicts of text, numbers, ISO times), in the active
    language. erase: removes or pseudonymises it inside the caller's transaction; `at` is the time of erasure.
    """

    key: str
    label: Any
    export: Callable[[User], Any]
    erase: Callable[[User, datetime], None]


personal_data_sources: Registry[PersonalDataSource] = Registry("personal data")
