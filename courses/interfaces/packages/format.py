"""Check a course package and bring its files into canonical form.

    python -m courses.interfaces.packages.format FOLDER [--check] [--codec MODULE:CLASS …]

Nothing is written unless the whole package is right. What is written means the same as before; comments
other than the one that opens facts.yaml are not kept. `--check` writes nothing and fails where a file is not
canonical. `--codec` names the codec of a plugin's activities where no plugin is loaded, as in this command:
`--codec courses.quizzes.interfaces.package:QuizCodec`.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path

from courses.interfaces.packages.errors import PackageError
from courses.interfaces.packages.reader import read_package
from courses.interfaces.packages.writer import render_package
from courses.plugin_api.packages import ActivityCodec


def uncanonical(folder: Path, codecs: Mapping[str, ActivityCodec] | None = None) -> dict[str, bytes]:
    """The files of a package that aren't in canonical form: path → what they should hold.

    Raises PackageError where the package can't be read.
    """
    rendered = render_package(read_package(folder, codecs), codecs)
    return {path: content for path, content in rendered.items() if (folder / path).read_bytes() != content}


def format_package(folder: Path, codecs: Mapping[str, ActivityCodec] | None = None) -> list[str]:
    """Rewrite the files that aren't canonical, each in one step; their paths. Raises PackageError."""
    changed = uncanonical(folder, codecs)
    for path, content in changed.items():
        _replace(folder / path, content)
    return sorted(changed)


def _replace(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=".", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(name, path.stat().st_mode & 0o777)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _codec(name: str) -> ActivityCodec:
    module, _, attribute = name.partition(":")
    try:
        codec: ActivityCodec = getattr(import_module(module), attribute)()
    except (ImportError, AttributeError, ValueError) as error:
        raise argparse.ArgumentTypeError(f"there is no codec {name}: {error}") from None
    return codec


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit status: 0 where everything is (now) canonical."""
    parser = argparse.ArgumentParser(prog="format", description="Bring a course package into canonical form.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--check", action="store_true", help="write nothing, fail where a file would change")
    parser.add_argument("--codec", type=_codec, action="append", default=[], metavar="MODULE:CLASS")
    options = parser.parse_args(arguments)
    codecs = {codec.key: codec for codec in options.codec} or None
    try:
        if options.check:
            changed = sorted(uncanonical(options.folder, codecs))
        else:
            changed = format_package(options.folder, codecs)
    except PackageError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for path in changed:
        sys.stdout.write(f"{path}: {'not in canonical form' if options.check else 'rewritten'}\n")
    return 1 if options.check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
