"""Every dataclass of the model survives the way through JSON."""

import json
import string
import types
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rapportsvar.model as model
from rapportsvar.index import entries, store
from rapportsvar.index.codec import from_plain, to_plain

TEXT = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from(string.printable), max_size=8)


def strategy(kind):
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return st.one_of(*(strategy(a) for a in arguments))
    if origin is tuple and arguments[-1] is Ellipsis:
        return st.lists(strategy(arguments[0]), max_size=2).map(tuple)
    if origin is tuple:
        return st.tuples(*(strategy(a) for a in arguments))
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return st.builds(
            kind, **{f.name: st.deferred(lambda t=hints[f.name]: strategy(t)) for f in fields(kind)}
        )
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(kind)
    return {
        type(None): st.none(),
        str: TEXT,
        int: st.integers(),
        float: st.floats(allow_nan=False, allow_infinity=False),
        bool: st.booleans(),
        date: st.dates(),
    }[kind]


ARRAYS = {"PlacedWords", "Source", "Report"}  # hold arrays, which the store keeps as they are
NOUNS = sorted(
    (v for v in vars(model).values() if is_dataclass(v) and v.__name__ not in ARRAYS),
    key=lambda kind: kind.__name__,
)


@pytest.mark.parametrize("kind", [*NOUNS, entries.Entry, store.Outline])
def test_what_is_written_is_read_again(kind):
    @settings(max_examples=15, deadline=None)
    @given(strategy(kind))
    def check(value):
        assert from_plain(kind, json.loads(json.dumps(to_plain(value)))) == value

    check()


def test_a_list_of_another_length_is_refused():
    with pytest.raises(ValueError, match="zip"):
        from_plain(model.Span, [1, 2, 3])
