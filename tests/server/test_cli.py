"""The command line: results on stdout, progress on stderr, exit 0, 1 or 2, always a sentence."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from server import cli

HEADER = "visit_id,date,place,latitude,longitude,visit_type"
GOOD = "T1,2022-05-01,A hall,52.63,-1.13,surgery"
BAD = "T2,never,A hall,52.63,-1.13,banquet"


class Done:
    """How a command ended and what it said."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def result(self) -> object:
        """What stdout holds, which must be JSON and nothing else."""
        return json.loads(self.out)


Run = Callable[..., Done]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command as the shell does, in this process."""

    def running(*arguments: object) -> Done:
        monkeypatch.setattr(sys, "argv", ["patchmap", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        code = ended.value.code
        return Done(code if isinstance(code, int) else int(bool(code)), said.out, said.err)

    return running


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, with no setting in the environment."""
    monkeypatch.delenv("PATCHMAP_WORKSPACE", raising=False)
    monkeypatch.delenv("PATCHMAP_DATABASE_URL", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def visits(folder: Path, *rows: str, name: str = "visits.csv") -> Path:
    file = folder / name
    file.write_text("\n".join([HEADER, *rows]))
    return file


def assert_sentence(done: Done, *words: str) -> None:
    assert done.err.startswith("patchmap: ")
    assert "Traceback" not in done.err
    assert "Errno" not in done.err
    for word in words:
        assert word in done.err


def test_a_file_is_taken_and_taken_again(run: Run, place: Path) -> None:
    first = run("import", "visits", visits(place, GOOD), "--json")
    assert (first.code, first.err) == (0, "")
    assert first.result[0]["added"] == 1
    again = run("import", "visits", "visits.csv", "--json")
    assert (again.code, again.result[0]["unchanged"]) == (0, 1)
    assert "nothing changed" in run("import", "visits", "visits.csv").out


def test_rejected_rows_go_to_a_file_and_exit_1(run: Run, place: Path) -> None:
    done = run("import", "visits", visits(place, GOOD, BAD), "--json")
    (report,) = done.result
    assert done.code == 1
    assert (report["rows"], report["taken"], report["rejected"]) == (2, 1, 1)
    assert {issue["column"] for issue in report["issues"] if issue["row"] == 3} >= {"date"}
    with Path(report["rejected_file"]).open(encoding="utf-8-sig", newline="") as stream:
        assert [row["visit_id"] for row in csv.DictReader(stream)] == ["T2"]
    as_text = run("import", "visits", "visits.csv")
    assert as_text.code == 1
    assert "rejected: row 3, date, 'never'" in as_text.out


def test_a_strict_import_takes_nothing_and_exits_1(run: Run, place: Path) -> None:
    done = run("import", "visits", visits(place, GOOD, BAD), "--strict", "--json")
    (report,) = done.result
    assert (done.code, report["rows"], report["taken"], report["rejected"]) == (1, 2, 0, 2)
    assert [issue["row"] for issue in report["issues"]] == [2, 3, 3]
    assert_sentence(done, "Nothing was taken", "row 3")
    held = {row["layer"]: row["held"] for row in run("layers", "--json").result}
    assert held["visits"] == 0


def test_what_was_taken_before_a_missing_file_is_accounted_for(run: Run, place: Path) -> None:
    done = run("import", "visits", visits(place, GOOD), place / "gone.csv", "--json")
    assert done.code == 2
    assert [report["added"] for report in done.result] == [1]
    assert_sentence(Done(2, "", done.err[done.err.index("patchmap: ") :]), "gone.csv")
    assert "1 of 2" in done.err


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (None, "gone.csv", ["there is none at"]),
        ("x", "visits.xls", ["CSV", "GeoJSON", "visits.xls"]),
        ("", "empty.csv", ["empty.csv"]),
        ("a,b\n1,2", "other.csv", ["visit_id"]),
        ('{"type": "Feature"}', "odd.geojson", ["FeatureCollection"]),
    ],
)
def test_unusable_input_exits_2(
    run: Run, place: Path, content: str | None, name: str, words: list[str]
) -> None:
    if content is not None:
        (place / name).write_text(content)
    done = run("import", "visits", place / name)
    assert done.code == 2
    assert_sentence(done, *words)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["import", "banquets", "x.csv"], "banquets"),
        (["export", "visits", "x.xls"], ".geojson"),
        (["export", "visits", "gone/x.csv"], "folder"),
        (["export", "banquets", "x.csv"], "banquets"),
        (["export", "visits", "x.csv", "--from", "never"], "never"),
        (["export", "visits", "x.csv", "--npa", "QQ"], "QQ"),
        (["boundaries", "build", "gone.geojson"], "gone.geojson"),
        (["boundaries", "build", "gone.geojson", "--recipe", "gone.toml"], "gone.toml"),
        (["frobnicate"], "frobnicate"),
        (["layers", "--nonsense"], "--nonsense"),
        (["import", "visits"], "FILES"),
        (["serve", "--port", "99999"], "99999"),
        (["serve", "--port", "many"], "many"),
        (["layers", "--workspace", "a-file"], "a-file"),
        (["check", "--workspace", "gone"], "gone"),
        (["export", "visits", "x.csv", "--workspace", "gone"], "gone"),
    ],
)
def test_what_cannot_be_done_is_said_and_exits_2(
    run: Run, place: Path, arguments: list[str], word: str
) -> None:
    (place / "workspace").mkdir()
    (place / "a-file").write_text("")
    done = run(*arguments)
    assert (done.code, done.out) == (2, "")
    assert word in done.err
    if "No such file" not in done.err:
        assert_sentence(done)
    assert not (place / "gone").exists()


