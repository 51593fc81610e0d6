"""Packages written to disk: canonical, whole or not at all."""

from dataclasses import replace
from pathlib import Path

import pytest

from courses.interfaces.packages import writer
from courses.interfaces.packages.errors import PackageError
from courses.interfaces.packages.format import format_package, main, uncanonical
from courses.interfaces.packages.reader import read_package
from courses.interfaces.packages.schema import ChecklistEntry, LessonEntry, PluginEntry
from courses.interfaces.packages.writer import render_package, write_package
from tests.courses.interfaces.packages.sample import CODECS, FILES, MONEY, QUIZ, write_sample


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def folder(tmp_path):
    return write_sample(tmp_path / "treasury")


def test_a_package_is_read_with_everything_in_it(folder):
    package = read_package(folder, CODECS)

    assert (package.id, package.languages, package.image) == ("T", ("ar", "fr"), "files/cover.jpg")
    assert [module.id for module in package.modules] == ["T-M1", "T-M2"]
    lesson, quiz, press, checklist = package.modules[0].activities
    assert isinstance(lesson, LessonEntry)
    assert isinstance(quiz, PluginEntry)
    assert isinstance(press, LessonEntry)
    assert isinstance(checklist, ChecklistEntry)
    assert (lesson.law_checked_to, press.law_checked_to) == ("2026-02-27", None)
    assert (lesson.secondary, press.secondary) == (False, True)
    assert [question.id for question in quiz.entry.questions] == [f"T-M1-Q{n}" for n in (1, 2, 3, 4)]
    assert checklist.items[0].deadline == {"ar": "شهر", "fr": "Un mois"}
    assert package.facts is not None
    assert package.facts.note == "Facts of a test.\n\n  Read in November 2026."
    assert sorted(package.files) == ["files/cover.jpg", "files/model.docx", "files/picture.png"]


def test_the_blocks_of_a_lesson_have_the_shape_of_a_stream_field(folder):
    lesson = read_package(folder, CODECS).modules[0].activities[0]
    assert isinstance(lesson, LessonEntry)

    values = [(block["type"], block["value"]) for block in lesson.body["fr"]]

    assert values == [
        (
            "paragraph",
            '<p>Une phrase <b>en gras</b>, <i>en italique</i> et <a href="https://example.org/">un lien</a>.</p>'
            "<ul><li>une liste</li><li>de deux</li></ul><p>Une suite.</p>",
        ),
        ("heading", {"text": "Un titre", "level": "h2"}),
        ("heading", {"text": "Un sous-titre", "level": "h3"}),
        ("callout", {"kind": "remember", "title": "", "body": "<p>À retenir.</p>"}),
        (
            "callout",
            {"kind": "attention", "title": "Le piège", "body": "<p>Un premier point.</p><p>Un second.</p>"},
        ),
        ("steps", {"steps": ["<p>D'abord.</p>", "<p>Ensuite.</p>"]}),
        ("table", {"header": ["Registre", "Contenu"], "rows": [["Membres", "Noms"]]}),
        (
            "law",
            {
                "text": "Décret-loi n° 2011-88",
                "article": "Art. 38",
                "source": "https://example.org/loi",
                "rule": "<p>La règle en clair.</p>",
                "facts": ["F-1"],
                "official_ar": "",
            },
        ),
        ("image", {"image": "files/picture.png", "alt": "Un registre ouvert"}),
        ("document", {"file": "files/model.docx", "title": "Modèle"}),
    ]
    # The ids are the same in all languages and at every reading.
    assert [block["id"] for block in lesson.body["fr"]] == [block["id"] for block in lesson.body["ar"]]
    assert lesson.body["fr"][0]["id"] == "286e173b-b569-5f42-9cfa-cefb457c4177"


def test_what_was_read_is_written_as_the_same_bytes(folder, tmp_path):
    write_package(read_package(folder, CODECS), tmp_path / "again", CODECS)

    assert contents(tmp_path / "again") == contents(folder)


def test_writing_replaces_the_package_and_leaves_nothing_beside_it(folder, tmp_path):
    package = read_package(folder, CODECS)
    (folder / "modules/01-money/old.yaml").write_text("left over")

    write_package(replace(package, slug="renamed"), folder, CODECS)

    assert read_package(folder, CODECS).slug == "renamed"
    assert sorted(contents(folder)) == sorted(FILES)
    assert [path.name for path in tmp_path.iterdir()] == ["treasury"]


def test_a_folder_that_is_no_package_is_left_alone(folder, tmp_path):
    package = read_package(folder, CODECS)
    home = tmp_path / "home"
    home.mkdir()
    (home / "diary.txt").write_text("mine")

    with pytest.raises(FileExistsError):
        write_package(package, home, CODECS)

    assert contents(home) == {"diary.txt": b"mine"}


