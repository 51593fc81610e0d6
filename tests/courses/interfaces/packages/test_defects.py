"""Every defect of a package is refused with its file, its line and the reason."""

import os

import pytest

from courses.interfaces.packages import layout
from courses.interfaces.packages.errors import PackageError
from courses.interfaces.packages.reader import read_package
from tests.courses.interfaces.packages.sample import CODECS, FILES, MONEY, write_sample

FR = f"{MONEY}/lessons/01-threshold.fr.md"
AR = f"{MONEY}/lessons/01-threshold.ar.md"
PRESS = f"{MONEY}/lessons/02-press.fr.md"
MODULE = f"{MONEY}/module.yaml"
QUIZ = f"{MONEY}/quiz.yaml"
CHECK = f"{MONEY}/checklist.yaml"


def problems_of(folder, codecs=CODECS):
    with pytest.raises(PackageError) as caught:
        read_package(folder, codecs)
    return [str(problem) for problem in caught.value.problems]


def broken(tmp_path, path, old, new):
    """The problems after replacing the first `old` in a file by `new`."""
    content = FILES[path]
    assert isinstance(content, str)
    assert old in content
    return problems_of(write_sample(tmp_path, {path: content.replace(old, new, 1)}))


# file, what stands there, what stands there instead, the one problem
DEFECTS = [
    # YAML
    ("course.yaml", "slug: treasury", "slug: a\nslug: b", "course.yaml:3: the key 'slug' stands here twice (first on line 2)"),
    ("course.yaml", "slug: treasury", "slug: &x treasury", "course.yaml:2: anchors (&x) are not allowed"),
    ("course.yaml", "slug: treasury", "slug: *x", "course.yaml:2: aliases (*x) are not allowed"),
    ("course.yaml", "slug: treasury", "slug: !!str treasury", "course.yaml:2: tags (tag:yaml.org,2002:str) are not allowed"),
    ("course.yaml", "slug: treasury", "slug: !!python/name:os.system x", "course.yaml:2: tags (tag:yaml.org,2002:python/name:os.system) are not allowed"),
    ("course.yaml", "slug: treasury", "? [a]\n: b\nslug: treasury", "course.yaml:2: a key must be a single word"),
    ("course.yaml", "slug: treasury", "slug: " + "[" * 30 + "]" * 30, "course.yaml:2: more than 20 levels are nested here"),
    ("course.yaml", "slug: treasury", "slug: a: b", "course.yaml:2: this is not valid YAML: mapping values are not allowed here"),
    ("course.yaml", "slug: treasury", "slug: tre\x07asury", "course.yaml:2: character U+0007 is not allowed"),
    ("course.yaml", "slug: treasury", "slug: treasury\n---\nid: x", "course.yaml:3: this is not valid YAML: expected a single document in the stream but found another document"),
    # course.yaml
    ("course.yaml", "id: T\n", "", "course.yaml:1: 'id' is missing"),
    ("course.yaml", "id: T\n", "id:\n", "course.yaml:1: 'id' is empty"),
    ("course.yaml", "id: T\n", "id: a b\n", "course.yaml:1: 'a b' is not a valid id (letters, digits, dots and hyphens, at most 64)"),
    ("course.yaml", "slug: treasury", "slug: Trésor", "course.yaml:2: 'Trésor' is not a valid slug (lower-case letters, digits, hyphens, at most 80)"),
    ("course.yaml", "slug: treasury", "slug: 2026", "course.yaml:2: 'slug' must be text: put 2026 between quotes"),
    ("course.yaml", "slug: treasury", "slug: [treasury]", "course.yaml:2: 'slug' must be text"),
    ("course.yaml", "source_language: fr", "source_language: en", "course.yaml:4: 'source_language' is 'en', but must be one of: ar, fr"),
    ("course.yaml", "theme: legal", "theme: other", "course.yaml:5: 'theme' is 'other', but must be one of: legal, advocacy, fundraising"),
    ("course.yaml", "law_checked_to: 2026-02\n", "", "course.yaml:1: 'law_checked_to' is missing"),
    ("course.yaml", "law_checked_to: 2026-02", "law_checked_to: 2026-13", "course.yaml:7: 'law_checked_to' must be a month (2026-02) or a day (2026-02-28)"),
    ("course.yaml", "law_checked_to: 2026-02", "law_checked_to: 2026-03", "course.yaml:7: 'law_checked_to' is 2026-03, later than the facts were checked (2026-02)"),
    ("course.yaml", "sequential: false", "sequential: yes", "course.yaml:8: 'sequential' must be true or false"),
    ("course.yaml", "pass_rule: all_required", "pass_rule: any", "course.yaml:9: 'pass_rule' is 'any', but must be one of: all_required"),
    ("course.yaml", "  ar: الخزينة\n", "", "course.yaml:11: 'title' is missing in 'ar'"),
    ("course.yaml", "  ar: الخزينة\n", "  ar: الخزينة\n  en: Treasury\n", "course.yaml:13: 'title': 'en' is not a language of the course"),
    ("course.yaml", "  ar: الخزينة\n", '  ar: ""\n', "course.yaml:12: 'title' in 'ar' is empty"),
    ("course.yaml", "  ar: الخزينة\n", '  ar: "a\\nb"\n', "course.yaml:12: 'title' in 'ar' must be on one line"),
    ("course.yaml", "  - ar: مسك الدفاتر\n    fr", "  - fr", "course.yaml:21: 'objectives' 1 is missing in 'ar'"),
    ("course.yaml", "modules: [01-money, 02-papers]", "modules: [01-money, 02-papers]\ncolour: red", "course.yaml:24: unknown key 'colour'"),
    ("course.yaml", "  fr: La trésorerie\n", f"  fr: {'a' * 256}\n", "course.yaml:13: 'title' in 'fr' has 256 characters, but at most 255 are allowed"),
    ("course.yaml", "    fr: Tenir les registres", f"    fr: {'a' * 301}", "course.yaml:22: 'objectives' 1 in 'fr' has 301 characters, but at most 300 are allowed"),
    # facts.yaml
    ("facts.yaml", "    source: Guide\n", "", "facts.yaml:10: 'source' is missing"),
    # Modules
    (MODULE, "id: T-M1\n", "id: T\n", f"{MODULE}:1: the id 'T' is used twice in the package (first in course.yaml:1)"),
    (MODULE, "checklist]", "checklist, ../../secret]", f"{MODULE}:9: '../../secret' is not an activity (such as lessons/01-scope, quiz or checklist)"),
    (MODULE, "checklist]", "checklist, /etc/passwd]", f"{MODULE}:9: '/etc/passwd' is not an activity (such as lessons/01-scope, quiz or checklist)"),
    (MODULE, "checklist]", "checklist, lessons/../x]", f"{MODULE}:9: 'lessons/../x' is not an activity (such as lessons/01-scope, quiz or checklist)"),
    (MODULE, "checklist]", "checklist, survey]", f"{MODULE}:9: no installed plugin reads the activity 'survey'"),
    # Lessons: front matter
    (FR, "---\nid", "id", f"{FR}:1: a lesson begins with its front matter between two lines '---'"),
    (FR, "title: Le seuil\n", "", f"{FR}:2: 'title' is missing"),
    (FR, "title: Le seuil", "title: Le seuil : 500", f"{FR}:4: this is not valid YAML: mapping values are not allowed here"),
    (FR, "minutes: 6", "minutes: 7", f"{FR}:5: 'minutes' differs from 01-threshold.ar.md:5"),
    (FR, "facts: [F-1, F-2]", "facts: [F-1]", f"{FR}:8: 'facts' differs from 01-threshold.ar.md:8"),
    (FR, "id: T-M1-L1", "id: T-M1-L9", f"{FR}:2: 'id' differs from 01-threshold.ar.md:2"),
    # Lessons: Markdown
    (FR, "Une suite.", "Une <b>suite</b>.", f"{FR}:16: raw HTML is not allowed: <b>"),
    (FR, "Une suite.", "Une\nautre\nsuite <br> ici.", f"{FR}:18: raw HTML is not allowed: <br>"),
    (FR, "Une suite.", "<div>suite</div>", f"{FR}:16: raw HTML is not allowed"),
    (FR, "Une suite.", "Une `suite`.", f"{FR}:16: code (between `) is not part of the format"),
    (FR, "Une suite.", "```\nsuite\n```", f"{FR}:16: code is not part of the format"),
    (FR, "Une suite.", "> suite", f"{FR}:16: quotations (>) are not part of the format"),
    (FR, "Une suite.", "***", f"{FR}:16: a rule (---) is not part of the format"),
    (FR, "## Un titre", "# Un titre", f"{FR}:18: a heading begins with ## or ###"),
    (FR, "## Un titre", "Un titre\n---", f"{FR}:18: a heading begins with ## or ###"),
    (FR, "## Un titre", "## Un **titre**", f"{FR}:18: a heading is plain text, without formats or links"),
    (FR, "## Un titre", "##", f"{FR}:18: a heading is empty"),
    (FR, "https://example.org/)", "javascript:alert(1))", f"{FR}:11: the address 'javascript:alert(1)' is neither http(s), mailto nor relative"),
    (FR, "https://example.org/)", "//example.org/)", f"{FR}:11: the address '//example.org/' is neither http(s), mailto nor relative"),
    (FR, "https://example.org/)", "https://example.org/ 'titre')", f"{FR}:11: a link must not have a title"),
    (FR, "(https://example.org/)", "()", f"{FR}:11: a link has no address"),
    (FR, "[un lien]", "[]", f"{FR}:11: a link has no text"),
    (FR, "Une suite.", "[a]: https://a.tn", f"{FR}:16: write the address of a link beside its text: [text](address)"),
    (FR, "- de deux", "- de deux\n\n  paragraphes", f"{FR}:14: a list item holds more than one paragraph"),
    (FR, "- une liste\n- de deux", "3. une liste\n4. de deux", f"{FR}:13: a numbered list must begin at 1"),
    (FR, "::: remember", "::: warning", f"{FR}:22: unknown block 'warning' (there are: remember, attention, example, steps, law, document)"),
    (FR, "À retenir.\n:::", "À retenir.", f"{FR}:22: the block '::: remember' is not closed by a line ':::'"),
    (FR, "À retenir.", "", f"{FR}:22: this block is empty"),
    (FR, "À retenir.", "## Titre", f"{FR}:23: a heading cannot stand here"),
    (FR, "1. D'abord.\n2. Ensuite.", "- D'abord.\n- Ensuite.", f"{FR}:32: a 'steps' block holds one numbered list and nothing else"),
    (FR, "::: steps", "::: steps Titre", f"{FR}:32: a 'steps' block has no title"),
    (FR, "| Membres | Noms |", "| Membres | Noms | Âge |", f"{FR}:39: this row has 3 cells, the header of the table has 2"),
    (FR, "| Membres | Noms |", "| Membres |", f"{FR}:39: this row has 1 cells, the header of the table has 2"),
    (FR, "| --- | --- |", "| --- | :-: |", f"{FR}:37: columns of a table have no alignment (write ---)"),
    (FR, "| Membres | Noms |\n", "", f"{FR}:37: a table needs at least one row under its header"),
    (FR, "article: Art. 38\n", "", f"{FR}:42: 'article' is missing"),
    (FR, "source: https://example.org/loi", "source: JORT", f"{FR}:44: 'source' must be a web address (https://…)"),
    (FR, "facts: [F-1]\n", "facts: [F-9]\n", f"{FR}:45: there is no fact 'F-9' in facts.yaml"),
    (FR, "facts: [F-1]\n", "facts: [F-3]\n", f"{FR}:45: the fact 'F-3' is marked S: only facts marked L or M may be used here"),
    (FR, "La règle en clair.\n", "", f"{FR}:41: this block is empty"),
    (FR, "![Un registre ouvert]", "![]", f"{FR}:50: an image needs an alternative text: ![what it shows](file)"),
    (FR, "![Un registre", "Voir ![Un registre", f"{FR}:50: an image must stand alone between empty lines"),
    (FR, "title: Modèle\n", "", f"{FR}:53: 'title' is missing"),
    (FR, "title: Modèle\n", "title: Modèle\n\nTexte\n", f"{FR}:56: a 'document' block holds only its keys"),
    (FR, "Une suite.", "Une\u2028suite.", f"{FR}:16: the character U+2028 is not allowed"),
    # The languages of a lesson compared
    (FR, "### Un sous-titre", "## Un sous-titre", f"{FR}:20: a 'heading' (h2) stands here, but a 'heading' (h3) in 01-threshold.ar.md:18"),
    (FR, "- de deux", "- de\n- trois", f"{FR}:11: a 'paragraph' (ul of 3 items) stands here, but a 'paragraph' (ul of 2 items) in 01-threshold.ar.md:11"),
    (FR, "2. Ensuite.", "2. Ensuite.\n3. Enfin.", f"{FR}:32: a 'steps' (3 steps) stands here, but a 'steps' (2 steps) in 01-threshold.ar.md:28"),
    (FR, "| Membres | Noms |", "| Membres | Noms |\n| a | b |", f"{FR}:37: a 'table' (2 rows, 2 columns) stands here, but a 'table' (1 row, 2 columns) in 01-threshold.ar.md:33"),
    (FR, "facts: [F-1]\n", "facts: [F-2]\n", f"{FR}:41: a 'law' (facts F-2) stands here, but a 'law' (facts F-1) in 01-threshold.ar.md:37"),
    (FR, "::: attention Le piège", "::: example Le piège", f"{FR}:26: a 'callout' (example, with a title) stands here, but a 'callout' (attention, with a title) in 01-threshold.ar.md:24"),
    (AR, "::: attention انتبهوا", "::: attention", f"{FR}:26: a 'callout' (attention, with a title) stands here, but a 'callout' (attention) in 01-threshold.ar.md:24"),
    (FR, "title: Modèle\n:::\n", "title: Modèle\n:::\n\n## Fin\n", f"{FR}:57: 01-threshold.ar.md has no block 11 (heading)"),
    (AR, "\n::: document\nfile: files/model.docx\ntitle: أنموذج\n:::\n", "", f"{FR}:52: 01-threshold.ar.md has no block 10 (document)"),
    (FR, "\n::: document\nfile: files/model.docx\ntitle: Modèle\n:::\n", "", f"{FR}:50: block 10 (document) of 01-threshold.ar.md:49 is missing after this block"),
    # Quizzes
    (QUIZ, "pass_mark: 70", "pass_mark: 101", f"{QUIZ}:4: 'pass_mark' is 101, but must be from 0 to 100"),
    (QUIZ, "pass_mark: 70", "pass_mark: -1", f"{QUIZ}:4: 'pass_mark' is -1, but must be from 0 to 100"),
    (QUIZ, "pass_mark: 70", "pass_mark: 070", f"{QUIZ}:4: 'pass_mark' must be a whole number"),
    (QUIZ, "max_attempts: 0", "max_attempts: some", f"{QUIZ}:5: 'max_attempts' must be a whole number"),
    (QUIZ, "id: T-M1-Q2", "id: T-M1-Q1", f"{QUIZ}:30: the id 'T-M1-Q1' is used twice in the package (first in {QUIZ}:15)"),
    (QUIZ, "type: numeric", "type: essay", f"{QUIZ}:16: 'type' is 'essay', but must be one of: single_choice, multiple_choice, true_false, numeric, short_text, matching, ordering, cloze, open_answer"),
    (QUIZ, "points: 2", "points: 0", f"{QUIZ}:32: 'points' is 0, but must be from 1 to 100"),
    (QUIZ, "facts: [F-1]", "facts: [F-3]", f"{QUIZ}:18: the fact 'F-3' is marked S: only facts marked L or M may be used here"),
    (QUIZ, "facts: [F-1]", "facts: [F-1, F-1]", f"{QUIZ}:18: the fact 'F-1' is named twice"),
    (QUIZ, "    answer: 500", "    answer: 0x1F", f"{QUIZ}:22: 'answer' must be a number such as 500 or 0.5"),
    (QUIZ, "tolerance: 0.5", "tolerance: -1", f"{QUIZ}:23: 'tolerance' is -1, but must be at least 0"),
    (QUIZ, "correct: true", "correct: false", f"{QUIZ}:40: 0 choices are right, but a single_choice has exactly one"),
    (QUIZ, "correct: false", "correct: true", f"{QUIZ}:40: 2 choices are right, but a single_choice has exactly one"),
    (QUIZ, "        correct: true\n        text:\n          ar: واحد", "        correct: false\n        text:\n          ar: واحد", f"{QUIZ}:64: a multiple_choice needs at least one right and one wrong choice"),
    (QUIZ, "        correct: false\n        text:\n          ar: اثنان", "        correct: true\n        text:\n          ar: اثنان", f"{QUIZ}:64: a multiple_choice needs at least one right and one wrong choice"),
    (QUIZ, "      - id: b", "      - id: a", f"{QUIZ}:49: two choices of this question have the id 'a'"),
    (QUIZ, "    answer: false", "    answer: maybe", f"{QUIZ}:82: 'answer' must be true or false"),
    (QUIZ, "          fr: Non\n", "", f"{QUIZ}:43: 'text' is missing in 'fr'"),
    (QUIZ, "    answer: false", "    answer: false\n    hint: x", f"{QUIZ}:83: unknown key 'hint'"),
    # Checklists
    (CHECK, "      fr: Voir le relevé\n", "", f"{CHECK}:18: 'if_unknown' is missing in 'fr'"),
    (CHECK, "facts: [F-1]", "facts: [F-3]", f"{CHECK}:11: the fact 'F-3' is marked S: only facts marked L or M may be used here"),
    (QUIZ, "tolerance: 0.5", "tolerance: 0.0000005", f"{QUIZ}:23: 'tolerance' has more than 6 decimals"),
    (QUIZ, "minutes: 8", "minutes: 0", f"{QUIZ}:6: 'minutes' is 0, but must be from 1 to 600"),
    (CHECK, "id: T-M1-C1", "id: T-M1-Q1", f"{CHECK}:10: the id 'T-M1-Q1' is used twice in the package (first in {QUIZ}:15)"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "old", "new", "problem"), DEFECTS)
