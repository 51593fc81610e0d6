"""A `CoursePackage` → the files of its folder, in canonical form."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from courses.interfaces.packages import layout, yamlio
from courses.interfaces.packages.errors import PackageError, Problem, Problems
from courses.interfaces.packages.markdown_write import BlockError, body_to_markdown
from courses.interfaces.packages.reader import read_package, registered_codecs
from courses.interfaces.packages.schema import (
    ChecklistEntry,
    ChecklistItem,
    CoursePackage,
    FactSheet,
    LessonEntry,
    ModuleEntry,
    PluginEntry,
)
from courses.plugin_api.packages import ActivityCodec


def render_package(
    package: CoursePackage, codecs: Mapping[str, ActivityCodec] | None = None
) -> dict[str, bytes]:
    """All files of a package: path → content. The same package always gives the same bytes.

    Raises PackageError where a block can't be written or no codec knows an activity.
    """
    known = registered_codecs() if codecs is None else codecs
    problems = Problems()
    texts: dict[str, str] = {layout.COURSE: yamlio.dump(_course(package), package.languages)}
    if package.facts is not None:
        texts[layout.FACTS] = _facts(package.facts)
    for name, module in zip(module_names(package), package.modules, strict=True):
        _render_module(f"{layout.MODULES}/{name}", module, package, known, texts, problems)
    problems.raise_if_any()
    return {path: text.encode() for path, text in texts.items()} | dict(package.files)


def write_package(
    package: CoursePackage, folder: Path | str, codecs: Mapping[str, ActivityCodec] | None = None
) -> None:
    """Write a package as `folder`, in place of the package that may stand there.

    Everything is written beside it first and read back; only then the folders are swapped, so that `folder`
    never holds half a package. Killed between the two renames of the swap, the process leaves the former
    package under `.<name>.old-…` beside it.

    Raises PackageError where the package breaks a rule of the format, FileExistsError where `folder` holds
    something else than a package, OSError.
    """
    target = Path(os.path.abspath(folder))
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise FileExistsError(f"{target} is not a folder")
    if target.exists() and any(target.iterdir()) and not (target / layout.COURSE).is_file():
        raise FileExistsError(f"{target} is not empty and holds no course package")
    rendered = render_package(package, codecs)
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{target.name}.new-", dir=target.parent))
    try:
        for path, content in rendered.items():
            place = beside / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        if render_package(read_package(beside, codecs), codecs) != rendered:
            raise PackageError([Problem("", 0, "the package would not read back as it was written")])
        # mkdtemp makes a folder for its owner alone.
        beside.chmod(0o777 & ~_umask())
        _swap(beside, target)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _swap(new: Path, target: Path) -> None:
    if not target.exists():
        new.rename(target)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{target.name}.old-", dir=target.parent))
    target.rename(old)
    try:
        new.rename(target)
    except OSError:
        old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


def module_names(package: CoursePackage) -> list[str]:
    """Names of the folders of the modules, in order."""
    return [
        layout.numbered(position, module.slug) for position, module in enumerate(package.modules, start=1)
    ]


def _course(package: CoursePackage) -> dict[str, Any]:
    written: dict[str, Any] = {
        "id": package.id,
        "slug": package.slug,
        "languages": yamlio.Flow(package.languages),
        "source_language": package.source_language,
        "theme": package.theme,
        "level": package.level,
    }
    if package.law_checked_to:
        written["law_checked_to"] = yamlio.as_date(package.law_checked_to)
    written |= {"sequential": package.sequential, "pass_rule": package.pass_rule}
    if package.image:
        written["image"] = package.image
    return written | {
        "title": package.title,
        "summary": package.summary,
        "audience": package.audience,
        "objectives": package.objectives,
        "modules": yamlio.Flow(module_names(package)),
    }


def _facts(sheet: FactSheet) -> str:
    facts = [
        {"id": fact.id, "confidence": fact.confidence, "statement": fact.statement, "source": fact.source}
        for fact in sheet.facts
    ]
    checked_to = yamlio.as_date(sheet.checked_to)
    return yamlio.as_comment(sheet.note) + yamlio.dump({"checked_to": checked_to, "facts": facts})


def _render_module(
    folder: str,
    module: ModuleEntry,
    package: CoursePackage,
    codecs: Mapping[str, ActivityCodec],
    texts: dict[str, str],
    problems: Problems,
) -> None:
    names = layout.activity_names(module.activities)
    keys: dict[str, Any] = {
        "id": module.id,
        "slug": module.slug,
        "title": module.title,
        "summary": module.summary,
        "activities": yamlio.Flow(names),
    }
    texts[f"{folder}/{layout.MODULE}"] = yamlio.dump(keys, package.languages)
    for name, activity in zip(names, module.activities, strict=True):
        path = f"{folder}/{name}.yaml"
        match activity:
            case LessonEntry():
                for language in package.languages:
                    path = f"{folder}/{name}.{language}.md"
                    try:
                        texts[path] = _lesson(activity, language)
                    except BlockError as error:
                        reason = f"block {error.position + 1}: {error}"
                        problems.add(path, 0, reason)
            case ChecklistEntry():
                texts[path] = yamlio.dump(_checklist(activity), package.languages)
            case PluginEntry(kind, entry) if kind in codecs:
                texts[path] = yamlio.dump(codecs[kind].write(entry), package.languages)
            case _:
                problems.add(path, 0, f"no installed plugin writes the activity '{name}'")


def _lesson(lesson: LessonEntry, language: str) -> str:
    front: dict[str, Any] = {
        "id": lesson.id,
        "slug": lesson.slug,
        "title": lesson.title[language],
        "minutes": lesson.minutes,
    }
    if lesson.law_checked_to:
        front["law_checked_to"] = yamlio.as_date(lesson.law_checked_to)
    front |= {"required": lesson.required, "facts": yamlio.Flow(lesson.facts)}
    if lesson.secondary:
        front["secondary"] = True
    return f"---\n{yamlio.dump(front)}---\n\n{body_to_markdown(lesson.body[language])}"


def _checklist(entry: ChecklistEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "slug": entry.slug,
        "title": entry.title,
        "intro": entry.intro,
        "items": [_checklist_item(item) for item in entry.items],
    }


def _checklist_item(item: ChecklistItem) -> dict[str, Any]:
    written: dict[str, Any] = {
        "id": item.id,
        "facts": yamlio.Flow(item.facts),
        "question": item.question,
        "if_no": item.if_no,
        "if_unknown": item.if_unknown,
        "text": item.text,
        "article": item.article,
    }
    if item.deadline:
        written["deadline"] = item.deadline
    return written
