import json
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapportsvar.errors import FeedbackUnwritable, GoldError
from rapportsvar.evaluation.feedback import (
    ACCEPTED,
    COMMENT_CHARS_MAX,
    DROPPED,
    Feedback,
    FeedbackStore,
    PointedPlace,
    Proposal,
)
from rapportsvar.evaluation.gold import read_gold
from rapportsvar.evaluation.proposals import FILE, KINDS, STYLES, Draft, accept, draft_of, gold_line
from rapportsvar.evaluation.words import word
from rapportsvar.model import EntryKind, QuestionKind, Span

TEXT = "Kostnaden ökade. Orsaken är fler barn.\nVerksamhet\tUtfall\nPlaceringar\t1 450\n"
CAUSE = "Orsaken är fler barn."
ROW = "Placeringar\t1 450"


class Reports:
    def __init__(self, text=TEXT):
        self._text = text

    def sources(self):
        return ["a.txt"]

    def text(self, source):
        return self._text


def place(quote=CAUSE, kind=EntryKind.PASSAGE, values=()):
    start = TEXT.index(quote)
    return PointedPlace("a.txt", Span(start, start + len(quote)), quote, kind, values)


def said(question="Varför ökade kostnaden?", where=None, **changes):
    return Feedback(
        question, **{"earlier": (), "kind": QuestionKind.WHY, "helped": True, "place": where, **changes}
    )


GIVE_MANY = """
import sys
from pathlib import Path
from rapportsvar.evaluation.feedback import Feedback, FeedbackStore
from rapportsvar.model import QuestionKind
for number in range(25):
    FeedbackStore(Path(sys.argv[1])).give(Feedback(f"Fråga {number}?", (), QuestionKind.WHY, True))
"""


@pytest.fixture
def store(tmp_path):
    return FeedbackStore(tmp_path / "feedback")


def only(store):
    [proposal] = store.proposals()
    return proposal


def test_folder_is_not_made_until_somebody_says_something(store):
    assert (store.proposals(), store.count()) == ([], 0)
    assert not store.folder.exists()


def test_feedback_is_read_back_as_it_was_given(store):
    given_ = said(where=place(ROW, EntryKind.ROW, ("1 450",)), earlier=("Hur gick det?",), comment=" Bra ")
    store.give(given_)
    assert only(store).feedback == Feedback(
        given_.question, given_.earlier, given_.kind, True, given_.place, "Bra"
    )


def test_long_words_are_cut(store):
    store.give(said(comment="å" * 5000))
    assert len(only(store).feedback.comment) == COMMENT_CHARS_MAX


def test_two_processes_may_write_at_once(store):
    command = [sys.executable, "-c", GIVE_MANY, str(store.folder)]
    both = [subprocess.Popen(command) for _ in range(2)]
    assert [process.wait(300) for process in both] == [0, 0]
    assert store.count() == 50


def test_only_one_of_two_editors_decides(store):
    store.give(said(where=place()))
    proposal = only(store)
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda n: bool(accept(store, proposal, draft_of(proposal.feedback), Reports()))
                             if n % 2 else store.drop(proposal), range(8)))  # fmt: skip
    assert sum(done) == 1
    lines = (store.folder / FILE).read_text("utf-8").count("\n") if (store.folder / FILE).exists() else 0
    assert (store.count(ACCEPTED), store.count(DROPPED)) == (lines, 1 - lines)


def test_accepted_proposals_are_a_gold_set(store):
    store.give(said(where=place()))
    store.give(said("Hur mycket?", place(ROW, EntryKind.ROW, ("1 450",)), kind=QuestionKind.HOW_MUCH))
    store.give(said("Och sedan?", None, helped=False, earlier=("Varför?",)))
    for proposal in store.proposals():
        assert accept(store, proposal, draft_of(proposal.feedback), Reports()) == store.folder / FILE
    gold = read_gold(store.folder / FILE, Reports())
    assert [q.kind for q in gold.questions] == ["why", "table_lookup", "unanswerable"]
    assert gold.questions[0].evidence[0].spans == (place().span,)
    assert gold.questions[1].values == ("1 450",)
    assert gold.questions[2].history == ("Varför?",)
    assert store.proposals() == []


def test_dropped_proposal_is_kept_as_dropped_and_not_shown_again(store):
    store.give(said())
    assert store.drop(only(store))
    assert (store.proposals(), store.count(DROPPED)) == ([], 1)
    assert not (store.folder / FILE).exists()


@pytest.mark.parametrize(
    ("where", "draft", "text"),
    [
        (place(), Draft("why"), "En annan text."),
        (place(), Draft("why"), f"Infört framför. {TEXT}"),
        (place(), Draft("why", values=("99",)), TEXT),
        (None, Draft("why"), TEXT),
    ],
    ids=["gone", "moved", "other value", "no place"],
)
def test_proposal_that_cannot_be_scored_stays_open(store, where, draft, text):
    store.give(said(where=where))
    with pytest.raises(GoldError):
        accept(store, only(store), draft, Reports(text))
    assert store.count() == 1
    assert not (store.folder / FILE).exists()


def test_proposal_stays_open_when_its_question_cannot_be_written(store):
    store.give(said(where=place()))
    (store.folder / FILE).mkdir()
    with pytest.raises(FeedbackUnwritable):
        accept(store, only(store), Draft("why"), Reports())
    assert store.count() == 1


def test_question_that_is_written_already_is_not_written_twice(store):
    store.give(said(where=place()))
    proposal = only(store)
    accept(store, proposal, Draft("why"), Reports())
    with sqlite3.connect(store.folder / "feedback.sqlite") as connection:
        connection.execute("UPDATE feedback SET status = 'open'")
    accept(store, proposal, Draft("why"), Reports())
    assert len(read_gold(store.folder / FILE, Reports()).questions) == 1


def test_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(FeedbackUnwritable, match=r"feedback\.folder"):
        FeedbackStore(tmp_path / "file").give(said())


@given(st.text(), st.sampled_from(KINDS))
def test_gold_line_is_one_line(question, kind):
    proposal = Proposal(1, "abc", datetime.now(UTC), said(question, place()))
    assert "\n" not in json.dumps(gold_line(proposal, Draft(kind)), ensure_ascii=False)


def test_every_kind_and_style_has_a_swedish_word():
    assert all(word(name) != name for name in {*KINDS, *STYLES} - {"definition"})


def test_what_is_old_is_erased_for_good_and_what_is_new_is_kept(store):
    store.give(said("Varför kostade zebran mer?"))
    store.give(said("Varför ökade kostnaden?"))
    with sqlite3.connect(store.folder / "feedback.sqlite") as db:
        db.execute("UPDATE feedback SET given = '2020-01-01T00:00:00+00:00' WHERE question LIKE '%zebran%'")
    assert store.forget(30) == 1
    assert only(store).feedback.question == "Varför ökade kostnaden?"
    assert b"zebran" not in (store.folder / "feedback.sqlite").read_bytes()
    assert store.forget() == 1
    assert store.count() == 0
    assert b"kostnaden" not in (store.folder / "feedback.sqlite").read_bytes()


def test_nothing_is_erased_where_nothing_was_said(tmp_path):
    assert FeedbackStore(tmp_path / "none").forget() == 0
    assert not (tmp_path / "none").exists()