def test_a_defect_is_the_only_problem_told(tmp_path, path, old, new, problem):
    assert broken(tmp_path, path, old, new) == [problem]


# Several problems, each told


def test_all_problems_of_a_package_are_told_at_once(tmp_path):
    folder = write_sample(
        tmp_path,
        {
            "course.yaml": str(FILES["course.yaml"]).replace("level: beginner", "level: hard"),
            QUIZ: str(FILES[QUIZ]).replace("pass_mark: 70", "pass_mark: 700"),
            FR: str(FILES[FR]).replace("Une suite.", "Une `suite`."),
        },
    )

    assert problems_of(folder) == [
        "course.yaml:6: 'level' is 'hard', but must be one of: beginner, intermediate, advanced",
        f"{FR}:16: code (between `) is not part of the format",
        f"{QUIZ}:4: 'pass_mark' is 700, but must be from 0 to 100",
    ]


def test_a_value_out_of_range_also_differs_from_the_other_language(tmp_path):
    assert broken(tmp_path, FR, "minutes: 6", "minutes: 0") == [
        f"{FR}:5: 'minutes' differs from 01-threshold.ar.md:5",
        f"{FR}:5: 'minutes' is 0, but must be from 1 to 240",
    ]


def test_a_fact_is_there_once(tmp_path):
    assert broken(tmp_path, "facts.yaml", "id: F-3", "id: F-1") == [
        "facts.yaml:14: there are two facts 'F-1'",
        f"{MONEY}/lessons/02-press.ar.md:7: there is no fact 'F-3' in facts.yaml",
        f"{PRESS}:7: there is no fact 'F-3' in facts.yaml",
    ]


