"""Who uses the application, and that no act is done without the right to it."""

import io
from types import SimpleNamespace

import pytest
import streamlit as st

from rapportsvar.app import correction_form, feedback_view, kept, library, proposals_view, shell, signing
from rapportsvar.config import AccessSettings, settings_from
from rapportsvar.engine.access import LOCAL, Reader, Role
from rapportsvar.engine.engine import build
from rapportsvar.errors import NotAllowed
from rapportsvar.evaluation.feedback import Feedback, FeedbackStore, PointedPlace
from rapportsvar.index.manifest import read_manifest
from rapportsvar.library.hiding import read_hidden
from rapportsvar.library.removal import removals, remove
from rapportsvar.model import EntryKind, QuestionKind, Span

SETTINGS = AccessSettings(on=True, session_minutes=60)
CLAIMS = {"iss": "https://i", "sub": "1", "iat": 1_000_000, "email": "anna@lindsjo.se", "is_logged_in": True}
TEXT = "# Årsredovisning 2022\n\n{} kommun\nSocialnämnden\n\n## Ekonomi\n\nKostnaden ökade med {} tkr.\n"
SEEN, UNSEEN = "uppladdat/a.md", "uppladdat/hemlig.md"


@pytest.mark.parametrize(
    ("seconds", "ended"),
    [(0, False), (3599, False), (3600, True), (90_000, True), (-299, False), (-301, True)],
)
def test_a_session_ends_when_it_is_old(seconds, ended):
    assert signing.has_ended(CLAIMS, SETTINGS, 1_000_000 + seconds) is ended


@pytest.mark.parametrize("iat", [None, 0, "1000000", True])
def test_a_session_of_no_known_age_has_ended(iat):
    assert signing.has_ended({**CLAIMS, "iat": iat}, SETTINGS, 1_000_001 if iat is not True else 2_000_000)


def test_a_session_that_was_signed_out_has_ended_everywhere(monkeypatch):
    monkeypatch.setattr(signing, "_ended", lambda: {("https://i", "1", 1_000_000)})
    assert signing.has_ended(CLAIMS, SETTINGS, 1_000_001)
    assert not signing.has_ended({**CLAIMS, "iat": 1_000_001}, SETTINGS, 1_000_002)
    assert not signing.has_ended({**CLAIMS, "sub": "2"}, SETTINGS, 1_000_002)


def test_a_session_that_was_signed_out_has_ended_though_streamlit_forgets_what_it_keeps():
    session = signing._session(CLAIMS)
    signing._ended().add(session)
    try:
        st.cache_resource.clear()  # a message that whoever is connected could send
        assert signing.has_ended(CLAIMS, SETTINGS, 1_000_001)
    finally:
        signing._ended().discard(session)


def test_an_address_that_the_provider_does_not_stand_for_is_nobody():
    assert signing.person_of(CLAIMS, SETTINGS) == "anna@lindsjo.se"
    assert signing.person_of({**CLAIMS, "email_verified": True}, SETTINGS) == "anna@lindsjo.se"
    assert signing.person_of({**CLAIMS, "email_verified": False}, SETTINGS) == ""
    assert signing.person_of({}, SETTINGS) == ""


def test_groups_are_those_of_the_claim_that_is_named():
    told = {"groups": ["a", "b"], "one": "c"}
    assert signing.groups_of(told, SETTINGS) == ()
    assert signing.groups_of(told, AccessSettings(groups_claim="groups")) == ("a", "b")
    assert signing.groups_of(told, AccessSettings(groups_claim="one")) == ("c",)
    assert signing.groups_of(told, AccessSettings(groups_claim="none")) == ()


def test_who_has_not_signed_in_is_nobody(monkeypatch):
    monkeypatch.setattr(signing, "reader", lambda: None)
    with pytest.raises(NotAllowed, match="inloggad"):
        signing.here()
    monkeypatch.setattr(signing, "reader", lambda: Reader("x", Role.NONE, ()))
    with pytest.raises(NotAllowed, match="läsare"):
        signing.here()


