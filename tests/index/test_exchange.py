"""What a reader says arrives as it was said, and nothing but a report or an error of reading can arrive."""

import json
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rapportsvar.errors as errors
from rapportsvar.errors import ReadingError
from rapportsvar.index.child import report_of
from rapportsvar.index.exchange import (
    Command,
    pack_answer,
    pack_command,
    pack_fresh,
    unpack_answer,
    unpack_command,
    unpack_fresh,
)
from rapportsvar.index.fresh import Fresh, make_fresh
from rapportsvar.index.summary import BuildSummary
from rapportsvar.model import PlacedWords, Source
from rapportsvar.structure.build import build_report
from rapportsvar.structure.passages import PassageSize
from rapportsvar.swedish.words import Analyzer

CORPUS = Path(__file__).parents[2] / "corpus"
SIZE = PassageSize()
KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, ReadingError)]


@pytest.mark.parametrize(
    "name", ["lindsjo/sn-delarsrapport-aug-2020.docx", "norrvika/bun-verksamhetsberattelse-2024.pdf"]
)
def test_a_report_arrives_as_it_was_read(name):
    report = report_of(CORPUS / name, name, SIZE)
    arrived = unpack_answer(pack_answer(report))
    assert arrived == report
    words, there = report.source.words, arrived.source.words
    assert (words is None) == (there is None)
    if words is not None:
        assert np.array_equal(there.starts, words.starts)
        np.testing.assert_allclose(there.boxes, words.boxes, atol=1 / 40 + 1e-3)
    assert pack_answer(arrived) == pack_answer(report)


@pytest.mark.parametrize(
    "name", ["lindsjo/sn-delarsrapport-aug-2020.docx", "norrvika/bun-verksamhetsberattelse-2024.pdf"]
)
def test_a_report_arrives_as_it_was_analysed(name):
    path = CORPUS / name
    fresh = make_fresh(report_of(path, name, SIZE), path, Analyzer(), BuildSummary())
    arrived = unpack_fresh(pack_fresh(fresh), path)
    for each in fields(Fresh):
        sent, came = getattr(fresh, each.name), getattr(arrived, each.name)
        if each.name == "shingles":
            assert np.array_equal(came[0], sent[0])
            assert (came[0].dtype, came[1]) == (sent[0].dtype, sent[1])
        elif each.name == "placed":
            assert (came is None) == (sent is None)
        else:
            assert came == sent
    assert list(arrived.words) == list(fresh.words)
    assert pack_fresh(arrived) == pack_fresh(fresh)
    assert isinstance(arrived.placed, PlacedWords) == name.endswith("pdf")


def test_an_analysed_report_that_cannot_be_read_arrives_as_an_error(tmp_path):
    arrived = unpack_fresh(pack_answer(errors.EmptyReport("Tom", where="a.txt")), tmp_path)
    assert isinstance(arrived, errors.EmptyReport)
    with pytest.raises(ValueError, match=r"no answer|values to unpack"):
        unpack_fresh(pack_answer(build_report(Source("a.txt", "Text", "0"), SIZE)), tmp_path)


@given(st.sampled_from(KINDS), st.text(), st.text())
def test_an_error_arrives_with_its_kind_and_words(kind, what, where):
    arrived = unpack_answer(pack_answer(kind(what, where=where, todo="Gör så.")))
    assert (type(arrived), arrived.what, arrived.where, arrived.todo) == (kind, what, where, "Gör så.")


@given(st.text(st.characters(), min_size=1))
def test_any_text_arrives_halves_of_surrogate_pairs_too(text):
    report = build_report(Source("a.txt", "Text", "0"), SIZE)
    odd = replace(report, source=replace(report.source, text=text))
    assert unpack_answer(pack_answer(odd)).source.text == text


def test_a_command_arrives(tmp_path):
    command = Command(tmp_path / "å\udcff.txt", "å.txt", replace(SIZE, most_chars=500), {"year": "2020"})
    command = replace(command, mask=False, analysed=True)
    assert unpack_command(pack_command(command)) == command


@pytest.mark.parametrize(
    "said", [["KeyboardInterrupt", "", "", ""], ["annotations", "", "", ""], ["", [1]], [], {}, ["", None]]
)
def test_nothing_else_can_arrive(said):
    content = json.dumps(said).encode()
    with pytest.raises(ValueError, match=r"no answer|values to unpack"):
        unpack_answer(len(content).to_bytes(8, "big") + content)
