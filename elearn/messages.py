"""The catalogues of the interface: extracted, updated, compiled and checked with Babel, without a system gettext.

    python -m elearn.messages update    take the messages of code and templates into locale/*/LC_MESSAGES/django.po
    python -m elearn.messages compile   build the .mo files whose .po is newer
    python -m elearn.messages check     list what is missing, untranslated or broken; exit code 1 if anything is

Message ids are English. The English catalogue repeats them: without it Django would show French, the site's
default language, to readers of English.
"""

import io
import re
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("courses", "elearn", "home", "templates")
SKIPPED = {"migrations", "packages", "static", "__pycache__"}
COMMENT_TAGS = ["Translators:"]
# The same formulas as Django's own catalogues: Django merges only catalogues that agree on them.
PLURALS = {
    "ar": (
        6,
        "n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5",
    ),
    "fr": (2, "(n > 1)"),
    "en": (2, "(n != 1)"),
}
SOURCE_LANGUAGE = "en"
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[#0\- +]*\d*(?:\.\d+)?[a-zA-Z]|\{(\w+)\}")

# A message's identity: its id (a pair where it has a plural) and its context.
Key = tuple[str | tuple[str, str], str]


def catalogue_path(language: str, root: Path = ROOT) -> Path:
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def extract_template(
    fileobj: IO[bytes], keywords: Mapping[str, Any], comment_tags: Collection[str], options: Mapping[str, Any]
) -> Iterable[Any]:
    """A Babel extraction method for Django templates, on Django's own reading of them."""
    from django.utils.translation.template import templatize

    python_like = templatize(fileobj.read().decode("utf-8"))
    # Indentation of a template means nothing, and would stop Python's tokenizer.
    flat = "\n".join(line.strip() for line in python_like.split("\n"))
    return extract_python(io.BytesIO(flat.encode("utf-8")), keywords, comment_tags, {})


def source_files(root: Path = ROOT) -> list[Path]:
    """Python files and templates whose messages are ours, in a fixed order."""
    found = []
    for folder in SOURCES:
        for path in (root / folder).rglob("*"):
            if path.suffix in {".py", ".html", ".txt"} and not SKIPPED & set(path.relative_to(root).parts):
                # Text files are templates only where Django looks for templates.
                if path.suffix == ".txt" and "templates" not in path.parts:
                    continue
                found.append(path)
    return sorted(found)


def extract_all(root: Path = ROOT) -> Catalog:
    """Every message of code and templates, with the files (no line numbers) it comes from."""
    catalogue = Catalog(charset="utf-8")
    for path in source_files(root):
        method = extract_python if path.suffix == ".py" else extract_template
        name = path.relative_to(root).as_posix()
        with path.open("rb") as source:
            for line, message, comments, context in extract(method, source, KEYWORDS, COMMENT_TAGS):  # type: ignore[arg-type]
                if message:
                    catalogue.add(message, None, [(name, line)], auto_comments=comments, context=context)
    return catalogue


def key_of(message: Message) -> Key:
    identity = tuple(message.id) if isinstance(message.id, list | tuple) else message.id
    return identity, message.context or ""  # type: ignore[return-value]


def messages_of(catalogue: Catalog) -> Iterator[Message]:
    """The messages without the header."""
    return (message for message in catalogue if message.id)


def read_catalogue(language: str, root: Path = ROOT, *, strict: bool = False) -> Catalog:
    """The catalogue of a language; an empty one where there is no file yet.

    strict: raise PoFileError for a malformed entry (a plural form too many) instead of repairing it.
    """
    path = catalogue_path(language, root)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as source:
        return read_po(source, locale=language, charset="utf-8", abort_invalid=strict)


def _empty_string(message: Message, forms: int) -> str | tuple[str, ...]:
    return ("",) * forms if message.pluralizable else ""


def write_catalogue(language: str, catalogue: Catalog, root: Path = ROOT) -> None:
    """Write sorted, without line numbers and dates, so that a change of one message is a change of one entry."""
    body = io.BytesIO()
    write_po(
        body,
        catalogue,
        width=100,
        omit_header=True,
        sort_output=True,
        ignore_obsolete=True,
        include_lineno=False,
    )
    forms, formula = PLURALS[language]
    header = (
        'msgid ""\nmsgstr ""\n'
        f'"Language: {language}\\n"\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=UTF-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: nplurals={forms}; plural={formula};\\n"\n\n'
    )
    path = catalogue_path(language, root)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(header + body.getvalue().decode("utf-8").strip() + "\n", encoding="utf-8")


def update(root: Path = ROOT) -> dict[str, int]:
    """Bring the catalogues up to the code: new messages come in empty, unused ones go, nothing is guessed.

    Returns the number of untranslated messages by language.
    """
    template = extract_all(root)
    missing = {}
    for language, (forms, _formula) in PLURALS.items():
        known = {key_of(message): message for message in messages_of(read_catalogue(language, root))}
        fresh = Catalog(locale=language, charset="utf-8")
        missing[language] = 0
        for message in messages_of(template):
            key = key_of(message)
            if language == SOURCE_LANGUAGE:
                string: object = message.id
            elif key in known and known[key].string:
                string = known[key].string
            else:
                string = _empty_string(message, forms)
            flags = set(message.flags) | (known[key].flags & {"fuzzy"} if key in known else set())
            fresh.add(
                message.id,
                string,  # type: ignore[arg-type]
                message.locations,
                flags,
                message.auto_comments,
                known[key].user_comments if key in known else (),
                context=message.context,
            )
            missing[language] += not all([string] if isinstance(string, str) else string)  # type: ignore[arg-type]
        write_catalogue(language, fresh, root)
    return missing


def compile_catalogues(root: Path = ROOT) -> list[str]:
    """Build django.mo beside each django.po that is newer; returns the languages that were built.

    Fuzzy and untranslated messages are left out. Each file is replaced in one step.
    """
    built = []
    for language in PLURALS:
        source = catalogue_path(language, root)
        target = source.with_suffix(".mo")
        if not source.exists() or (
            target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns
        ):
            continue
        with source.open("rb") as stream:
            catalogue = read_po(stream, locale=language, charset="utf-8")
        unfinished = target.with_suffix(".mo.new")
        with unfinished.open("wb") as stream:
            write_mo(stream, catalogue)
        unfinished.replace(target)
        built.append(language)
    return built


def placeholders(text: str) -> set[str]:
    return {named or braced for named, braced in PLACEHOLDER.findall(text.replace("%%", ""))}


def strings_of(message: Message) -> list[str]:
    """Its translations, one for each plural form."""
    strings = [message.string] if isinstance(message.string, str) else message.string or [""]
    return [string or "" for string in strings]


def _broken_placeholders(message: Message) -> bool:
    """A plural form may leave the number out (Arabic says 'two lessons' in one word); the last one may not."""
    ids = [message.id] if isinstance(message.id, str) else list(message.id)
    allowed = set().union(*map(placeholders, ids))
    forms = [placeholders(string) for string in strings_of(message)]
    return any(form - allowed for form in forms) or forms[-1] != placeholders(ids[-1])


def problems(root: Path = ROOT) -> list[str]:
    """What keeps a reader of some language from reading the interface in it; an empty list when all is well."""
    wanted = {key_of(message) for message in messages_of(extract_all(root))}
    found = []
    for language in PLURALS:
        try:
            catalogue = read_catalogue(language, root, strict=True)
        except PoFileError as error:
            found.append(f"{language}: {error}")
            continue
        present = {key_of(message): message for message in messages_of(catalogue)}
        found += [
            f"{language}: not in the catalogue: {key[0]!r}" for key in sorted(wanted - set(present), key=str)
        ]
        found += [
            f"{language}: no longer in the code: {key[0]!r}" for key in sorted(set(present) - wanted, key=str)
        ]
        for message in present.values():
            if message.fuzzy:
                found.append(f"{language}: fuzzy: {message.id!r}")
            if not all(strings_of(message)):
                found.append(f"{language}: untranslated: {message.id!r}")
            elif _broken_placeholders(message):
                found.append(f"{language}: other placeholders than the message: {message.id!r}")
    return found


def main(arguments: list[str]) -> int:
    if arguments == ["update"]:
        for language, number in update().items():
            print(f"{language}: {number} untranslated")
        compile_catalogues()
        return 0
    if arguments == ["compile"]:
        print(f"Compiled: {', '.join(compile_catalogues()) or 'nothing new'}")
        return 0
    if arguments == ["check"]:
        found = problems()
        print("\n".join(found) or "Every message is translated.")
        return 1 if found else 0
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
