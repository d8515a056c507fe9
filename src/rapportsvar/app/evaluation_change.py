"""What changed since the run before: measures in pairs, and the questions that turned right or wrong."""

from __future__ import annotations

from collections.abc import Sequence

from rapportsvar.app import texts
from rapportsvar.app.evaluation_figures import told_figure
from rapportsvar.app.evaluation_misses import verdict
from rapportsvar.app.markup import EMPTY, Html, tag, together
from rapportsvar.evaluation.compare import Change, SetComparison
from rapportsvar.evaluation.figures import LESS_IS_BETTER
from rapportsvar.evaluation.rows import QuestionRow
from rapportsvar.evaluation.words import NONE, number, signed, word

SHOWN = (
    "hit@1",
    "hit@3",
    "hit@10",
    "highlight F1@3",
    "answerable kept",
    "unanswerable refused",
    "reason right",
    "elapsed ms p50",
)

SURE = 0.05


def draw_change(one: SetComparison) -> Html:
    """Draw the comparison of a set."""
    notes = (
        None if one.same_set else tag("p", texts.CHANGE_OTHER_SET, class_="note"),
        tag("p", texts.CHANGE_MEANS, class_="note"),
    )
    changes = [change for change in one.changes if change.name in SHOWN]
    return together(*notes, _table(changes), _questions(one.changed))


def _table(changes: Sequence[Change]) -> Html:
    heads = [
        tag("th", name, scope="col", class_="num" if n else None) for n, name in enumerate(texts.CHANGE_HEADS)
    ]
    table = tag(
        "table",
        tag("thead", tag("tr", heads)),
        tag("tbody", [_line(change) for change in changes]),
        class_="figures-table",
    )
    return tag("div", table, class_="scroller", tabindex=0, role="region", aria_label=texts.EVALUATION_CHANGE)


def _line(change: Change) -> Html:
    before, after = told_figure(change.name, change.before), told_figure(change.name, change.after)
    votes = f"{len(change.won)} / {len(change.lost)}" if change.p_sign is not None else NONE
    cells = (before, after, _difference(change), votes, number(change.p_permutation, 2))
    return tag(
        "tr",
        tag("th", word(change.name), scope="row"),
        [tag("td", cell, class_="num") for cell in cells],
        class_=_direction(change),
    )


def _difference(change: Change) -> Html:
    told = signed(change.name, change.difference)
    ends = f"{signed(change.name, change.low)} till {signed(change.name, change.high)}"
    return tag("span", told, title=texts.INTERVAL.format(ends))


def _direction(change: Change) -> str | None:
    """Better or worse, where chance alone would seldom do it."""
    if change.p_permutation is None or change.p_permutation >= SURE or not change.difference:
        return None
    return "better" if (change.difference > 0) != (change.name in LESS_IS_BETTER) else "worse"


def _questions(changed: Sequence[tuple[QuestionRow, QuestionRow]]) -> Html:
    turned = [pair for pair in changed if pair[0].missed != pair[1].missed]
    if not turned:
        return tag("p", texts.CHANGE_NONE)
    worse = [pair for pair in turned if pair[1].missed]
    better = [pair for pair in turned if not pair[1].missed]
    return together(_list(texts.CHANGE_WORSE, worse), _list(texts.CHANGE_BETTER, better))


def _list(title: str, pairs: Sequence[tuple[QuestionRow, QuestionRow]]) -> Html:
    if not pairs:
        return EMPTY
    items = [
        tag(
            "li",
            tag("strong", new.question),
            tag("span", texts.CHANGE_FROM_TO.format(verdict(old), verdict(new)), class_="note"),
        )
        for old, new in pairs
    ]
    return tag(
        "details", tag("summary", f"{title} ({len(pairs)})"), tag("ul", items), class_="changed-questions"
    )
