"""Helpers for the database part of a `StoredActivityCodec`. Needs the apps to be loaded."""

from courses.interfaces.packages.pages import assign, came_from_package, checked_to_of, day_of, identifier_of

__all__ = ["assign", "came_from_package", "checked_to_of", "day_of", "identifier_of"]