# acts


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An index with two uploaded reports, one of which the reader may not read."""
    settings = tmp_path / "rapportsvar.toml"
    settings.write_text('[embedding]\nmodel = "hash"\n', encoding="utf-8")
    monkeypatch.setenv("RAPPORTSVAR_SETTINGS", str(settings))
    index = tmp_path / "index"
    uploaded = index / "library" / "uppladdat"
    uploaded.mkdir(parents=True)
    for name, place in (("a.md", "Prövstad"), ("hemlig.md", "Ekåsen")):
        (uploaded / name).write_text(TEXT.format(place, 100), encoding="utf-8")
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "b.md").write_text(TEXT.format("Åkerby", 7), encoding="utf-8")
    build([tmp_path / "reports"], index, settings_from({"embedding": {"model": "hash"}}))
    monkeypatch.setattr(library, "updater", lambda _: SimpleNamespace(request=lambda: None))
    st.session_state.clear()
    return index


def _as(monkeypatch, role, patterns=("uppladdat/a*", "uppladdat/ny*")):
    reader = Reader("x", role, patterns)
    monkeypatch.setattr(signing, "reader", lambda: reader)
    return reader


def _state(folder):
    here = library.library(folder)
    return (
        sorted(path.name for path in here.uploaded.iterdir()),
        [note.source for note in read_hidden(here).notes],
        here.corrections.read_text() if here.corrections.exists() else "",
        [each.key for each in removals(here)],
    )


@pytest.mark.parametrize("role", [Role.NONE, Role.READER, Role.EDITOR])
@pytest.mark.parametrize(("act", "what"), [("ta-bort", SEEN), ("dolj", SEEN), ("visa", SEEN), ("angra", "x")])
def test_who_is_no_manager_removes_and_hides_nothing(folder, monkeypatch, role, act, what):
    if act == "angra":
        what = remove(library.library(folder), SEEN).key
    before = _state(folder)
    _as(monkeypatch, role)
    with pytest.raises(NotAllowed):
        library.act(folder, {"act": act, "what": what})
    assert _state(folder) == before


@pytest.mark.parametrize("act", [*library.ACTS])
def test_a_reader_does_nothing_of_all_that_buttons_do(folder, monkeypatch, act):
    before = _state(folder)
    for role in (Role.NONE, Role.READER):
        _as(monkeypatch, role, None)
        with pytest.raises(NotAllowed):
            library.act(folder, {"act": act, "what": f"title:{SEEN}" if act == "ater" else SEEN})
    assert _state(folder) == before


@pytest.mark.parametrize(
    ("act", "what"), [("ta-bort", UNSEEN), ("dolj", UNSEEN), ("ater", f"title:{UNSEEN}")]
)
def test_a_manager_does_nothing_with_reports_he_may_not_read_and_is_told_as_of_none(
    folder, monkeypatch, act, what
):
    before = _state(folder)
    _as(monkeypatch, Role.MANAGER)
    told = []
    for asked in (what, what.replace("hemlig", "finns-inte")):
        with pytest.raises(NotAllowed) as refused:
            library.act(folder, {"act": act, "what": asked})
        told.append(str(refused.value))
    assert told[0] == told[1]
    assert _state(folder) == before


def test_a_manager_removes_and_brings_back_what_he_may_read(folder, monkeypatch):
    _as(monkeypatch, Role.MANAGER)
    library.act(folder, {"act": "ta-bort", "what": SEEN})
    (removed,) = removals(library.library(folder))
    assert "a.md" not in _state(folder)[0]
    library.act(folder, {"act": "angra", "what": removed.key})
    assert "a.md" in _state(folder)[0]
    library.act(folder, {"act": "dolj", "what": SEEN})
    assert _state(folder)[1] == [SEEN]


def test_nobody_brings_back_a_report_that_he_may_not_read(folder, monkeypatch):
    key = remove(library.library(folder), UNSEEN).key
    _as(monkeypatch, Role.MANAGER)
    with pytest.raises(NotAllowed):
        library.act(folder, {"act": "angra", "what": key})
    assert "hemlig.md" not in _state(folder)[0]


@pytest.mark.parametrize(
    ("role", "name", "taken"),
    [
        (Role.READER, "ny.md", False),
        (Role.EDITOR, "ny.md", True),
        (Role.EDITOR, "hemlig.md", False),  # not told whether there is one of that name
        (Role.EDITOR, "okänd.md", False),
    ],
)
def test_who_may_upload_what(folder, monkeypatch, role, name, taken):
    _as(monkeypatch, role)
    outcome = library.take_in(folder, name, io.BytesIO(TEXT.format("Norrvika", 5).encode()))
    assert bool(outcome.source) is taken
    assert (name in _state(folder)[0]) is (taken or name == "hemlig.md")
    if not taken:
        assert "finns" not in outcome.why + outcome.todo


def test_the_same_bytes_as_a_report_that_may_not_be_read_are_not_told_of(folder, monkeypatch):
    data = (library.library(folder).uploaded / "hemlig.md").read_bytes()
    _as(monkeypatch, Role.EDITOR)
    outcome = library.take_in(folder, "ny.md", io.BytesIO(data))
    assert (outcome.source, outcome.why) == ("uppladdat/ny.md", "")
    seen = (library.library(folder).uploaded / "a.md").read_bytes()
    assert library.take_in(folder, "ny2.md", io.BytesIO(seen)).why == "Samma fil finns redan"


def test_a_reader_corrects_nothing(folder, monkeypatch):
    report = SimpleNamespace(source=SEEN, sha256="x", info=SimpleNamespace(title="Gammal"))
    monkeypatch.setattr(correction_form, "CHECKS", {"title": str})
    st.session_state[f"correct-title-x-{SEEN}"] = "Ny"
    before = _state(folder)
    for reader in (Reader("x", Role.READER, None), Reader("x", Role.EDITOR, ("annat/",))):
        monkeypatch.setattr(signing, "reader", lambda reader=reader: reader)
        with pytest.raises(NotAllowed):
            correction_form._save(folder, report)
    assert _state(folder) == before


def test_a_reader_sends_nothing_once_the_role_is_taken_away(tmp_path, monkeypatch):
    _as(monkeypatch, Role.NONE)
    talk = SimpleNamespace(question="Varför?", earlier=())
    answer = SimpleNamespace(kind=QuestionKind.WHY, found=False, hits=())
    feedback_view._send("n", tmp_path, talk, answer, (), True)
    assert FeedbackStore(tmp_path).count() == 0


@pytest.mark.parametrize("reader", [None, Reader("x", Role.NONE, ())])
def test_what_is_drawn_alone_of_an_answer_asks_who_looks_at_it(monkeypatch, reader):
    drawn, anew = [], []
    monkeypatch.setattr(feedback_view, "_draw_choice", drawn.append)
    monkeypatch.setattr(feedback_view.st, "rerun", lambda: anew.append(1))
    engine = SimpleNamespace(settings=settings_from({}))
    talk = SimpleNamespace(question="Varför?", earlier=(), filters=None, ignored=())
    shown = (engine, talk, SimpleNamespace(reason=None, found=True, hits=()))
    for who, times in ((reader, 0), (LOCAL, 1)):
        monkeypatch.setattr(signing, "reader", lambda who=who: who)
        feedback_view.draw_feedback.__wrapped__(*shown)
        assert len(drawn) == times
    assert anew == [1]


def test_only_editors_decide_on_proposals_and_only_of_reports_that_they_may_read(tmp_path, monkeypatch):
    store = FeedbackStore(tmp_path)
    for source in (SEEN, UNSEEN, None):
        place = PointedPlace(source, Span(0, 4), "text", EntryKind.PASSAGE, ()) if source else None
        store.give(Feedback("Varför ökade det?", (), QuestionKind.WHY, True, place, ""))
    seen, unseen, without = store.proposals()
    for role, proposals in ((Role.READER, (seen, unseen, without)), (Role.EDITOR, (unseen, without))):
        reader = _as(monkeypatch, role)
        assert [proposals_view._is_seen(p, reader) for p in (seen, unseen, without)] == [True, False, False]
        for proposal in proposals:
            proposals_view._drop(store, proposal)
    assert store.count() == 3
    _as(monkeypatch, Role.EDITOR)
    proposals_view._drop(store, seen)
    assert store.count() == 2


def test_updates_are_told_without_numbers_or_names_to_who_does_not_see_all(folder, monkeypatch):
    state = library.Updater(folder, library.library(folder)).state
    told = shell.replace(state, stage="reading", done=3, total=17, what="hemlig.md", todo="x")
    _as(monkeypatch, Role.MANAGER)
    assert "17" not in repr(shell._told_of(told))
    assert "hemlig" not in repr(shell._told_of(told))
    monkeypatch.setattr(signing, "reader", lambda: LOCAL)
    assert shell._told_of(told) == told


def test_the_reader_is_served_by_the_reports_that_he_may_read_and_by_others_once_that_changes(
    folder, monkeypatch
):
    monkeypatch.setenv("RAPPORTSVAR_INDEX", str(folder))
    _as(monkeypatch, Role.READER)
    assert kept.engine().sources() == [SEEN]
    assert kept.engine_for_reading(SEEN)[0].sources() == [SEEN]
    _as(monkeypatch, Role.READER, ("b.md", SEEN))
    assert kept.engine().sources() == ["b.md", SEEN]
    assert kept.engine_for_reading(SEEN)[0].sources() == ["b.md", SEEN]
    _as(monkeypatch, Role.READER, ("b.md",))
    assert kept.engine_for_reading(SEEN)[0].sources() == ["b.md"]
    monkeypatch.setattr(signing, "reader", lambda: LOCAL)
    assert len(kept.engine().sources()) == len(read_manifest(folder).sources) == 3
    assert kept.sees_all(kept.engine())
    _as(monkeypatch, Role.NONE)
    with pytest.raises(NotAllowed):
        kept.engine()