def test_a_package_that_breaks_a_rule_is_not_written(folder, tmp_path):
    package = read_package(folder, CODECS)
    before = contents(folder)

    with pytest.raises(PackageError) as caught:
        write_package(replace(package, title={"fr": "Sans arabe"}), folder, CODECS)

    assert [str(problem) for problem in caught.value.problems] == [
        "course.yaml:11: 'title' is missing in 'ar'"
    ]
    assert contents(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["treasury"]


def test_a_failure_while_swapping_keeps_the_former_package(folder, tmp_path, monkeypatch):
    package = read_package(folder, CODECS)
    before = contents(folder)
    rename = Path.rename

    def failing(self, target):
        if ".new-" in self.name:
            raise OSError("disk full")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(OSError, match="disk full"):
        write_package(replace(package, slug="renamed"), folder, CODECS)

    assert contents(folder) == before


def test_a_failure_while_writing_keeps_the_former_package(folder, tmp_path, monkeypatch):
    package = read_package(folder, CODECS)
    before = contents(folder)

    def failing(path, codecs):
        raise OSError("disk full")

    monkeypatch.setattr(writer, "read_package", failing)
    with pytest.raises(OSError, match="disk full"):
        write_package(replace(package, slug="renamed"), folder, CODECS)

    assert contents(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["treasury"]


def test_an_activity_without_codec_cannot_be_rendered(folder):
    package = read_package(folder, CODECS)

    with pytest.raises(PackageError) as caught:
        render_package(package, {})

    assert [str(problem) for problem in caught.value.problems] == [
        "modules/01-money/quiz.yaml: no installed plugin writes the activity 'quiz'",
        "modules/02-papers/quiz-2.yaml: no installed plugin writes the activity 'quiz-2'",
        "modules/02-papers/quiz.yaml: no installed plugin writes the activity 'quiz'",
    ]


def test_a_block_that_cannot_be_written_is_named(folder):
    package = read_package(folder, CODECS)
    first = package.modules[0]
    lesson = first.activities[0]
    assert isinstance(lesson, LessonEntry)
    linked = {**lesson.body["fr"][0], "value": '<p><a linktype="page" id="3">page</a></p>'}
    changed = replace(lesson, body={**lesson.body, "fr": (linked, *lesson.body["fr"][1:])})
    modules = (replace(first, activities=(changed, *first.activities[1:])), package.modules[1])

    with pytest.raises(PackageError) as caught:
        render_package(replace(package, modules=modules), CODECS)

    assert [str(problem) for problem in caught.value.problems] == [
        "modules/01-money/lessons/01-threshold.fr.md: block 1: a link to a page of the site cannot be written"
    ]


HAND_WRITTEN = {
    # Another order of keys, flow mappings, quotes, a comment, Windows line ends and no final line end.
    f"{MONEY}/quiz.yaml": "# by hand\nslug: 'quiz'\n"
    + QUIZ.replace("slug: quiz\n", "").replace(
        "title:\n  ar: اختبار\n  fr: Quiz\n", "title: {fr: Quiz, ar: اختبار}\n"
    ),
    f"{MONEY}/lessons/02-press.fr.md": FILES[f"{MONEY}/lessons/02-press.fr.md"]
    .replace("Selon la presse, à vérifier.\n", "Selon la presse,\nà __vérifier__.\n\n\n* un\n\n* deux")
    .replace("\n", "\r\n"),
    f"{MONEY}/lessons/02-press.ar.md": FILES[f"{MONEY}/lessons/02-press.ar.md"] + "\n- واحد\n- اثنان\n",
}


def test_formatting_makes_hand_written_files_canonical_and_keeps_their_meaning(tmp_path):
    folder = write_sample(tmp_path / "treasury", HAND_WRITTEN)
    before = read_package(folder, CODECS)

    changed = format_package(folder, CODECS)

    assert changed == [f"{MONEY}/lessons/02-press.fr.md", f"{MONEY}/quiz.yaml"]
    assert read_package(folder, CODECS) == before
    assert uncanonical(folder, CODECS) == {}
    written = contents(folder)
    assert written[f"{MONEY}/quiz.yaml"] == QUIZ.encode()
    assert (
        written[f"{MONEY}/lessons/02-press.fr.md"]
        .decode()
        .endswith("---\n\nSelon la presse, à **vérifier**.\n\n- un\n- deux\n")
    )


def test_the_format_command_checks_and_rewrites(tmp_path, capsys):
    folder = write_sample(tmp_path / "treasury", HAND_WRITTEN)
    arguments = [str(folder), "--codec", "courses.quizzes.interfaces.package:QuizCodec"]

    assert main([*arguments, "--check"]) == 1
    assert capsys.readouterr().out == (
        f"{MONEY}/lessons/02-press.fr.md: not in canonical form\n{MONEY}/quiz.yaml: not in canonical form\n"
    )
    assert main(arguments) == 0
    assert main([*arguments, "--check"]) == 0


def test_the_format_command_writes_nothing_into_a_broken_package(tmp_path, capsys):
    folder = write_sample(tmp_path / "treasury", {**HAND_WRITTEN, "facts.yaml": "checked_to: 2026-02\n"})
    before = contents(folder)

    assert main([str(folder), "--codec", "courses.quizzes.interfaces.package:QuizCodec"]) == 1

    assert "facts.yaml:1: 'facts' is missing" in capsys.readouterr().err
    assert contents(folder) == before
