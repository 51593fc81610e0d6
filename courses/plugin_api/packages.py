"""How a plugin's activities travel in course packages. Imports no model.

A package holds, beside lessons and checklists, YAML files of activities that plugins bring: `quiz.yaml`, or
`quiz-2.yaml` for the second one of a module. The plugin registers one `StoredActivityCodec` for its files in
`courses.plugin_api.registries.activity_codecs`; the core keeps what the codec returns without looking inside.
Reading and writing files needs no database (`ActivityCodec`); `courses.plugin_api.package_pages` helps with the
part that does.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from courses.interfaces.packages.errors import PackageError, Problem, Problems
from courses.interfaces.packages.fields import Fields
from courses.interfaces.packages.keys import child_key, is_uuid, key_for
from courses.interfaces.packages.reading import Reading
from courses.interfaces.packages.schema import VERIFIED, Fact, LocalText
from courses.interfaces.packages.yamlio import Branch, Flow, Listing, YamlValue, as_date
from courses.interfaces.packages.yamlio import dump as dump_yaml
from courses.interfaces.packages.yamlio import load as load_yaml

if TYPE_CHECKING:
    from courses.plugin_api.pages import ActivityPage

__all__ = [
    "VERIFIED",
    "ActivityCodec",
    "ActivityEntry",
    "Branch",
    "Fact",
    "Fields",
    "Flow",
    "Listing",
    "LocalText",
    "PackageError",
    "Problem",
    "Problems",
    "Reading",
    "StoredActivityCodec",
    "YamlValue",
    "as_date",
    "child_key",
    "dump_yaml",
    "is_uuid",
    "key_for",
    "load_yaml",
]


class ActivityEntry(Protocol):
    """What the core needs to know of an activity; the rest is the plugin's own.

    Make it a frozen dataclass: packages are compared by value.
    """

    @property
    def id(self) -> str: ...

    @property
    def slug(self) -> str: ...

    @property
    def title(self) -> LocalText: ...


class ActivityCodec(Protocol):
    """Reads and writes the activities of one kind.

    key: the name of the kind's files in a package without number and `.yaml`: lower-case letters and
    underscores. `lessons` and `checklist` are the core's.
    """

    @property
    def key(self) -> str: ...

    def read(self, fields: Fields) -> ActivityEntry:
        """Build the entry from the file's keys.

        Ids of everything that records may point to are taken with `fields.own_id()` (or `local_id()` and `share()`
        where several files may hold it), pictures with `fields.picture()`, cited facts with `fields.facts()`. What is
        wrong is noted through `fields.problem()` and its own methods, and an entry is returned all the same: a package
        with a problem is refused whole afterwards. Ends with
        `fields.close()`, also for each of `fields.rows()`.
        """
        ...

    def write(self, entry: Any) -> Mapping[str, YamlValue]:
        """The keys of the file of an entry that `read` made, in canonical order; reading them gives an equal one.

        Texts by language are written as they are (the core puts languages in order); a list that should
        stand on one line is a `Flow`, a `law_checked_to` goes through `as_date`.
        """
        ...


class StoredActivityCodec(ActivityCodec, Protocol):
    """An `ActivityCodec` that also knows the plugin's pages: what a plugin registers."""

    def page_type(self) -> "type[ActivityPage]":
        """The model of the pages."""
        ...

    def fill(
        self,
        entry: Any,
        pages: "Mapping[str, ActivityPage]",
        user: Any,
        *,
        image_id: Callable[[str], int],
    ) -> set[str]:
        """Bring the pages of an activity, by language, in line with an entry; the languages whose page changed.

        The pages have their title, slug, id and place from the core, which saves and publishes them afterwards
        where they changed; a new page isn't saved yet. Set everything else with `assign`. What lies outside the
        pages (the questions of a quiz) is saved here, inside the core's transaction, for `user` (or None). Filling
        twice changes nothing, and no learning record is touched. `image_id`: the image of a path that `Fields.picture`
        read. Raises PackageError for an entry that can't be
        taken on this site; everything is then rolled back.
        """
        ...

    def load(
        self,
        pages: "Mapping[str, ActivityPage]",
        identifier: str,
        *,
        image_path: Callable[[int], str],
    ) -> ActivityEntry:
        """The entry of an activity from its published pages by language; `identifier` is its id. `image_path`: the
        path in the package of an image, which is then part of it.

        Raises PackageError where a language lacks something.
        """
        ...
