"""``patchmap boundaries add postcodes``: exit 0, 1 or 2, every row accounted for."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from boundaries.postcodes import load_postcodes
from server import cli

HEADER = "pcds,doterm,east1m,north1m"
GOOD = ("LE1 1AA,,458700,304500", "LE1 1AB,,458800,304500", "LE1 9ZZ,199606,458700,304500")

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Adds postcodes as the shell does, in an empty folder; answers code, stdout and stderr."""
    monkeypatch.delenv("PATCHMAP_WORKSPACE", raising=False)
    monkeypatch.delenv("PATCHMAP_DATABASE_URL", raising=False)
    monkeypatch.chdir(tmp_path)

    def running(*arguments: str) -> tuple[int, str, str]:
        command = ["patchmap", "boundaries", "add", "postcodes", *arguments]
        monkeypatch.setattr(sys, "argv", command)
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return running


def write(name: str, *rows: str) -> str:
    Path(name).write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return name


def held(folder: str = "workspace") -> list[str]:
    postcodes = load_postcodes(Path(folder))
    return [] if postcodes is None else postcodes["postcode"].tolist()


def test_all_well_is_exit_0_with_the_account_and_the_lines_to_show(run: Run) -> None:
    code, out, err = run(write("NSPL_MAY_2025_UK.csv", *GOOD))
    assert (code, err) == (0, "")
    assert "NSPL_MAY_2025_UK.csv: 3 rows." in out
    assert "2 postcodes taken" in out
    assert "1 no longer in use" in out
    assert "Contains Royal Mail data © Royal Mail copyright and database right 2025" in out
    assert held() == ["LE1 1AA", "LE1 1AB"]


def test_an_unusable_row_is_exit_1_and_named_and_the_rest_are_taken(run: Run) -> None:
    code, out, _ = run(write("ours.csv", *GOOD, "LE1,,458700,304500"), "--workspace", "mine")
    assert code == 1
    assert "ours.csv, row 5: the postcode cannot be read." in out
    assert held("mine") == ["LE1 1AA", "LE1 1AB"]
    assert not Path("workspace").exists()


def test_json_is_the_account_and_nothing_else(run: Run) -> None:
    code, out, _ = run(write("ours.csv", *GOOD, "nonsense"), "--json", "--year", "2024")
    report = json.loads(out)
    assert code == 1
    assert (report["rows"], report["taken"], report["terminated"]) == (4, 2, 1)
    assert report["unusable"] == [
        {"file_name": "ours.csv", "row": 5, "why": "the row has 1 cells and not 4"}
    ]
    assert report["attribution"][0].endswith("2024")
    assert len(report["files"][0]["digest"]) == 64


def test_unusable_input_is_exit_2_and_leaves_what_is_held(run: Run) -> None:
    run(write("ours.csv", *GOOD))
    Path("other.csv").write_text("a,b\n1,2\n")
    for file, word in (("gone.csv", "gone.csv"), ("other.csv", "pcds"),
                       (write("far.csv", "SW1A 1AA,,530000,180000"), "none is one")):  # fmt: skip
        code, out, err = run(file)
        assert (code, out) == (2, "")
        assert err.startswith("patchmap: ")
        assert word in err
        assert "Traceback" not in err
        assert held() == ["LE1 1AA", "LE1 1AB"]


def test_what_is_no_command_is_exit_2(run: Run) -> None:
    assert run()[0] == 2
    assert run(write("ours.csv", *GOOD), "--year", "1066")[0] == 2


def test_a_second_add_takes_the_place_of_the_first_and_files_add_up(run: Run) -> None:
    run(write("ours.csv", *GOOD))
    code, out, _ = run(
        write("a.csv", "LE2 2BB,,458700,304500"), write("b.csv", "LE15 6AA,,486000,308700")
    )
    assert code == 0
    assert "a.csv, b.csv: 2 rows." in out
    assert held() == ["LE15 6AA", "LE2 2BB"]


def test_check_finds_damaged_postcodes(
    run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(write("ours.csv", *GOOD))
    monkeypatch.setattr(sys, "argv", ["patchmap", "check"])
    with pytest.raises(SystemExit) as whole:
        cli.main()
    assert not whole.value.code
    next(Path("workspace/boundaries/postcodes").glob("*.parquet")).unlink()
    capsys.readouterr()
    with pytest.raises(SystemExit) as damaged:
        cli.main()
    assert damaged.value.code == 1
    assert "postcodes" in capsys.readouterr().out
