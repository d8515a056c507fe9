"""Personal identity numbers are in nothing that is made of a report, and the file's text is kept."""

import json

import pytest
from small_reports import build_small

from rapportsvar.cli import main
from rapportsvar.config import settings_from
from rapportsvar.engine.engine import Engine
from rapportsvar.engine.shelf import shelf
from rapportsvar.index.masking import HIDDEN, SHOWN, unmasked, without_identity_numbers
from rapportsvar.model import Source
from rapportsvar.swedish.identity_numbers import MASK

NUMBERS = ("811218-9876", "198112189876", "701063-2391")
REPORT = f"""# Årsredovisning 2022

Prövstads kommun
Socialnämnden

## Placeringar av {NUMBERS[0]}

Barnet {NUMBERS[1]} placerades i familjehem eftersom modern blev sjuk. Kommunens nummer är 212000-0142.

Person\tUtfall 2022\tBudget 2022
{NUMBERS[2]}\t52 330\t45 500
Öppenvård\t21 900\t22 400
"""
OFF = {"embedding": {"model": "hash"}, "privacy": {"mask_identity_numbers": False}}
ON = {"embedding": {"model": "hash"}}


@pytest.fixture
def built(tmp_path):
    def build(settings):
        (tmp_path / "reports").mkdir(exist_ok=True)
        (tmp_path / "reports" / "a.md").write_text(REPORT, encoding="utf-8")
        summary = build_small(tmp_path / "reports", tmp_path / "index", settings=settings)
        return summary, Engine.open(tmp_path / "index", settings_from(settings))

    return build


def _everything(engine):
    answers = [
        engine.ask(q) for q in ("Varför placerades barnet i familjehem?", "Vad kostade öppenvård 2022?")
    ]
    found = [engine.search(words).hits for words in ("placeringar", "familjehem", "Öppenvård", *NUMBERS)]
    kept = engine.index.store
    return repr(
        (answers, found, shelf(engine), engine.measures(top=99), engine.series("811218"), engine.text("a.md"),
         kept.tables("a.md"), sorted(kept.word_counts()), engine.index.keyword["body"].vocabulary(),
         engine.index.keyword["label"].vocabulary())
    )  # fmt: skip


def test_numbers_are_in_nothing_that_is_shown_or_searched(built):
    summary, engine = built(ON)
    told = _everything(engine)
    assert MASK * 6 in told
    assert "212000-0142" in told  # of an organisation
    for number in NUMBERS:
        assert number not in told
        assert number[-4:] not in told
        assert not any(number[:6] in term for term in engine.index.keyword["body"].vocabulary())
    assert summary.warnings["a.md"] == (HIDDEN[1].format(3),)
    assert len(engine.text("a.md")) == len(REPORT)


def test_the_text_of_the_file_is_printed_by_the_command(built, tmp_path, capsys):
    _, engine = built(ON)
    assert engine.index.store.text_of_file("a.md") == REPORT
    engine.close()
    assert main(["text", "a.md", "--index", str(tmp_path / "index")]) == 0
    assert capsys.readouterr().out == REPORT


def test_numbers_are_shown_and_warned_of_where_that_is_set(built):
    summary, engine = built(OFF)
    assert NUMBERS[1] in _everything(engine)
    assert summary.warnings["a.md"] == (SHOWN[1].format(3),)
    assert engine.index.store.text_of_file("a.md") == engine.text("a.md") == REPORT


def test_reports_are_read_again_when_the_setting_changes(built):
    built(OFF)[1].close()
    summary, engine = built(ON)
    assert summary.changed == ["a.md"]
    assert NUMBERS[1] not in engine.text("a.md")


def test_a_title_that_the_file_tells_of_itself_is_masked_too():
    source = Source("a.docx", "Text.", "x", properties=(("title", f"Om {NUMBERS[0]}"),))
    assert NUMBERS[0] not in without_identity_numbers(source, mask=True).properties[0][1]
    assert without_identity_numbers(source, mask=False) == source
    plain = Source("a.txt", "Text.", "x")
    assert without_identity_numbers(plain, mask=True) is plain


def test_one_number_is_counted_as_one_and_put_back():
    source = without_identity_numbers(Source("a.txt", f"x {NUMBERS[0]} y", "x"), mask=True)
    assert source.warnings == (HIDDEN[0],)
    assert unmasked(source.text, source.masked) == f"x {NUMBERS[0]} y"
    assert json.dumps(source.text)