def test_the_option_comes_before_the_variable_and_that_before_the_default(
    run: Run, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("layers")
    assert (place / "workspace").is_dir()
    monkeypatch.setenv("PATCHMAP_WORKSPACE", str(place / "by-variable"))
    run("layers")
    assert (place / "by-variable").is_dir()
    shutil.rmtree(place / "by-variable")
    run("layers", "--workspace", place / "by-option")
    assert (place / "by-option").is_dir()
    assert not (place / "by-variable").exists()


@pytest.mark.usefixtures("place")
def test_layers_are_listed(run: Run, demo_path: Path) -> None:
    listed = run("layers", "--workspace", demo_path, "--json")
    held = {row["layer"]: row["held"] for row in listed.result}
    assert (listed.code, held["visits"], held["sites"]) == (0, 95, 41)
    assert (held["street_safe"], held["people_zones"], held["npas"]) == (643, 3, 9)
    text = run("layers", "--workspace", demo_path).out
    assert len(text.splitlines()) == len(held)


@pytest.mark.parametrize("ending", ["csv", "geojson"])
def test_what_is_exported_can_be_imported_elsewhere(
    run: Run, place: Path, demo_path: Path, ending: str
) -> None:
    file = place / f"visits.{ending}"
    done = run("export", "visits", file, "--workspace", demo_path, "--json")
    assert (done.code, done.result["rows"]) == (0, 95)
    assert [path.name for path in place.iterdir()] == [file.name]
    taken = run("import", "visits", file, "--json")
    assert (taken.code, taken.result[0]["added"]) == (0, 95)
    some = run("export", "visits", file, "--workspace", demo_path, "--json",
               "--from", "2022", "--to", "2022", "--npa", "NA")  # fmt: skip
    assert 0 < some.result["rows"] < 95
    assert "rows written to" in run("export", "visits", file, "--workspace", demo_path).out


def test_a_list_of_councillors_needs_no_ids_and_is_exported_again(run: Run, place: Path) -> None:
    file = place / "councillors.csv"
    file.write_text(
        "name,council,ward,email\nA. Lee,Borough,Mill,a@b.example\n=1+1,Borough,Mill,\n"
    )
    assert run("import", "councillors", file, "--json").result[0]["added"] == 2
    assert run("import", "councillors", file, "--json").result[0]["unchanged"] == 2
    written = place / "out.csv"
    done = run("export", "councillors", written, "--json")
    assert (done.code, done.result["rows"]) == (0, 2)
    text = written.read_text()
    assert "borough-mill-a-lee,A. Lee,Borough,Mill,,a@b.example," in text
    assert ",'=1+1," in text
    assert "longitude" not in text
    assert run("import", "councillors", written, "--json").result[0]["unchanged"] == 2
    held = {row["layer"]: row["held"] for row in run("layers", "--json").result}
    assert (held["councillors"], held["issues_raised"]) == (2, 0)


def test_a_register_accounts_for_its_rows_as_a_layer_does(run: Run, place: Path) -> None:
    file = place / "issues.csv"
    file.write_text(
        "issue_id,date,place,theme,issue,closed\n"
        "I1,2025-03-12,Mill,drugs,Ask Mrs Lee,\n"
        "I2,2025-03-12,Mill,drugs,Needles,2025-03-01\n"
        "I3,2025-03-12,Mill,pubs,Noise,\n"
    )
    (report,) = run("import", "issues_raised", file, "--json").result
    assert (report["added"], report["rejected"], report["warned"]) == (1, 2, 1)
    said = {issue["row"]: issue["reason"] for issue in report["issues"]}
    assert "looks like a title with a name" in said[2]
    assert said[3] == (
        "‘Closed on’ must not be earlier than ‘Date’; given 1 March 2025, which is earlier than "
        "12 March 2025. Change one of the two dates."
    )
    assert "must be one of" in said[4]
    assert "I2" in Path(report["rejected_file"]).read_text()


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["export", "councillors", "x.csv", "--public"], "--public"),
        (["export", "councillors", "x.csv", "--from", "2025"], "--from"),
        (["export", "councillors", "x.geojson"], ".csv"),
        (["export", "councillors", "gone/x.csv"], "folder"),
        (["import", "banquets", "x.csv"], "councillors"),
    ],
)
def test_what_a_register_cannot_do_is_said(
    run: Run, place: Path, arguments: list[str], word: str
) -> None:
    run("layers")
    done = run(*arguments)
    assert (done.code, done.out) == (2, "")
    assert_sentence(done, word)
    assert not (place / "x.csv").exists()


