"""The whole structure of small invented reports, compared with files that ``pytest --regenerate`` writes."""

import json
from pathlib import Path

import pytest

from rapportsvar.reading.folder import read_source
from rapportsvar.structure.build import build_report

_HERE = Path(__file__).parent
_EXAMPLES = sorted((_HERE / "examples").iterdir())


@pytest.mark.parametrize("path", _EXAMPLES, ids=lambda path: path.stem)
def test_the_structure_of_an_example_is_as_it_was(path, regenerate):
    found = _outline(build_report(read_source(path, path.name)))
    golden = _HERE / "golden" / f"{path.stem}.json"
    if regenerate:
        golden.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert found == json.loads(golden.read_text(encoding="utf-8"))


def test_the_golden_files_are_compared(regenerate):
    if regenerate:
        pytest.fail(
            "the golden files were written anew: look at the difference, and run without --regenerate"
        )


def _outline(report):
    text = report.text
    facts = ("title", "municipality", "board", "kind", "period", "year", "date", "reference")
    return {
        "metadata": {name: _fact(getattr(report.metadata, name)) for name in facts},
        "parts": [part.title for part in report.parts],
        "sections": [f"{section.level} {' › '.join(section.path)}" for section in report.sections],
        "passages": [
            {
                "section": " › ".join(report.sections[passage.section].path),
                "pieces": [piece.of(text) for piece in passage.pieces],
                "sentences": [sentence.span.of(text) for sentence in passage.sentences],
            }
            for passage in report.passages
        ],
        "tables": [
            {
                "section": " › ".join(report.sections[table.section].path),
                "rows": [row.span.of(text) for row in table.rows],
            }
            for table in report.tables
        ],
        "furniture": [[piece.kind.value, piece.span.of(text)] for piece in report.furniture],
    }


def _fact(fact):
    return None if fact is None else [fact.value, fact.certain, fact.rule]
