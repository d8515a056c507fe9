"""The façade over three small reports."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import numpy as np
import pytest
from small_reports import build_small, write_reports

from rapportsvar.config import Settings, settings_from
from rapportsvar.engine.asker import EngineAsker
from rapportsvar.engine.encoders import LateEncoder, encoder_of
from rapportsvar.engine.engine import Engine, build
from rapportsvar.errors import IndexDamaged, IndexMissing, IndexStale
from rapportsvar.index import opened
from rapportsvar.model import Filters, Limiting, Reason

HASH = settings_from({"embedding": {"model": "hash"}})


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("engine")
    build([write_reports(folder / "reports")], folder / "index", HASH)
    return folder


@pytest.fixture(scope="module")
def engine(folder):
    engine = Engine.open(folder / "index", HASH)
    yield engine
    engine.close()


def test_the_first_hit_holds_the_cause(engine):
    answer = engine.ask("Varför ökade kostnaden för placeringar?")
    assert "konsulentstödda familjehem" in " ".join(hit.text for hit in answer.hits[:3])


def test_what_is_asked_of_an_unknown_municipality(engine):
    answer = engine.ask("Vad kostade skolskjutsen i Katrineholm?")
    assert (answer.found, answer.reason) == (False, Reason.UNKNOWN_MUNICIPALITY)
    assert "Norrvika" in answer.message


def test_a_filter_limits_the_hits(engine):
    answer = engine.ask("Vad kostade det?", filters=Filters(municipality="Norrvika"))
    assert {hit.report.municipality for hit in answer.hits} == {"Norrvika"}


def test_a_threshold_of_one_finds_nothing_and_of_zero_something(folder):
    for threshold, found in ((0, True), (1, False)):
        settings = settings_from({"embedding": {"model": "hash"}, "answering": {"threshold": threshold}})
        answer = Engine.open(folder / "index", settings).ask("Hur stor var sjukfrånvaron?")
        assert answer.found is found
        assert (answer.text != "") is found
        assert (answer.reason is None) is found


def test_threads_share_an_engine(engine):
    questions = ["Hur stor var sjukfrånvaron?", "Vad kostade skolskjutsen?", "Varför ökade placeringar?"] * 6
    alone = [engine.ask(q).hits for q in questions]
    with ThreadPoolExecutor(6) as pool:
        assert [answer.hits for answer in pool.map(engine.ask, questions)] == alone


def test_reports_sources_and_text(engine):
    assert engine.sources() == sorted(engine.sources())
    assert [report.source for report in engine.reports()] == engine.sources()
    for source in engine.sources():
        assert engine.text(source) == engine.index.store.report(source).text


def test_an_engine_over_no_reports_answers_nothing(tmp_path):
    build_small(write_reports(tmp_path / "reports", {"tom.txt": ""}), tmp_path / "index")
    engine = Engine.open(tmp_path / "index", HASH)
    answer = engine.ask("Varför ökade kostnaden för placeringar?")
    assert (answer.found, answer.hits) == (False, ())
    assert engine.search("placeringar").hits == ()


def test_opening_refuses(tmp_path, folder):
    with pytest.raises(IndexMissing):
        Engine.open(tmp_path / "nowhere", Settings())


@pytest.mark.slow
def test_an_index_of_another_model_is_refused(folder):
    with pytest.raises(IndexStale, match="hash-trigrams"):
        Engine.open(folder / "index", Settings())


def test_the_asker_describes_what_was_measured(engine):
    asker = EngineAsker(engine)
    described = json.loads(json.dumps(asker.describe()))
    assert described["model"] == "hash-trigrams-64"
    assert described["index"]["counts"]["reports"] == 3
    assert asker.sources() == engine.sources()
    assert asker.ask("Vad kostade skolskjutsen?")["hits"][0]["source"] == "norrvika/vb-2021.txt"


@pytest.mark.slow
@pytest.mark.parametrize("model", ["e5-small", "e5-small-plain", "hash"])
def test_the_late_encoder_knows_its_name_before_it_is_loaded(model):
    settings = settings_from({"embedding": {"model": model}})
    late = LateEncoder(settings, None)
    assert late.name == encoder_of(settings, None).name
    assert late.encode_passages(["a"]).shape == (1, late.dimensions)


@pytest.mark.parametrize("wording", ["i Lindsjö", "från Lindsjö kommun"])
def test_named_municipality_does_not_limit_when_it_is_ignored(engine, wording):
    question = f"Varför ökade kostnaden {wording}?"
    assert engine.ask(question).filters.municipality == "Lindsjö"
    answer = engine.ask(question, ignore=[Limiting.MUNICIPALITY])
    assert answer.filters == Filters()
    assert answer.set_aside.municipality == "Lindsjö"
    assert engine.understand(question, ignore=[Limiting.MUNICIPALITY]).reports == frozenset(
        engine.index.reports
    )


def test_municipality_without_reports_is_no_reason_when_it_is_ignored(engine):
    answer = engine.ask("Vad kostade skolskjutsen i Katrineholm?", ignore=[Limiting.MUNICIPALITY])
    assert answer.reason is not Reason.UNKNOWN_MUNICIPALITY
    assert answer.standalone == answer.question == "Vad kostade skolskjutsen i Katrineholm?"


def test_years_named_do_not_limit_when_they_are_ignored(engine):
    answer = engine.ask("Vad kostade placeringar 1999?", ignore=[Limiting.YEARS])
    assert answer.reason is not Reason.UNKNOWN_YEAR
    assert (answer.filters.years, answer.set_aside.years) == ((), (1999,))


def test_filters_beside_the_question_still_limit_when_its_words_are_ignored(engine):
    question = "Varför ökade kostnaden i Lindsjö?"
    limited = engine.ask(question, filters=Filters(municipality="Lindsjö"), ignore=[Limiting.MUNICIPALITY])
    assert {hit.report.municipality for hit in limited.hits} <= {"Lindsjö"}


def test_open_engines_share_one_encoder():
    adapted, plain = (
        settings_from({"embedding": {"model": name}}) for name in ("e5-small", "e5-small-plain")
    )
    one = encoder_of(adapted, None)
    assert encoder_of(adapted, None) is one
    assert encoder_of(plain, None) is not one
    assert encoder_of(settings_from({"embedding": {"model": "e5-small", "threads": 1}}), None) is not one


def test_file_that_says_where_to_read_is_named_and_not_the_one_that_was_read(tmp_path, monkeypatch):
    monkeypatch.setattr(opened, "CHECKED_AT_OPEN_BYTES", 0)  # as of a large index
    build([write_reports(tmp_path / "reports")], tmp_path / "index", HASH)
    (path,) = (tmp_path / "index").glob("generation-*/entries.npy")
    entries = np.load(path, mmap_mode="r+")
    entries["id"] += 1 << 40
    entries.flush()
    del entries
    with closing(Engine.open(tmp_path / "index", HASH)) as engine, pytest.raises(IndexDamaged) as told:
        engine.ask("Varför ökade kostnaden för placeringar?")
    assert told.value.where == str(path)
