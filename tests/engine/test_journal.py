"""Lines of the log: one each, whole, and nobody's words in them."""

import io
import json
import logging
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rapportsvar.config import LogSettings
from rapportsvar.engine.journal import OURS, note, set_up
from rapportsvar.errors import CitationError

FORGES = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
FORGED = "x\n2026-01-01T00:00:00 info rapportsvar answered\r\x1b[2K\u2028\u202e\x85\x00"


@pytest.fixture
def written():
    """Set up logs into a text; all is as before afterwards."""
    logger = logging.getLogger(OURS)
    before = logger.handlers, logger.propagate, logger.level

    def start(**settings):
        stream = io.StringIO()
        set_up(LogSettings(**settings), stream)
        return stream

    yield start
    logger.handlers, logger.propagate = before[0], before[1]
    logger.setLevel(before[2])


def test_a_line_of_json_an_event(written):
    stream = written(on=True, json=True)
    note("answered", kind="why", found=True, ms=12.5, reason=None)
    line = json.loads(stream.getvalue())
    assert (line["event"], line["kind"], line["found"], line["ms"]) == ("answered", "why", True, 12.5)
    assert line["level"] == "info"
    assert line["time"].endswith("+00:00")


def test_off_is_silent_but_for_what_goes_wrong(written):
    stream = written()
    note("answered", kind="why")
    logging.getLogger(f"{OURS}.app").warning("A page could not be drawn")
    assert stream.getvalue().count("\n") == 1
    assert "warning rapportsvar.app A page could not be drawn" in stream.getvalue()


@pytest.mark.parametrize("as_json", [True, False])
def test_what_an_error_says_is_never_written(written, as_json):
    stream = written(on=True, json=as_json)
    try:
        raise CitationError("The quote ”Anna Andersson fick 4 710 tkr” does not stand there")
    except CitationError:
        logging.getLogger(f"{OURS}.app").exception("A page could not be drawn")
    said = stream.getvalue()
    assert "Anna" not in said
    assert "4 710" not in said
    assert "CitationError" in said
    assert "test_journal.py" in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("as_json", [True, False])
def test_no_line_can_be_forged(written, as_json):
    stream = written(on=True, json=as_json)
    note(FORGED, source=FORGED)
    logging.getLogger(f"{OURS}.app").error("Not updated: %s", FORGED)
    lines = stream.getvalue().splitlines()
    assert len(lines) == 2
    assert not [line for line in lines if FORGES.search(line)]


@settings(max_examples=50, deadline=None)
@given(st.text())
def test_any_words_make_one_printable_line(words):
    stream = io.StringIO()
    logger = logging.getLogger(OURS)
    before = logger.handlers, logger.propagate, logger.level
    try:
        for as_json in (True, False):
            set_up(LogSettings(on=True, json=as_json), stream)
            note("done", words=words)
            logging.getLogger(f"{OURS}.app").error("%s", words)
    finally:
        logger.handlers, logger.propagate = before[0], before[1]
        logger.setLevel(before[2])
    lines = stream.getvalue().split("\n")
    assert len(lines) == 5
    assert not [line for line in lines if FORGES.search(line)]
