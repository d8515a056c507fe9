import hashlib

import pytest

from rapportsvar.errors import GoldError
from rapportsvar.evaluation.gold import places_of, read_gold
from rapportsvar.model import EntryKind, Span

from .synthetic import TEXT, MemoryReports, gold_line, write_lines

PIECE = {"quote": "Orsaken är fler barn med stort stöd.", "kind": "passage", "relevance": 2}


def read(tmp_path, *lines):
    return read_gold(write_lines(tmp_path / "set.jsonl", lines), MemoryReports())


def test_question_is_read_with_every_place_of_its_quote(tmp_path):
    row = {
        "quote": "Placeringar\t1 200\t1 450",
        "kind": "table",
        "relevance": 1,
        "document": "b.txt",
        "group": 3,
    }
    gold = read(tmp_path, gold_line(evidence=[PIECE, row], values=["1 450"], history=["Hur gick det?"]))
    (question,) = gold.questions
    assert question.answerable
    assert (question.kind, question.style, question.document) == ("why", "politician", "a.txt")
    assert (question.values, question.history) == (("1 450",), ("Hur gick det?",))
    first, second = question.evidence
    assert (first.document, first.group, first.spans[0].of(TEXT)) == ("a.txt", None, PIECE["quote"])
    assert (second.document, second.group, second.kind) == ("b.txt", 3, EntryKind.ROW)
    assert gold.name == "set"
    assert gold.answerable == 1
    assert gold.sha256 == hashlib.sha256((tmp_path / "set.jsonl").read_bytes()).hexdigest()


def test_question_without_evidence_is_not_answerable(tmp_path):
    gold = read(
        tmp_path, gold_line(evidence=[], document=..., type=..., style=..., reason="empty", question="")
    )
    (question,) = gold.questions
    assert not question.answerable
    assert (question.kind, question.document, question.reason) == ("follow_up", None, "empty")


WRONG = {
    "evidence missing": (gold_line(evidence=...), "'evidence' is missing"),
    "id missing": (gold_line(id=...), "'id' is missing"),
    "question no text": (gold_line(question=7), "'question' is not a text"),
    "id twice": (gold_line(id="first"), "stands on line 1, too"),
    "quote astray": (gold_line(evidence=[PIECE | {"quote": "Orsaken är okänd."}]), "does not stand in a.txt"),
    "quote empty": (gold_line(evidence=[PIECE | {"quote": ""}]), "quote is empty"),
    "report unknown": (gold_line(document="c.txt"), "'c.txt' is not indexed"),
    "no document": (gold_line(document=...), "names no document"),
    "relevance": (gold_line(evidence=[PIECE | {"relevance": 3}]), "relevance 3 is unknown"),
    "relevance true": (gold_line(evidence=[PIECE | {"relevance": True}]), "relevance True is unknown"),
    "only in part": (gold_line(evidence=[PIECE | {"relevance": 1}]), "No evidence has relevance 2"),
    "kind": (gold_line(evidence=[PIECE | {"kind": "row"}]), "'row' is unknown"),
    "group": (gold_line(evidence=[PIECE | {"group": None}]), "group None is not a whole number"),
    "reason": (gold_line(evidence=[], reason="because"), "reason 'because' is unknown"),
    "history": (gold_line(history="Varför?"), "'history' is not a list of texts"),
    "evidence no list": (gold_line(evidence={}), "'evidence' is not a list"),
    "no object": (["q2"], "not a JSON object"),
}


@pytest.mark.parametrize(("line", "told"), WRONG.values(), ids=WRONG)
def test_error_names_file_line_and_what_to_do_when_a_line_is_wrong(tmp_path, line, told):
    with pytest.raises(GoldError) as caught:
        read(tmp_path, gold_line(id="first"), line)
    assert told in str(caught.value)
    assert caught.value.where == f"{tmp_path / 'set.jsonl'}:2"
    assert caught.value.todo


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "no questions"),
        (b"\n  \n", "no questions"),
        (b'\n{"id": ', "not JSON"),
        (b"\n\xe5", "not UTF-8"),
    ],
)
def test_error_is_told_when_the_file_is_no_gold_set(tmp_path, content, told):
    path = tmp_path / "set.jsonl"
    path.write_bytes(content)
    with pytest.raises(GoldError, match=told):
        read_gold(path, MemoryReports())


def test_error_is_told_when_the_file_is_missing(tmp_path):
    with pytest.raises(GoldError, match="cannot be read"):
        read_gold(tmp_path / "none.jsonl", MemoryReports())


def test_places_overlap_when_the_quote_repeats_itself():
    assert places_of("aa", "aaa") == (Span(0, 2), Span(1, 3))
