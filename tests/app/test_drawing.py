from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapportsvar.app import address
from rapportsvar.app.address import Conversation, Place
from rapportsvar.app.citation import citation
from rapportsvar.app.lit import lit, quoted
from rapportsvar.app.markup import Html, label, tag
from rapportsvar.app.search_view import Search
from rapportsvar.app.source_view import find_in
from rapportsvar.app.swedish import counted, long_date_of, number
from rapportsvar.model import EntryKind, Filters, Highlight, Hit, Limiting, ReportInfo, Span

TODAY = date(2026, 11, 22)


def hit(text, *marks, start=0):
    spans = [Span(start + text.index(m), start + text.index(m) + len(m)) for m in marks]
    return Hit(
        rank=1,
        score=1.0,
        kind=EntryKind.PASSAGE,
        source="a/b.md",
        report=ReportInfo("Årsredovisning 2022", "Lindsjö", "socialnämnden", "årsredovisning", "2022", 2022,
                          "2023-02-14", "SN 2023/1"),
        section=("Ekonomi", "Placeringar"),
        span=Span(start, start + len(text)),
        text=text,
        highlights=tuple(Highlight(s, m) for s, m in zip(spans, marks, strict=True)),
    )  # fmt: skip


def test_text_is_escaped_once_and_html_is_not():
    assert tag("p", "<b>&", tag("i", "\"'")) == "<p>&lt;b&gt;&amp;<i>&quot;&#x27;</i></p>"
    assert tag("a", "x", href='"><script>') == '<a href="&quot;&gt;&lt;script&gt;">x</a>'


@given(st.text())
def test_no_text_makes_an_element(text):
    inner = tag("p", text).removeprefix("<p>").removesuffix("</p>")
    assert "<" not in inner
    assert ">" not in inner
    assert isinstance(tag("p", text), Html)


@pytest.mark.parametrize("text", ["**fet** $x$ [a](b) `c` :smile: # h", "<b>", "a_b_ ~~c~~ -> :a:"])
def test_label_leaves_no_mark_unescaped(text):
    shown = label(text)
    for mark in "*$[]`:#<>_~":
        assert all(shown[i - 1] == "\\" for i, c in enumerate(shown) if c == mark)


def test_marks_are_lit_in_order_and_joined():
    assert lit("ett två tre", Span(0, 11), [Span(8, 11), Span(0, 3), Span(2, 3)]) == (
        '<mark class="lit">ett</mark> två <mark class="lit">tre</mark>'
    )


def test_number_is_not_broken_over_lines():
    assert '<span class="whole">3 900 tkr</span>' in lit("kostar 3 900 tkr", Span(0, 16), [])


def test_quote_is_lit_among_its_neighbours():
    shown = quoted(hit("Före kom detta. Svaret är här. Efter kom mer.", "Svaret är här."))
    assert '<mark class="lit">Svaret är här.</mark>' in shown
    assert 'class="dim">Före kom detta. </span>' in shown


def test_citation_has_all_that_is_needed_to_look_it_up():
    words = citation(hit("Före. Svaret är här.", "Svaret är här.", start=100), TODAY)
    assert words == (
        "”Svaret är här.” Årsredovisning 2022, Lindsjö kommun, Socialnämnden, 2022, "
        "daterad 14 februari 2023, dnr SN 2023/1, avsnitt ”Ekonomi › Placeringar”, a/b.md, "
        "tecken 106–120. Hämtad 22 november 2026."
    )


@given(
    st.text(min_size=1).map(str.strip).filter(bool),
    st.lists(st.text(min_size=1).map(str.strip).filter(bool), max_size=3),
    st.integers(0, 10**9),
)
def test_conversation_survives_its_address(question, earlier, start):
    talk = Conversation(
        question,
        tuple(earlier),
        Filters("Lindsjö", None, (2022,)),
        Place("a/b ö.md", Span(start, start + 1)),
        ("alla",),
        (Limiting.MUNICIPALITY, Limiting.YEARS),
    )
    parsed = address.parse(talk.link())
    assert parsed is not None
    assert parsed[0] == address.ASK
    assert Conversation.read(parsed[1]) == talk


def test_search_survives_its_address():
    search = Search(
        "hemtjänst & bränsle", Filters("Åsbro", "nämnd", (2022,), "budget"), "tabell", "nyast", ("a:1-2",)
    )
    assert Search.read(address.parse(search.link())[1]) == search


@pytest.mark.parametrize(
    "target", ["https://example.com/", "//example.com", "javascript:alert(1)", "./annat", "/x"]
)
def test_address_elsewhere_is_not_followed(target):
    assert address.parse(target) is None


def test_words_are_found_in_any_case_and_over_line_breaks():
    assert find_in("Två  ord\nhär, TVÅ ord", "två ord") == (Span(0, 8), Span(14, 21))
    assert find_in("a.b", ".") == (Span(1, 2),)
    assert find_in("text", " ") == ()


def test_numbers_and_dates_are_swedish():
    assert number(1234567) == "1\u00a0234\u00a0567"
    assert counted(1, "träff", "träffar") == "1 träff"
    assert long_date_of("2023-02-14") == "14 februari 2023"
    assert long_date_of("våren 2023") == "våren 2023"
