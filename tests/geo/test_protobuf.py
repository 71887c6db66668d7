"""Varints, zigzag and nested lengths against an encoder that takes one number at a time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from geo.protobuf import Rows, field, varint, varints, zigzag

EDGES = [0, 1, *(2 ** (7 * size) + off for size in range(1, 10) for off in (-1, 0)), 2**64 - 1]

words = st.one_of(st.sampled_from(EDGES), st.integers(0, 2**64 - 1), st.integers(0, 300))


def plain_varint(number: int) -> bytes:
    if number < 128:
        return bytes([number])
    return bytes([number % 128 + 128]) + plain_varint(number // 128)


def plain_zigzag(number: int) -> int:
    return 2 * number if number >= 0 else -2 * number - 1


def test_the_plain_encoder_of_these_tests_writes_the_example_of_the_format():
    assert plain_varint(150) == b"\x96\x01"
    assert plain_varint(2**64 - 1) == b"\xff" * 9 + b"\x01"


@given(words)
def test_one_number_is_the_varint_of_the_plain_encoder(number: int):
    assert varint(number) == plain_varint(number)


@pytest.mark.parametrize("number", EDGES)
def test_every_length_from_one_to_ten_bytes_is_right_on_either_side_of_its_edge(number: int):
    table = np.array([[number]], dtype=np.uint64)
    assert varints(table).joined() == plain_varint(number)
    assert varints(table).lengths.tolist() == [len(plain_varint(number))]


@given(arrays.arrays(np.uint64, arrays.array_shapes(min_dims=2, max_dims=2), elements=words))
def test_a_table_of_words_is_the_varints_row_by_row(table: np.ndarray):
    expected = [b"".join(map(plain_varint, row)) for row in table.tolist()]
    rows = varints(table)
    assert rows.joined() == b"".join(expected)
    assert rows.lengths.tolist() == [len(row) for row in expected]


@given(st.data())
def test_words_that_are_not_sent_take_no_bytes(data: st.DataObject):
    shape = data.draw(arrays.array_shapes(min_dims=2, max_dims=2))
    table = data.draw(arrays.arrays(np.uint32, shape))
    sent = data.draw(arrays.arrays(np.bool_, shape))
    expected = [
        b"".join(plain_varint(word) for word, goes in zip(*row, strict=True) if goes)
        for row in zip(table.tolist(), sent.tolist(), strict=True)
    ]
    rows = varints(table, sent)
    assert rows.joined() == b"".join(expected)
    assert rows.lengths.tolist() == [len(row) for row in expected]


@pytest.mark.parametrize("dtype", [np.uint32, np.uint64])
@pytest.mark.parametrize("shape", [(0, 3), (2, 0), (0, 0)])
def test_no_words_are_no_bytes(dtype: type, shape: tuple[int, int]):
    rows = varints(np.zeros(shape, dtype=dtype))
    assert rows.joined() == b""
    assert rows.lengths.tolist() == [0] * shape[0]


@given(arrays.arrays(np.int32, arrays.array_shapes(max_dims=3)))
def test_zigzag_of_32_bits_is_the_plain_one(numbers: np.ndarray):
    assert zigzag(numbers).ravel().tolist() == [plain_zigzag(n) for n in numbers.ravel().tolist()]


@given(arrays.arrays(np.int64, arrays.array_shapes(max_dims=1)))
def test_zigzag_of_64_bits_is_the_plain_one(numbers: np.ndarray):
    assert zigzag(numbers).tolist() == [plain_zigzag(number) for number in numbers.tolist()]


@given(st.lists(st.lists(words, max_size=40), min_size=1, max_size=8), st.integers(1, 15))
def test_fields_within_fields_are_led_by_their_lengths(messages: list[list[int]], number: int):
    table = np.zeros((len(messages), max(map(len, messages))), dtype=np.uint64)
    sent = np.zeros(table.shape, dtype=np.bool_)
    for row, message in enumerate(messages):
        table[row, : len(message)], sent[row, : len(message)] = message, True
    inner = varints(table, sent).as_field(number)
    outer = (Rows.alike(b"\x08\x01", len(messages)) + inner).as_field(2)
    expected = b""
    for message in messages:
        content = b"".join(map(plain_varint, message))
        inside = field(number, content) if content else b""
        expected += bytes([0x12]) + plain_varint(2 + len(inside)) + b"\x08\x01" + inside
    assert outer.joined() == expected


@given(st.binary(max_size=300), st.integers(1, 15))
def test_a_field_is_its_number_its_length_and_its_message(message: bytes, number: int):
    assert field(number, message) == bytes([number * 8 + 2]) + plain_varint(len(message)) + message