def test_a_fact_has_a_known_confidence(tmp_path):
    assert broken(tmp_path, "facts.yaml", "confidence: S", "confidence: X") == [
        "facts.yaml:15: 'confidence' is 'X', but must be one of: L, M, S, G"
    ]


def test_the_image_of_the_course_is_in_the_package(tmp_path):
    assert broken(tmp_path, "course.yaml", "files/cover.jpg", "files/none.jpg") == [
        "course.yaml:10: there is no file 'files/none.jpg' in the package",
        "files/cover.jpg: this file is named nowhere in the package",
    ]


def test_an_image_of_a_lesson_is_in_the_package(tmp_path):
    assert broken(tmp_path, FR, "files/picture.png", "files/none.png") == [
        f"{FR}:50: there is no file 'files/none.png' in the package"
    ]


def test_a_lesson_on_secondary_sources_says_so(tmp_path):
    assert broken(tmp_path, PRESS, "secondary: true\n", "") == [
        f"{PRESS}:2: 'secondary' differs from 02-press.ar.md:8",
        f"{PRESS}:7: the fact 'F-3' is marked S: only facts marked L or M may be used here",
    ]


def test_a_container_is_not_indented(tmp_path):
    assert broken(tmp_path, FR, "::: remember", " ::: remember") == [
        f"{FR}:22: ':::' here must begin the line and be followed by the kind of block",
        f"{FR}:24: ':::' here must begin the line and be followed by the kind of block",
    ]


