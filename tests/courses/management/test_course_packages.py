"""The commands that import and export courses."""

import pytest
from django.core.management import call_command

from tests.courses.interfaces.packages.sample import MODULE_1, MODULE_2, MONEY
from tests.courses.interfaces.packages.trees import (
    content,
    nothing_written,
)


@pytest.mark.usefixtures("catalogues")
@pytest.mark.needs_plugin("courses.quizzes")
def test_the_commands_import_and_export(folder, tmp_path, capsys):
    call_command("import_course", str(folder), "--dry-run")
    call_command("import_course", str(folder))
    call_command("export_course", "T", str(tmp_path / "out"))

    out = capsys.readouterr().out.splitlines()
    assert out == [
        "T: pages 18 created, 0 updated, 0 moved, 0 unpublished, 0 unchanged (nothing was written)",
        "T: pages 18 created, 0 updated, 0 moved, 0 unpublished, 0 unchanged",
        f"T was written to {tmp_path / 'out'}",
    ]
    assert content(tmp_path / "out") == content(folder)


@pytest.mark.usefixtures("catalogues")
def test_the_import_command_refuses_a_broken_package_with_file_line_and_reason(folder, capsys):
    (folder / f"{MONEY}/module.yaml").write_text(MODULE_1.replace("slug: money", "slug: Money"))
    (folder / "modules/02-papers/module.yaml").write_text(MODULE_2.replace("id: T-M2", "id: T-M1"))

    with pytest.raises(SystemExit) as caught:
        call_command("import_course", str(folder))

    assert caught.value.code == 1
    assert capsys.readouterr().err.splitlines()[0] == (
        "course.yaml:23: '01-money' must be called '01-Money', after its position and slug"
    )
    assert nothing_written()


def test_the_export_command_says_that_there_is_no_such_course(site, capsys, tmp_path):
    from django.core.management.base import CommandError

    with pytest.raises(CommandError) as caught:
        call_command("export_course", "NO", str(tmp_path))

    assert str(caught.value) == "There is no published course 'NO'."
