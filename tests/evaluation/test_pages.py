import json

import pytest

from rapportsvar.evaluation.gold import read_gold
from rapportsvar.evaluation.judge import judge
from rapportsvar.evaluation.measures import measure_all

from . import synthetic

QUOTE = "Sjukfrånvaron sjönk under hösten."
START = synthetic.TEXT.index(QUOTE)


def gold(tmp_path, **page):
    piece = {"quote": QUOTE, "kind": "passage", "relevance": 2, **page}
    line = {"id": "1", "question": "Hur gick det?", "document": "a.txt", "evidence": [piece]}
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(line), encoding="utf-8")
    return read_gold(path, synthetic.MemoryReports()).questions[0]


def row(question, *hits):
    answer = {"found": True, "confidence": 0.9, "hits": list(hits)}
    return measure_all(judge(question, answer, synthetic.MemoryReports().text))


def hit(source="a.txt", **page):
    return {"source": source, "start": START, "end": START + len(QUOTE), "text": QUOTE, **page}


@pytest.mark.parametrize(
    ("hits", "right"),
    [
        ([hit(page=3)], 1.0),
        ([hit(page=2, boxes=[{"page": 2}, {"page": 3}])], 1.0),
        ([hit(page=2)], 0.0),
        ([hit(page=None)], 0.0),
        ([hit("b.txt", page=3)], 0.0),
        ([hit(page=2), hit(page=3)], 0.0),
        ([], 0.0),
    ],
)
def test_page_is_right_when_the_first_hit_is_on_that_of_the_evidence(tmp_path, hits, right):
    assert row(gold(tmp_path, page=3), *hits)["page@1"] == right


def test_page_is_not_measured_when_the_set_names_none(tmp_path):
    assert "page@1" not in row(gold(tmp_path), hit(page=3))