def test_files_that_nothing_names_are_told(tmp_path):
    assert broken(
        tmp_path,
        MODULE,
        "activities: [lessons/01-threshold, quiz, lessons/02-press, checklist]",
        "activities: []",
    ) == [
        "files/model.docx: this file is named nowhere in the package",
        "files/picture.png: this file is named nowhere in the package",
        f"{CHECK}: this file is named nowhere in the package",
        f"{AR}: this file is named nowhere in the package",
        f"{FR}: this file is named nowhere in the package",
        f"{MONEY}/lessons/02-press.ar.md: this file is named nowhere in the package",
        f"{PRESS}: this file is named nowhere in the package",
        f"{MODULE}:9: a module has at least one activity",
        f"{QUIZ}: this file is named nowhere in the package",
    ]


@pytest.mark.parametrize(
    "path",
    [
        "../secret.png",
        "/etc/secret.png",
        "files/../../secret.png",
        "files/.hidden.png",
        "files/a.svg",
        "a.png",
    ],
)
def test_an_image_lies_under_files(tmp_path, path):
    problems = broken(tmp_path, "course.yaml", "files/cover.jpg", path)

    assert problems == [
        f"course.yaml:10: '{path}' must be a path such as files/name, of type gif, jpeg, jpg, png, webp",
        "files/cover.jpg: this file is named nowhere in the package",
    ]


