"""What was imported is exported again, byte for byte."""

import pytest
from django.utils import timezone

from courses.interfaces.packages.errors import PackageError
from courses.interfaces.packages.exporter import export_course
from courses.interfaces.packages.importer import import_package
from courses.interfaces.packages.reader import read_package
from courses.interfaces.packages.writer import render_package, write_package
from courses.models import CoursePage, LessonPage, ModulePage
from tests.courses.interfaces.packages.trees import (
    SHIPPED,
    bring,
    content,
    page,
)
from tests.factories.courses import make_course

# Round trip


@pytest.mark.usefixtures("catalogues")
def test_what_was_imported_is_exported_as_the_same_bytes(folder, tmp_path):
    bring(folder)

    write_package(export_course("T"), tmp_path / "out")

    assert content(tmp_path / "out") == content(folder)
    assert bring(tmp_path / "out").changed is False


@pytest.mark.usefixtures("catalogues")
def test_the_shipped_course_is_exported_as_the_same_bytes():
    package = read_package(SHIPPED)
    report = import_package(package, at=timezone.now())

    rendered = render_package(export_course("JUR"))

    assert (report.updated, report.unpublished) == ([], [])
    assert {path: content.decode() for path, content in rendered.items()} == {
        path.relative_to(SHIPPED).as_posix(): path.read_text()
        for path in SHIPPED.rglob("*")
        if path.is_file()
    }


def test_a_course_made_on_the_site_is_exported_with_its_keys_as_ids(site, tmp_path):
    tree = make_course(site, summary="Résumé", audience="Public")
    for model in (CoursePage, ModulePage):
        for found in model.objects.all():
            found.summary = "Résumé"
            found.save()
    CoursePage.objects.update(objectives=[{"type": "objective", "value": "Savoir", "id": str(tree.key)}])

    write_package(export_course(str(tree.key)), tmp_path / "out")
    package = read_package(tmp_path / "out")
    report = import_package(package, at=timezone.now())

    assert package.id == str(tree.key)
    assert package.source_language == "fr"
    assert report.created == []
    assert render_package(export_course(str(tree.key))) == render_package(package)


@pytest.mark.usefixtures("catalogues")
def test_an_export_tells_what_the_format_cannot_hold(folder):
    bring(folder)
    lesson = page(LessonPage, "T-M1-L1")
    lesson.body[0] = ("paragraph", '<p><a linktype="page" id="1">ici</a></p>')
    lesson.save()
    page(LessonPage, "T-M1-L2", "ar").unpublish()

    with pytest.raises(PackageError) as caught:
        export_course("T")

    assert [str(problem) for problem in caught.value.problems] == [
        "modules/01-money/module.yaml: the page 'La presse' is not published in 'ar'",
    ]
