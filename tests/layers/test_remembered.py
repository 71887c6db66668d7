"""Results that are kept: made once, made anew when their version changes, and bounded."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from layers.remembered import Remembered
from layers.workspace import ANSWERS_KEPT, ROWS_KEPT
from tests.layers.desk import Desk


class Making:
    """Gives a value, and counts how often it was asked to."""

    def __init__(self, value: object = "made") -> None:
        self.value, self.times = value, 0

    def __call__(self) -> object:
        self.times += 1
        return self.value


def lengths(value: object) -> float:
    assert isinstance(value, str)
    return len(value)


def is_kept(kept: Remembered, key: str, version: str = "1") -> bool:
    """Whether a key is kept, without keeping it by asking."""

    def not_kept() -> object:
        raise LookupError

    try:
        kept.get(key, version, not_kept)
    except LookupError:
        return False
    return True


def test_a_result_is_made_once():
    kept, making = Remembered(), Making(object())
    found = [kept.get("a", "1", making) for _ in range(5)]
    assert all(item is making.value for item in found)
    assert making.times == 1


@pytest.mark.parametrize("value", [None, "", 0, b"", ()])
def test_a_result_that_is_nothing_is_a_result(value: object):
    kept, making = Remembered(), Making(value)
    assert [kept.get("a", "", making) for _ in range(3)] == [value] * 3
    assert making.times == 1


def test_another_version_is_made_anew_and_so_is_the_old_one_after_it():
    kept = Remembered()
    assert [kept.get("a", version, lambda v=version: f"of {v}") for version in "1122121"] == [
        f"of {version}" for version in "1122121"
    ]
    making = Making()
    kept.get("a", "1", making)
    assert making.times == 0
    kept.get("a", "2", making)
    kept.get("a", "1", making)
    assert making.times == 2, "only the last version is kept"


def test_keys_are_apart():
    kept = Remembered()
    kept.get(("a", "public"), "1", lambda: "for all")
    assert kept.get(("a", "staff"), "1", lambda: "for staff") == "for staff"
    assert kept.get(("a", "public"), "1", lambda: "lost") == "for all"


def test_threads_that_ask_at_once_are_given_one_result():
    kept, together = Remembered(), threading.Barrier(8)
    made: list[object] = []

    def make() -> object:
        made.append(object())
        return made[-1]

    def ask(_: int) -> object:
        together.wait(timeout=30)
        return kept.get("a", "1", make)

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(ask, range(8)))
    assert len(made) == 1
    assert all(item is made[0] for item in found)


def test_a_slow_result_holds_up_no_other():
    kept, begun, may_end = Remembered(), threading.Event(), threading.Event()

    def slow() -> str:
        begun.set()
        assert may_end.wait(timeout=30)
        return "slow"

    with ThreadPoolExecutor(1) as thread:
        waiting = thread.submit(kept.get, "slow", "1", slow)
        assert begun.wait(timeout=30)
        assert kept.get("quick", "1", lambda: "quick") == "quick"
        may_end.set()
        assert waiting.result(timeout=30) == "slow"


def test_a_result_may_be_made_from_others():
    kept = Remembered(2)
    found = kept.get("a", "1", lambda: kept.get("b", "1", lambda: "b") + kept.get("c", "1", str))
    assert found == "b"
    assert is_kept(kept, "a")


def failing(error: BaseException) -> Callable[[], object]:
    def make() -> object:
        raise error

    return make


@pytest.mark.parametrize("error", [ValueError("no"), KeyboardInterrupt()])
def test_an_error_is_told_and_not_remembered(error: BaseException):
    kept, making = Remembered(), Making()
    for _ in range(2):
        with pytest.raises(type(error)):
            kept.get("a", "1", failing(error))
    assert kept.get("a", "1", making) == "made"
    assert kept.get("a", "1", making) == "made"
    assert making.times == 1


def test_an_error_in_another_version_is_not_remembered():
    kept = Remembered()
    kept.get("a", "1", lambda: "old")
    with pytest.raises(ValueError, match="no"):
        kept.get("a", "2", failing(ValueError("no")))
    assert kept.get("a", "2", lambda: "new") == "new"


def test_errors_take_no_room_from_results():
    kept, making = Remembered(1), Making()
    kept.get("a", "1", making)
    for number in range(10):
        with pytest.raises(ValueError, match="no"):
            kept.get(("failed", number), "1", failing(ValueError("no")))
    kept.get("a", "1", making)
    assert making.times == 1


def test_threads_behind_one_that_fails_try_for_themselves():
    kept, begun, may_fail = Remembered(), threading.Event(), threading.Event()

    def fails() -> str:
        begun.set()
        assert may_fail.wait(timeout=30)
        raise ValueError("no")

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(kept.get, "a", "1", fails)
        assert begun.wait(timeout=30)
        second = threads.submit(kept.get, "a", "1", lambda: "made")
        may_fail.set()
        with pytest.raises(ValueError, match="no"):
            first.result(timeout=30)
        assert second.result(timeout=30) == "made"
    assert is_kept(kept, "a")


def test_of_too_many_those_asked_for_last_stay():
    kept = Remembered(3)
    for key in "abc":
        kept.get(key, "1", lambda key=key: key)
    assert is_kept(kept, "a"), "and is asked for again by this"
    kept.get("d", "1", lambda: "d")
    assert [is_kept(kept, key) for key in "acd"] == [True] * 3
    assert not is_kept(kept, "b")


def test_of_too_large_ones_those_asked_for_last_stay():
    kept = Remembered(10, lengths)
    kept.get("a", "1", lambda: "aaaa")
    kept.get("b", "1", lambda: "bbbb")
    assert is_kept(kept, "a")
    kept.get("c", "1", lambda: "cc")
    assert [is_kept(kept, key) for key in "bac"] == [True] * 3
    kept.get("d", "1", lambda: "dddddd")
    assert [is_kept(kept, key) for key in "acd"] == [False, True, True]
    assert not is_kept(kept, "b")


def test_one_too_large_for_all_is_given_and_not_kept_and_drives_out_none():
    kept, making = Remembered(10, lengths), Making("x" * 11)
    kept.get("a", "1", lambda: "a" * 10)
    assert kept.get("large", "1", making) == kept.get("large", "1", making) == making.value
    assert making.times == 2
    assert is_kept(kept, "a")


def test_a_result_that_grew_too_large_is_kept_no_longer():
    kept = Remembered(10, lengths)
    kept.get("a", "1", lambda: "small")
    assert kept.get("a", "2", lambda: "x" * 11) == "x" * 11
    assert not is_kept(kept, "a", "2")
    kept.get("b", "1", lambda: "x" * 10)
    assert is_kept(kept, "b"), "what was let go takes no room"


def test_one_that_is_being_made_is_not_made_again_however_full_it_gets():
    kept, begun, may_end = Remembered(1), threading.Event(), threading.Event()
    slow_times = Making("slow")

    def slow() -> object:
        begun.set()
        assert may_end.wait(timeout=30)
        return slow_times()

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(kept.get, "slow", "1", slow)
        assert begun.wait(timeout=30)
        for key in "abc":
            kept.get(key, "1", lambda key=key: key)
        second = threads.submit(kept.get, "slow", "1", slow)
        may_end.set()
        assert first.result(timeout=30) == second.result(timeout=30) == "slow"
    assert slow_times.times == 1


@settings(max_examples=300)
@given(
    st.lists(
        st.tuples(st.sampled_from("abcdef"), st.sampled_from("12"), st.integers(0, 14)),
        max_size=60,
    )
)
@example([("a", "1", 12), ("b", "1", 0), ("a", "1", 12)])
@example([("a", "1", 12), ("b", "1", 13), ("a", "1", 12)])
def test_whatever_is_asked_the_answer_is_right_and_the_room_enough(
    asked: list[tuple[str, str, int]],
):
    """Beside a plain list of what was asked for last, the sizes of which must fit together."""
    kept, most = Remembered(12, lengths), 12
    held: list[tuple[str, str, int]] = []
    for key, version, size in asked:
        of_key = next((item for item in held if item[0] == key), None)
        hit = of_key is not None and of_key[1] == version
        making = Making(f"{key}{version}".ljust(size, ".")[:size])
        found = kept.get(key, version, making)
        assert making.times == (0 if hit else 1)
        if of_key:
            held.remove(of_key)
        if hit:
            assert of_key is not None
            held.append(of_key)
            size = of_key[2]
        elif size <= most:
            held.append((key, version, size))
            while sum(item[2] for item in held) > most:
                held.pop(0)
        assert len(str(found)) == size


class Rows:
    """An answer with a number of rows."""

    def __init__(self, rows: int) -> None:
        self.rows = rows


@pytest.mark.parametrize(
    ("rows", "most"), [(0, ANSWERS_KEPT), (ROWS_KEPT // 4, 4), (ROWS_KEPT + 1, 0)]
)
def test_a_workspace_keeps_answers_by_their_rows(desk: Desk, rows: int, most: int):
    asked = range(ANSWERS_KEPT + 1)
    for number in asked:
        desk.workspace.remembered(number, "1", lambda: Rows(rows))
    making = Making(Rows(rows))
    for number in reversed(asked[len(asked) - most :]):
        desk.workspace.remembered(number, "1", making)
    assert making.times == 0
    desk.workspace.remembered(0, "1", making)
    assert making.times == 1