# Names after position and slug


def test_a_lesson_is_called_after_its_position_and_slug(tmp_path):
    assert broken(tmp_path, MODULE, "lessons/01-threshold, quiz, lessons/02-press", "lessons/02-press, quiz, lessons/01-threshold") == [
        f"{MODULE}:9: '01-threshold' must be called '02-threshold', after its position and slug",
        f"{MODULE}:9: '02-press' must be called '01-press', after its position and slug",
    ]  # fmt: skip


def test_a_module_is_called_after_its_position_and_slug(tmp_path):
    assert broken(tmp_path, "course.yaml", "[01-money, 02-papers]", "[02-papers, 01-money]") == [
        "course.yaml:23: '01-money' must be called '02-money', after its position and slug",
        "course.yaml:23: '02-papers' must be called '01-papers', after its position and slug",
    ]


def test_quizzes_of_a_module_are_numbered_in_order(tmp_path):
    path = "modules/02-papers/module.yaml"
    assert broken(tmp_path, path, "[quiz, quiz-2]", "[quiz-2, quiz]") == [
        f"{path}:11: 'quiz' must be called 'quiz-2' here",
        f"{path}:11: 'quiz-2' must be called 'quiz' here",
    ]


def test_activities_of_a_module_have_different_slugs(tmp_path):
    assert broken(tmp_path, "modules/02-papers/quiz-2.yaml", "slug: quiz-2", "slug: quiz-1") == [
        "modules/02-papers/module.yaml:11: two activities of this module have the slug 'quiz-1'"
    ]


