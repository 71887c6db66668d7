"""Results that are kept until what they were made from changes."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from threading import Lock, RLock
from typing import TypeVar, cast

from cachetools import LRUCache

T = TypeVar("T")


class Remembered:
    """Results by key, each with the version it was made from; made once, by one thread at a time.

    Of more than ``most`` results those asked for last are kept; ``size_of`` says for how many one
    counts.
    """

    def __init__(
        self, most: float = math.inf, size_of: Callable[[object], float] | None = None
    ) -> None:
        self._size_of = size_of
        self._held: LRUCache[Hashable, _Entry] = LRUCache(most, self._size)
        self._in_making: dict[Hashable, _Entry] = {}
        self._lock = Lock()

    def get(self, key: Hashable, version: str, compute: Callable[[], T]) -> T:
        """``compute()``, or what it gave last time if ``version`` is the same."""
        entry = self._entry(key)
        with entry.lock:
            if entry.version != version:
                try:
                    entry.value = compute()
                    entry.version = version
                    self._keep(key, entry)
                finally:
                    self._made(key, entry)
            return cast(T, entry.value)

    def held(self, key: Hashable, version: str) -> bool:
        """Whether a result of this version is kept."""
        with self._lock:
            entry = self._held.get(key)
            return entry is not None and entry.version == version

    def _entry(self, key: Hashable) -> _Entry:
        with self._lock:
            entry = self._held.get(key)
            return self._in_making.setdefault(key, _Entry()) if entry is None else entry

    def _keep(self, key: Hashable, entry: _Entry) -> None:
        """Make room for an entry as large as it is now; one too large for all is not kept."""
        with self._lock:
            self._held.pop(key, None)
            if self._size(entry) <= self._held.maxsize:
                self._held[key] = entry

    def _made(self, key: Hashable, entry: _Entry) -> None:
        with self._lock:
            if self._in_making.get(key) is entry:
                del self._in_making[key]

    def _size(self, entry: _Entry) -> float:
        return 1 if self._size_of is None else self._size_of(entry.value)


class _Entry:
    """A result, the version it was made from (None: not made yet) and who may make it."""

    __slots__ = ("lock", "value", "version")

    def __init__(self) -> None:
        self.lock = RLock()
        self.version: str | None = None
        self.value: object = None
