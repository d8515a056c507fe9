import json
from dataclasses import replace

import pytest
from test_pages import QUESTION, drawn, page

from rapportsvar.app import texts, trouble
from rapportsvar.app.evaluation_figures import share, told_figure
from rapportsvar.config import load_settings
from rapportsvar.engine.asker import EngineAsker
from rapportsvar.engine.engine import Engine
from rapportsvar.errors import RapportsvarError
from rapportsvar.evaluation.feedback import DROPPED, FeedbackStore
from rapportsvar.evaluation.gold import read_gold
from rapportsvar.evaluation.kept import keep
from rapportsvar.evaluation.proposals import FILE
from rapportsvar.evaluation.run import evaluate
from rapportsvar.model import QuestionKind

GOLD = [
    {
        "id": "q1",
        "question": "Varför ökade kostnaden för placeringar?",
        "type": "why",
        "document": "provstad.md",
        "evidence": [
            {"quote": "eftersom fler barn placerades på institution", "kind": "passage", "relevance": 2}
        ],
    },
    {
        "id": "q2",
        "question": "Vad sägs om <b>farligheterna</b>?",
        "type": "status",
        "document": "provstad.md",
        "evidence": [{"quote": "Nämnden beslutade i maj", "kind": "passage", "relevance": 2}],
    },
    {
        "id": "q3",
        "question": "Hur många vargar finns det i Uppsala?",
        "type": "unanswerable",
        "document": None,
        "evidence": [],
    },
]


@pytest.fixture
def places(served, hash_index, tmp_path, monkeypatch):
    """Settings with folders of their own for runs and feedback; ``editing`` may be switched on."""
    path = tmp_path / "rapportsvar.toml"
    before = (hash_index / "rapportsvar.toml").read_text(encoding="utf-8")

    def write(editing):
        path.write_text(
            f'{before}\n[evaluation]\nruns = "{tmp_path / "runs"}"\n'
            f'[feedback]\nfolder = "{tmp_path / "feedback"}"\nediting = {str(editing).lower()}\n',
            encoding="utf-8",
        )

    write(False)
    monkeypatch.setenv("RAPPORTSVAR_SETTINGS", str(path))
    clear_caches()
    yield tmp_path, write
    clear_caches()


def clear_caches():
    import streamlit as st

    st.cache_resource.clear()


@pytest.fixture
def run(places, hash_index):
    """One run of the small gold set, kept; and the folder."""
    folder, _ = places
    (folder / "small.jsonl").write_text("\n".join(map(json.dumps, GOLD)), encoding="utf-8")
    engine = Engine.open(hash_index / "index", load_settings())
    asker = EngineAsker(engine)
    made = evaluate(asker, [read_gold(folder / "small.jsonl", asker)], resamples=50)
    engine.close()
    keep(made, folder / "runs")
    return made, folder


def test_page_says_which_command_measures_when_there_is_no_run(places):
    shown = drawn(page("evaluation"))
    assert texts.EVALUATION_NONE in shown
    assert "rapportsvar evaluate gold/*.jsonl" in shown


def test_last_run_is_shown_with_its_figures_and_groups(run):
    shown = drawn(page("evaluation"))
    assert "3 frågor med facit" in shown
    assert "har svaret bland de tre första träffarna" in shown
    assert ">varför<" in shown
    assert texts.RELIABILITY_TABLE in shown


def test_miss_leads_to_its_place_in_the_report(run):
    shown = drawn(page("evaluation"))
    assert texts.MISS_EXPECTED in shown
    assert 'href="./rapporter?rapport=provstad.md&amp;fran=' in shown


def test_question_of_a_gold_set_is_never_markup(run):
    assert "<b>" not in drawn(page("evaluation"))


def test_run_is_compared_with_the_one_before(run):
    made, folder = run
    rows = made.sets[0].rows
    better = replace(rows[1], rank=1, found=True, measures={**rows[1].measures, "hit@3": 1.0})
    later = replace(made, date="2099-01-01T00:00:00+00:00",
                    sets=(replace(made.sets[0], rows=(rows[0], better, *rows[2:])),))  # fmt: skip
    keep(later, folder / "runs")
    shown = drawn(page("evaluation"))
    assert texts.EVALUATION_CHANGE in shown
    assert texts.CHANGE_HEADS[4] in shown
    assert texts.EVALUATION_RUNS.format(2) in shown


def test_unreadable_run_is_named_and_the_others_are_still_reached(run):
    _, folder = run
    (folder / "runs" / "20990101T000000Z-abcdef.json").write_text("{")
    shown = drawn(page("evaluation"))
    assert texts.EVALUATION_UNREADABLE.format("20990101T000000Z-abcdef.json") in shown
    assert texts.EVALUATION_RUNS.format(2) in shown


def test_reports_that_have_changed_since_the_run_are_told(run):
    made, folder = run
    engine = {**made.engine, "index": {**made.engine["index"], "sources_sha256": "another"}}
    keep(replace(made, date="2099-01-01T00:00:00+00:00", engine=engine), folder / "runs")
    assert texts.EVALUATION_OTHER_INDEX in drawn(page("evaluation"))


