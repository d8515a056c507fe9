"""What is embedded of a report, and how it is cut into batches."""

from __future__ import annotations

from itertools import pairwise

import pytest
from small_reports import ASBRO, NORRVIKA

from rapportsvar.index.analysis import EMBEDDED_CHARS_MAX, analyse, by_texts, spans_to_embed
from rapportsvar.index.embedding.base import TextSpan
from rapportsvar.index.store import embedding_key
from rapportsvar.model import EntryKind
from rapportsvar.reading.folder import read_source
from rapportsvar.structure.build import build_report
from rapportsvar.swedish.words import Analyzer

TABLE = """# Norrvika kommun

## Ekonomi

Nämnden redovisar ett underskott. Det beror på fler placeringar än budgeterat. Kort.

| Verksamhet (tkr) | Utfall 2023 | Budget 2023 |
|---|---|---|
| Förskola | 120 | 110 |
| Placeringar: | 300 | 250 |
"""
LONG = " ".join(["Nettokostnadsavvikelsen"] * 120)
LONG_LABEL = f"# Norrvika kommun\n\n| Verksamhet {LONG} | Utfall tkr |\n|---|---|\n| {LONG} | 12 |\n"


def analysed(tmp_path, text: str):
    path = tmp_path / "report.md"
    path.write_text(text, encoding="utf-8")
    return analyse(build_report(read_source(path, path.name)), Analyzer())


@pytest.mark.parametrize("text", [TABLE, NORRVIKA, ASBRO, LONG_LABEL])
def test_every_vector_has_its_words_and_its_place(tmp_path, text):
    for item in analysed(tmp_path, text):
        spans = item.vectors_of
        assert len(spans) == len(item.vector_spans)
        assert spans[0].is_whole
        assert len(spans[0].text) <= EMBEDDED_CHARS_MAX
        if item.entry.kind is EntryKind.ROW:
            (label,) = spans[1:]
            assert label.text == spans[0].text
            assert item.entry.labels.startswith(label.words)
            assert label.words == item.entry.labels.rstrip(" :") or label.end == EMBEDDED_CHARS_MAX
        else:
            assert all(span.is_whole and span.words in item.entry.body for span in spans[1:])


def test_rows_have_a_vector_of_their_label_and_passages_of_their_sentences(tmp_path):
    spans = {item.entry.body: item.vectors_of for item in analysed(tmp_path, TABLE)}
    (row,) = [some for body, some in spans.items() if body.startswith("Placeringar")]
    assert [span.words for span in row[1:]] == ["Placeringar"]
    (passage,) = [some for body, some in spans.items() if body.startswith("Nämnden")]
    assert [span.words for span in passage[1:]] == [  # a sentence as short as the last has none
        "Nämnden redovisar ett underskott.",
        "Det beror på fler placeringar än budgeterat.",
    ]


def test_parts_of_one_text_stand_together_and_each_once(tmp_path):
    twice = analysed(tmp_path, ASBRO) * 2
    spans = spans_to_embed(twice)
    assert len(spans) == len(set(spans)) == len({span for item in twice for span in item.vectors_of})
    texts = [span.text for span in spans]
    changes = sum(one != other for one, other in pairwise(texts))
    assert changes + 1 == len(set(texts))


@pytest.mark.parametrize("least", [1, 2, 5, 100])
def test_batches_hold_all_in_order_and_cut_no_text_in_two(least):
    keyed = [(bytes([number]), TextSpan(f"text {number // 3}", 0, number % 3)) for number in range(14)]
    batches = list(by_texts(keyed, least))
    assert [each for batch in batches for each in batch] == keyed
    assert all(len(batch) >= least for batch in batches[:-1])
    texts = [{span.text for _, span in batch} for batch in batches]
    assert not any(one & other for place, one in enumerate(texts) for other in texts[place + 1 :])
    assert list(by_texts([], least)) == []


def test_a_part_has_another_key_than_its_words_and_than_the_whole():
    keys = {
        embedding_key(model, span)
        for model in ("a", "b")
        for span in (TextSpan.whole("a b"), TextSpan("a b", 0, 1), TextSpan.whole("a"), TextSpan("a b", 2, 3))
    }
    assert len(keys) == 8
    assert embedding_key("a", TextSpan("a b", 0, 3)) == embedding_key("a", TextSpan.whole("a b"))