# Files


def test_a_missing_language_of_a_lesson_is_told(tmp_path):
    assert problems_of(write_sample(tmp_path, {PRESS: None})) == [f"{PRESS}: this file is missing"]


def test_a_folder_without_course_is_refused(tmp_path):
    assert problems_of(tmp_path) == ["course.yaml: this file is missing"]
    assert problems_of(tmp_path / "none") == [f".: there is no folder '{tmp_path / 'none'}'"]


def test_facts_may_only_be_cited_where_there_are_some(tmp_path):
    problems = problems_of(write_sample(tmp_path, {"facts.yaml": None}))

    assert f"{QUIZ}:18: there is no fact 'F-1' in facts.yaml" in problems
    assert all("there is no fact" in problem for problem in problems)


def test_a_lesson_without_text_is_refused(tmp_path):
    assert broken(tmp_path, PRESS, "Selon la presse, à vérifier.", "") == [f"{PRESS}:10: the lesson is empty"]


def test_text_that_is_not_utf_8_is_refused_with_its_line(tmp_path):
    content = str(FILES[QUIZ]).encode().replace(b"Combien", "Énième".encode("latin-1"))

    assert problems_of(write_sample(tmp_path, {QUIZ: content})) == [f"{QUIZ}:21: this line is not UTF-8"]