def answer_no(shown):
    shown.button(key="feedback_no").click().run()
    return shown


def test_question_is_stored_only_when_the_button_is_pressed(places):
    folder, _ = places
    shown = page("ask", q=QUESTION)
    assert texts.FEEDBACK_HEADING in drawn(shown)
    answer_no(shown)
    assert texts.FEEDBACK_STORED in drawn(shown)
    assert not (folder / "feedback").exists()
    shown.text_area[0].set_value("Fel ställe.")
    next(b for b in shown.button if b.label == texts.FEEDBACK_SEND).click().run()
    assert texts.FEEDBACK_THANKS in drawn(shown)
    [proposal] = FeedbackStore(folder / "feedback").proposals()
    assert (proposal.feedback.question, proposal.feedback.helped) == (QUESTION, False)
    assert (proposal.feedback.comment, proposal.feedback.place) == ("Fel ställe.", None)


def test_reader_points_out_another_place(places):
    folder, _ = places
    shown = answer_no(page("ask", q=QUESTION))
    shown.radio[0].set_value(0)
    next(b for b in shown.button if b.label == texts.FEEDBACK_SEND).click().run()
    [proposal] = FeedbackStore(folder / "feedback").proposals()
    assert proposal.feedback.place.source == "provstad.md"
    assert proposal.feedback.kind is QuestionKind.WHY


def test_yes_points_at_the_answer_that_was_shown(places):
    folder, _ = places
    shown = page("ask", q=QUESTION)
    shown.button(key="feedback_yes").click().run()
    next(b for b in shown.button if b.label == texts.FEEDBACK_SEND).click().run()
    [proposal] = FeedbackStore(folder / "feedback").proposals()
    assert "Kostnaden för placeringar ökade" in proposal.feedback.place.quote


@pytest.mark.parametrize("question", ["Vad tjänar min granne?", "Tycker du att det är bra?"])
def test_nobody_is_asked_about_what_should_not_be_kept(places, question):
    shown = drawn(page("ask", q=question))
    assert texts.NO_ANSWER in shown
    assert texts.FEEDBACK_HEADING not in shown


def test_readers_questions_are_not_shown_where_editing_is_off(places):
    test_yes_points_at_the_answer_that_was_shown(places)
    shown = drawn(page("evaluation"))
    assert texts.PROPOSALS in shown
    assert "1 förslag väntar" in shown
    assert QUESTION not in shown


def test_editor_accepts_and_drops_proposals(places, hash_index):
    folder, write = places
    test_yes_points_at_the_answer_that_was_shown(places)
    test_reader_points_out = page("ask", q="Hur stor var budgeten för placeringar 2022?")
    answer_no(test_reader_points_out)
    next(b for b in test_reader_points_out.button if b.label == texts.FEEDBACK_SEND).click().run()
    write(True)
    clear_caches()
    shown = page("evaluation")
    assert QUESTION in drawn(shown)
    next(b for b in shown.button if b.label == texts.PROPOSAL_ACCEPT).click().run()
    assert texts.PROPOSAL_ACCEPTED.format(folder / "feedback" / FILE) in drawn(shown)
    next(b for b in shown.button if b.label == texts.PROPOSAL_DROP).click().run()
    assert texts.PROPOSAL_DROPPED in drawn(shown)
    store = FeedbackStore(folder / "feedback")
    assert (store.count(), store.count(DROPPED)) == (0, 1)
    engine = Engine.open(hash_index / "index", load_settings())
    [question] = read_gold(folder / "feedback" / FILE, engine).questions
    engine.close()
    assert question.question == QUESTION


def errors(kind=RapportsvarError):
    for one in kind.__subclasses__():
        yield one
        yield from errors(one)


@pytest.mark.parametrize("kind", sorted(set(errors()), key=lambda kind: kind.__name__))
def test_every_error_of_ours_is_told_in_swedish(kind):
    told = trouble.told(kind("The file is bad", where="x", todo="Correct it."))
    assert told in texts.ERRORS.values()
    assert "The file" not in told
    assert told in trouble.of_ours(kind("The file is bad"))


def test_most_errors_have_wording_of_their_own():
    named = {kind.__name__ for kind in errors()}
    assert set(texts.ERRORS) <= named | {"RapportsvarError"}


def test_shares_are_never_rounded_to_all_or_nothing():
    assert share(1) == "100\u00a0%"
    assert share(0.999) == "99,9\u00a0%"
    assert share(0.001) == "0,1\u00a0%"
    assert share(0.5) == "50\u00a0%"


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("hit@3", 0.916, "92\u00a0%"),
        ("ndcg@10", 0.875, "0,88"),
        ("elapsed ms p50", 18.4, "18\u00a0ms"),
        ("hit@1", None, "–"),
    ],
)
def test_figures_are_written_as_their_reader_knows_them(name, value, shown):
    assert told_figure(name, value) == shown
