"""What happens in the library as HTML: uploads and their outcomes, the update, what was removed or hidden."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rapportsvar.app import texts
from rapportsvar.app.address import REPORTS, link
from rapportsvar.app.citation import place_name
from rapportsvar.app.facts import title_of
from rapportsvar.app.library import Outcome
from rapportsvar.app.markup import EMPTY, Html, tag, together
from rapportsvar.app.shelf_view import draw_removal
from rapportsvar.app.swedish import capital, counted, long_date, number
from rapportsvar.engine.looking import Look
from rapportsvar.engine.updating import Doing, UpdateState
from rapportsvar.library.notes import Note
from rapportsvar.library.place import Library
from rapportsvar.library.removal import Removed


def draw_update(state: UpdateState, *, answers_meanwhile: bool = True) -> Html:
    """Draw how far an update of the index has come, or why it could not be made."""
    if state.doing is Doing.FAILED:
        return tag(
            "section",
            tag("p", tag("strong", texts.UPDATE_FAILED), ". ", texts.UPDATE_FAILED_MEANS),
            tag("p", f"{state.what} {state.todo}".strip(), class_="note"),
            tag("div", _button(texts.TRY_AGAIN, "uppdatera", ""), class_="actions"),
            class_="update failed",
            role="alert",
        )
    if not state.is_busy:
        return EMPTY
    stage = texts.STAGES.get(state.stage, texts.STAGE_WAITING)
    if state.stage == "embedding" and state.done >= state.total:
        stage = texts.STAGE_WRITING
    far = texts.OF.format(number(state.done), number(state.total)) if 0 < state.done < state.total else ""
    return tag(
        "section",
        tag("p", tag("strong", texts.UPDATING), f": {stage.lower()} {far}".rstrip() + "."),
        tag(
            "progress",
            far,
            value=state.done if far else None,
            max=state.total if far else None,
            aria_label=texts.UPDATING,
        ),
        tag("p", texts.UPDATING_MEANWHILE, class_="note") if answers_meanwhile else None,
        class_="update",
        role="status",
    )


def draw_reading_progress(done: int, total: int, name: str) -> Html:
    """Draw which of the uploaded files is read."""
    return tag(
        "section",
        tag("p", texts.READING.format(done + 1, total, name)),
        tag("progress", "", value=done, max=total, aria_label=texts.READING.format(done + 1, total, name)),
        class_="update",
        role="status",
    )


def draw_outcomes(outcomes: Sequence[Outcome], indexed: Mapping[str, str]) -> Html:
    """Draw what became of each uploaded file.

    Args:
        outcomes: In the order in which they were read.
        indexed: Sources that can be asked about now, with the hash of their bytes.
    """
    if not outcomes:
        return EMPTY
    items = [tag("li", _outcome(outcome, indexed), class_=_kind(outcome)) for outcome in outcomes]
    return tag(
        "section",
        tag("h2", texts.OUTCOMES),
        tag("ul", items),
        tag("div", _button(texts.OUTCOMES_CLEAR, "rensa", ""), class_="actions"),
        class_="outcomes",
        role="status",
    )


def draw_just_removed(removed: Removed) -> Html:
    """Say that a report was removed, with the way back."""
    name = removed.title or removed.source
    undo = _button(texts.UNDO, "angra", removed.key, about=name)
    return tag("p", texts.REMOVED_NOW.format(name), " ", undo, class_="told", role="status")


def draw_failures(failures: Mapping[str, str], library: Library, *, may_change: bool) -> Html:
    """Draw the files that could not be read, each with the reason."""
    if not failures:
        return EMPTY
    items = [
        tag(
            "li",
            tag("span", source, class_="file"),
            tag("span", why),
            draw_removal(source, source) if may_change and library.holds(source) else None,
        )
        for source, why in failures.items()
    ]
    return tag("section", tag("h2", texts.FAILED), tag("ul", items), class_="plain-list failures")


def draw_left_out(library: Library, removed: Sequence[Removed], hidden: Sequence[Note]) -> Html:
    """Draw what was hidden and what was removed, each with the way back."""
    return together(_hidden(hidden), _removed(library, removed))


def _hidden(hidden: Sequence[Note]) -> Html:
    if not hidden:
        return EMPTY
    items = [
        tag(
            "li",
            tag("span", note.values.get("title") or note.source),
            tag("span", note.source, class_="file"),
            _button(texts.SHOW_AGAIN, "visa", note.source, about=note.values.get("title") or note.source),
        )
        for note in hidden
    ]
    return tag(
        "section",
        tag("h2", texts.HIDDEN_HEADING),
        tag("p", texts.HIDDEN_NOTE, class_="note"),
        tag("ul", items),
        class_="plain-list",
        id="dolda",
    )


def _removed(library: Library, removed: Sequence[Removed]) -> Html:
    if not removed:
        return EMPTY
    items = [
        tag(
            "li",
            tag("span", each.title or each.source),
            tag("span", texts.REMOVED_NOTE.format(long_date(each.until(library).date())), class_="file"),
            _button(texts.BRING_BACK, "angra", each.key, about=each.title or each.source),
        )
        for each in removed
    ]
    return tag(
        "section", tag("h2", texts.REMOVED_HEADING), tag("ul", items), class_="plain-list", id="borttagna"
    )


def _outcome(outcome: Outcome, indexed: Mapping[str, str]) -> Html:
    is_ready = bool(outcome.source) and indexed.get(outcome.source) == outcome.sha256
    name = tag("p", outcome.name, class_="name")
    if outcome.waiting:
        key = outcome.waiting.path.parent.name
        choices = (
            _button(texts.OUTCOME_REPLACE, "ersatt", key, about=outcome.name),
            _button(texts.OUTCOME_NUMBER, "numrera", key, about=outcome.name),
            _button(texts.OUTCOME_FORGO, "avsta", key, about=outcome.name),
        )
        return together(name, tag("p", f"{outcome.why}."), tag("div", choices, class_="actions"))
    open_link = (
        tag("a", texts.OUTCOME_OPEN, href=link(REPORTS, {"rapport": outcome.source}), data_go=True)
        if is_ready
        else None
    )
    if outcome.why:
        said = f"{texts.OUTCOME_NOT.format(outcome.why)} {outcome.todo}".strip()
        return together(name, tag("p", said, " ", open_link))
    look = outcome.look or Look()
    soon = texts.OUTCOME_READY if is_ready else texts.OUTCOME_SOON
    return together(
        name,
        tag("p", _whose(look), class_="whose") if _whose(look) else None,
        tag("p", texts.OUTCOME_READ.format(_found(look)), " ", soon, " ", open_link),
        tag("ul", [tag("li", warning) for warning in look.warnings], class_="warnings")
        if look.warnings
        else None,
    )


def _kind(outcome: Outcome) -> str:
    return "asks" if outcome.waiting else "not" if outcome.why else "taken"


def _found(look: Look) -> str:
    parts = (
        counted(look.pages, texts.PAGE_ONE, texts.PAGE_MANY) if look.pages else "",
        counted(look.sections, texts.SECTION_ONE, texts.SECTION_MANY),
        counted(look.passages, texts.PASSAGE_ONE, texts.PASSAGE_MANY),
        counted(look.tables, texts.TABLE_ONE, texts.TABLE_MANY),
    )
    return ", ".join(filter(None, parts))


def _whose(look: Look) -> str:
    info = look.info
    said = (title_of(info), place_name(info.municipality), capital(info.board), info.period)
    return " · ".join(filter(None, said))


def _button(name: str, act: str, what: str, *, about: str = "") -> Html:
    return tag(
        "button",
        name,
        type="button",
        class_="action",
        data_act=act,
        data_what=what,
        aria_label=f"{name}: {about}" if about else None,
    )
