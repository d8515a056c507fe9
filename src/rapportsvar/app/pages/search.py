"""Sök: words, facets, hits by report, and export."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from rapportsvar.app import kept, shell, texts
from rapportsvar.app.choice import Choice
from rapportsvar.app.export_bar import draw_export
from rapportsvar.app.lit import quoted
from rapportsvar.app.markup import EMPTY, Html, show, tag
from rapportsvar.app.search_view import (
    BY_YEAR,
    FORMS,
    Search,
    draw_facets,
    draw_hits,
    draw_sorts,
    draw_years,
    ordered,
)
from rapportsvar.app.swedish import counted, number
from rapportsvar.app.table_view import draw_excerpt
from rapportsvar.engine.engine import Engine, SearchResult
from rapportsvar.model import Hit

FIELD = "words"
SHOWN_MAX = 50
TOPICS_MAX = 12


def draw() -> None:
    """Draw the search that the address names."""
    engine = kept.engine()
    search = Search.read(shell.values())
    show(tag("div", tag("h1", texts.SEARCH_HEADING), class_="page-head wide", id="innehall"))
    st.text_input(
        texts.SEARCH_LABEL,
        value=search.words,
        key=FIELD,
        on_change=_searched,
        placeholder=texts.SEARCH_PLACEHOLDER,
    )
    if not search.words:
        show(tag("p", texts.SEARCH_EMPTY, class_="note"))
        show(_topics(search, [measure.name for measure in kept.measures(engine)[:TOPICS_MAX]]))
        return
    with kept.in_turn():
        result = engine.search(
            search.words, filters=search.filters, form=FORMS.get(search.form), top=SHOWN_MAX
        )
        facets = _facets(engine, search, result)
    hits = ordered(result.hits, search.order)
    with st.container(key="search_body"):
        narrow, found = st.columns([1, 3])
        with narrow:
            show(draw_facets(search, facets))
        with found:
            show(_result_head(search, result, len(hits)))
            show(draw_years(search, facets["year"]))
            _draw_found(engine, search, hits)


def _topics(search: Search, names: Sequence[str]) -> Html:
    if not names:
        return EMPTY
    links = [
        tag("a", name, href=replace(search, words=name).link(), data_go=True, class_="chip") for name in names
    ]
    return tag("section", tag("h2", texts.SEARCH_TOPICS), tag("div", links, class_="chips"), class_="narrow")


def _draw_found(engine: Engine, search: Search, hits: Sequence[Hit]) -> None:
    if not hits:
        show(tag("p", texts.SEARCH_NONE, role="status"))
        return
    choice = Choice(search.chosen, tuple(hits), search.choosing)
    draw_export(engine, search.words, choice)
    by_year = search.order in BY_YEAR
    show(draw_hits(hits, choice, lambda hit: _drawn(engine, hit), by_year=by_year))


def _drawn(engine: Engine, hit: Hit) -> Html:
    excerpt = kept.tables(engine).excerpt(hit, neighbours=0)
    if excerpt is None:
        return tag("blockquote", tag("p", quoted(hit)), class_="quote")
    return draw_excerpt(excerpt, engine.text(hit.source), [cell.span for cell in hit.cells], alone=True)


def _result_head(search: Search, result: SearchResult, shown: int) -> Html:
    forms = result.facets["form"]
    total = forms.get(search.form, 0) if search.form else sum(forms.values())
    count = texts.SEARCH_COUNT.format(counted(total, texts.HIT_ONE, texts.HIT_MANY), search.words)
    spelling = [
        tag("span", tag("del", wrong), " ", tag("ins", right), class_="spelled")
        for wrong, right in result.spelling
    ]
    return tag(
        "div",
        tag("h2", count, role="status"),
        draw_sorts(search) if shown else None,
        tag("p", tag("span", texts.SPELLED, class_="label"), " ", spelling) if spelling else None,
        tag("p", _counted(result, shown, total), class_="note"),
        class_="result-head",
    )


def _counted(result: SearchResult, shown: int, total: int) -> str:
    """Say what was counted, and how much of it is shown; nothing where that is plain."""
    if shown and not total:
        return texts.SEARCH_NEAR
    every = result.with_all_words
    said = (
        texts.SEARCH_ANY.format(number(every) if every else texts.NONE_OF_THEM) if every is not None else "",
        texts.SEARCH_SHOWN.format(shown) if shown < total else "",
        texts.SEARCH_MORE_NEAR.format(shown - total) if shown > total else "",
    )
    return " ".join(filter(None, said)) if total else ""


def _facets(engine: Engine, search: Search, result: SearchResult) -> Mapping[str, Mapping[str, int]]:
    """Count each facet as if it were not limited itself, so that its other values can be chosen."""
    facets = dict(result.facets)
    for name in texts.FACETS:
        if name != "form" and search.value_of(name):
            wider = engine.search(
                search.words, filters=search.limited(name, "").filters, form=FORMS.get(search.form), top=1
            )
            chosen = result.facets[name].get(search.value_of(name), 0)
            facets[name] = {**wider.facets[name], search.value_of(name): chosen}
    return facets


def _searched() -> None:
    """Put the words in the address; limits stay, what was chosen does not."""
    words = str(st.session_state.get(FIELD) or "").strip()
    shell.go(replace(Search.read(shell.values()), words=words, chosen=()).link())
