"""What a server does before it serves."""

import io


def refuse_what_doesnt_fit() -> None:
    """Run the system checks, which servers skip: a plugin that doesn't fit, or a setting that is wrong, stops the
    start with its name instead of failing at somebody's request. SystemCheckError. Takes half a second; the
    database isn't asked."""
    from django.core.management import call_command

    call_command("check", stdout=io.StringIO())