@pytest.mark.usefixtures("place")
def test_the_pack_is_not_loaded_over_data(run: Run, demo_path: Path) -> None:
    again = run("demo", "--if-empty", "--json", "--workspace", demo_path)
    assert (again.code, again.result) == (0, [])
    assert "stays as it is" in again.err


def test_check_finds_the_demonstration_whole(run: Run, demo_path: Path) -> None:
    done = run("check", "--json", "--workspace", demo_path)
    assert (done.code, done.result) == (0, {"whole": True, "faults": []})
    assert "is whole" in run("check", "--workspace", demo_path).out


def drop_month(folder: Path) -> None:
    next((folder / "crime").glob("*.parquet")).unlink()


def spoil_month(folder: Path) -> None:
    next((folder / "crime").glob("*.parquet")).write_bytes(b"PAR1 nothing")


def spoil_manifest(folder: Path) -> None:
    (folder / "crime" / "manifest.json").write_text("{")


def spoil_database(folder: Path) -> None:
    for file in folder.glob("patchmap.sqlite*"):
        file.write_text("this is no database at all")


def drop_table(folder: Path) -> None:
    with sqlite3.connect(folder / "patchmap.sqlite") as database:
        database.execute("DROP TABLE sites")
    database.close()


def drop_column(folder: Path) -> None:
    with sqlite3.connect(folder / "patchmap.sqlite") as database:
        database.execute("ALTER TABLE visits DROP COLUMN reason")
    database.close()


@pytest.mark.parametrize(
    "harm", [drop_month, spoil_month, spoil_manifest, spoil_database, drop_table, drop_column]
)
def test_check_finds_damage(
    run: Run, place: Path, demo_path: Path, harm: Callable[[Path], None]
) -> None:
    damaged = place / "damaged"
    shutil.copytree(demo_path, damaged)
    harm(damaged)
    done = run("check", "--json", "--workspace", damaged)
    assert done.code == 1
    assert done.result["whole"] is False
    assert done.result["faults"]
    assert run("check", "--workspace", damaged).out.strip()


@pytest.mark.usefixtures("place")
def test_a_database_that_cannot_be_used_is_said(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for url in ("nonsense", "postgresql+nodriver://x/y", "sqlite:////gone/folder/x.sqlite"):
        monkeypatch.setenv("PATCHMAP_DATABASE_URL", url)
        done = run("layers")
        assert done.code == 2
        assert_sentence(done, "PATCHMAP_DATABASE_URL")


@pytest.mark.real_data
@pytest.mark.usefixtures("place")
def test_boundaries_are_built_and_listed(run: Run, shared_data: Path) -> None:
    before = run("boundaries", "list", "--json").result
    assert [row["set"] for row in before if row["current"]] == ["npas", "districts"]
    wards = shared_data / "boundaries" / "ward_2025.geojson"
    built = run("boundaries", "build", wards, "--json")
    assert (built.code, type(built.result)) == (0, dict)
    after = run("boundaries", "list", "--json").result
    assert after[0]["build_id"] != before[0]["build_id"]
    assert run("boundaries", "list").out.count("in use") == 2


@pytest.mark.usefixtures("place")
def test_the_installed_command_says_the_same() -> None:
    command = Path(sys.executable).with_name("patchmap")
    for arguments, code in ((["layers", "--json"], 0), (["import", "visits", "gone.csv"], 2)):
        done = subprocess.run([command, *arguments], capture_output=True, text=True, check=False)
        assert done.returncode == code
        assert not done.stdout or json.loads(done.stdout)
        assert "Traceback" not in done.stderr
