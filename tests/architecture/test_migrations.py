"""The models and the migrations say the same."""

import io

import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_no_migration_is_missing():
    output = io.StringIO()

    try:
        call_command("makemigrations", "--check", "--dry-run", stdout=output, stderr=output)
    except SystemExit as ended:
        pytest.fail(f"makemigrations ended with {ended.code}:\n{output.getvalue()}")