def test_windows_line_ends_and_a_byte_order_mark_are_tolerated(tmp_path):
    content = "\ufeff" + str(FILES[FR]).replace("\n", "\r\n")

    package = read_package(write_sample(tmp_path, {FR: content}), CODECS)

    assert package.modules[0].activities[0].title["fr"] == "Le seuil"


def test_symbolic_links_are_refused_wherever_they_lead(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    folder = write_sample(tmp_path / "package", {"files/picture.png": None, "facts.yaml": None})
    (folder / "files/picture.png").symlink_to(secret)
    (folder / "facts.yaml").symlink_to("course.yaml")
    (folder / "modules/03-more").symlink_to("/etc")

    problems = problems_of(folder)

    assert [problem for problem in problems if "link" in problem] == [
        "facts.yaml: a symbolic link is not allowed in a package",
        "files/picture.png: a symbolic link is not allowed in a package",
        "modules/03-more: a symbolic link is not allowed in a package",
    ]


def test_special_files_are_refused(tmp_path):
    folder = write_sample(tmp_path, {"files/cover.jpg": None})
    os.mkfifo(folder / "files/cover.jpg")

    assert problems_of(folder) == ["files/cover.jpg: this is not a regular file"]


def test_large_files_are_refused_unread(tmp_path, monkeypatch):
    monkeypatch.setattr(layout, "MAX_TEXT_BYTES", 3_000)
    monkeypatch.setattr(layout, "MAX_FILE_BYTES", 10)
    folder = write_sample(
        tmp_path, {"files/cover.jpg": b"x" * 11, "files/picture.png": b"x", "files/model.docx": b"x"}
    )
    with (folder / QUIZ).open("a") as quiz:
        quiz.write("#" * 3_000)

    assert problems_of(folder) == [
        "files/cover.jpg: this file is larger than 10 bytes",
        f"{QUIZ}: this file is larger than 3000 bytes",
    ]


def test_a_package_of_too_many_files_or_bytes_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(layout, "MAX_FILES", 14)
    monkeypatch.setattr(layout, "MAX_PACKAGE_BYTES", 100)

    problems = problems_of(write_sample(tmp_path))

    assert problems[:2] == [
        ".: the package holds more than 14 files",
        ".: the package is larger than 100 bytes",
    ]


def test_names_that_begin_with_a_dot_are_ignored(tmp_path):
    folder = write_sample(tmp_path, {".DS_Store": b"\0", "modules/.git/config": b"x"})

    assert read_package(folder, CODECS).id == "T"
