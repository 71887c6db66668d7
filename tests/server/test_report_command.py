"""``patchmap report``: files in a folder, whole or not at all, with exit codes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from server.cli import patchmap
from server.papers import files as paper_files
from server.papers.pdf import MISSING, PdfNotPossible

ENDINGS = [".pdf", ".docx", "-map.svg", "-map.png", "-visits.csv", "-commitment.csv", ".gpkg"]
NAME = "panel-2024-01-01-to-2024-12-31"
PERIOD = ("--from", "2024-01-01", "--to", "2024-12-31")
COMMAND = Path(sys.executable).with_name("patchmap")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(patchmap, ["report", *map(str, arguments)])


def command(out: Path, workspace: Path, seed: int) -> subprocess.Popen[str]:
    """The installed command in a process of its own."""
    environment = os.environ | {"PYTHONHASHSEED": str(seed)}
    arguments = [COMMAND, "report", "panel", *PERIOD, "--out", out, "--workspace", workspace]
    return subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, demo_path: Path) -> Path:
    """A folder with the files of a paper, made by the installed command."""
    out = tmp_path_factory.mktemp("papers") / "made" / "here"
    done = command(out, demo_path, seed=1)
    said, complaints = done.communicate(timeout=300)
    assert (done.returncode, complaints) == (0, "")
    assert said.splitlines()[:-1] == [str(out / f"{NAME}{ending}") for ending in ENDINGS]
    assert "47 stops, January 2024 to December 2024." in said
    return out


def test_every_file_is_written_and_nothing_else(whole: Path) -> None:
    assert {path.name for path in whole.iterdir()} == {f"{NAME}{ending}" for ending in ENDINGS}
    assert all(path.stat().st_size > 1000 for path in whole.iterdir())


def test_a_killed_process_leaves_each_file_as_it_was_or_whole(
    whole: Path, demo_path: Path, tmp_path: Path
) -> None:
    """And one that goes on makes the same bytes in another process."""
    for ending in ENDINGS:
        (tmp_path / f"{NAME}{ending}").write_text("of old")
    killed = command(tmp_path, demo_path, seed=2)
    first = tmp_path / f"{NAME}.pdf"
    while first.read_bytes() == b"of old" and killed.poll() is None:
        time.sleep(0.02)
    killed.send_signal(signal.SIGKILL)
    killed.communicate(timeout=60)
    for ending in ENDINGS:
        content = (tmp_path / f"{NAME}{ending}").read_bytes()
        assert content in (b"of old", (whole / f"{NAME}{ending}").read_bytes())
    again = command(tmp_path, demo_path, seed=3)
    again.communicate(timeout=300)
    assert again.returncode == 0
    for ending in ENDINGS:
        name = f"{NAME}{ending}"
        assert (tmp_path / name).read_bytes() == (whole / name).read_bytes(), name


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("panel", *PERIOD), "--out"),
        (("panel", "--from", "2024", "--out", "x"), "--to"),
        (("panel", "--from", "never", "--to", "2024", "--out", "x"), "never"),
        (("panel", "--from", "2024", "--to", "2023", "--out", "x"), "must end on or after"),
        (("panel", *PERIOD, "--since", "lately", "--out", "x"), "lately"),
        (("annual", *PERIOD, "--out", "x"), "1 April to 31 March"),
        (
            ("annual", "--from", "2024-04", "--to", "2025-03", "--since", "2024", "--out", "x"),
            "since",
        ),
        (("panel", *PERIOD, "--out", "a-file"), "a-file is a file"),
        (("panel", *PERIOD, "--out", "a-file/below"), "a-file is a file"),
        (("weekly", *PERIOD, "--out", "x"), "weekly"),
    ],
)
def test_what_cannot_be_done_is_said_and_exits_2(
    tmp_path: Path,
    demo_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    word: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a-file").write_text("")
    run_as_shell = subprocess.run(
        [COMMAND, "report", *arguments, "--workspace", demo_path],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run_as_shell.returncode == 2
    assert word in run_as_shell.stderr
    assert "Traceback" not in run_as_shell.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["a-file"]


def test_a_workspace_that_is_not_there_is_said(tmp_path: Path) -> None:
    done = run("panel", *PERIOD, "--out", tmp_path / "x", "--workspace", tmp_path / "gone")
    assert done.exit_code == 2
    assert "there is none at" in done.output


def test_without_pango_the_other_files_come_and_the_exit_code_is_1(
    tmp_path: Path, demo_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(_: object) -> bytes:
        raise PdfNotPossible(MISSING)

    pdf = paper_files.FILES["paper.pdf"]
    fewer = {
        "paper.pdf": paper_files.PaperFile(pdf.ending, pdf.label, pdf.mimetype, missing),
        "visits.csv": paper_files.FILES["visits.csv"],
    }
    monkeypatch.setattr(paper_files, "FILES", fewer)
    done = run("panel", *PERIOD, "--out", tmp_path, "--workspace", demo_path, "--json")
    assert done.exit_code == 1
    result = json.loads(done.stdout)
    assert (result["paper"], result["missing"]) == (NAME, [MISSING])
    assert result["files"] == [str(tmp_path / f"{NAME}-visits.csv")]
    assert f"patchmap: {MISSING}" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == [f"{NAME}-visits.csv"]


def test_the_annual_paper_is_written_and_staff_are_told_for_whom_it_is(
    tmp_path: Path, demo_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    only = {"map.svg": paper_files.FILES["map.svg"]}
    monkeypatch.setattr(paper_files, "FILES", only)
    year = ("--from", "2024-04-01", "--to", "2025-03-31")
    done = run("annual", *year, "--staff", "--out", tmp_path, "--workspace", demo_path)
    assert done.exit_code == 0, done.output
    (file,) = tmp_path.iterdir()
    assert file.name == "annual-staff-2024-04-01-to-2025-03-31-map.svg"
    assert "Staff view: not for publication." in file.read_text()
    assert "financial year 2024-25" in done.output
