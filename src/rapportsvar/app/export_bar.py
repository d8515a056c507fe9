"""The line from which hits are downloaded: which of them, and as what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial

import streamlit as st

from rapportsvar.app import kept, media, shell, texts
from rapportsvar.app.choice import Choice, chosen_or_all
from rapportsvar.app.export import Export, csv_file, exported
from rapportsvar.app.export_excel import excel_file
from rapportsvar.app.export_word import word_file
from rapportsvar.app.markup import Html, label, show, tag
from rapportsvar.app.swedish import number
from rapportsvar.engine.engine import Engine
from rapportsvar.model import Hit


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file that hits are written as."""

    name: str
    ending: str
    mime: str
    write: Callable[[Export], bytes]


OFFICE = "application/vnd.openxmlformats-officedocument"
FORMATS = (
    Format("Word", "docx", f"{OFFICE}.wordprocessingml.document", word_file),
    Format("Excel", "xlsx", f"{OFFICE}.spreadsheetml.sheet", excel_file),
    Format("CSV", "csv", "text/csv", csv_file),
)


def draw_export(engine: Engine, asked: str, choice: Choice) -> None:
    """Draw the buttons, and how many hits they write.

    Args:
        engine: Over which the hits were found.
        asked: The question, or the words.
        choice: The hits.
    """
    today = date.today()
    name = texts.EXPORT_FILE.format(today.isoformat())
    write = partial(_content, engine, asked, tuple(chosen_or_all(choice)), shell.base_address(), today)
    with st.container(key="export"):
        show(_choices(choice))
        with st.container(key="export_buttons", horizontal=True, vertical_alignment="center"):
            for form in FORMATS:
                file_name = f"{name}.{form.ending}"
                st.download_button(
                    label(texts.EXPORT.format(form.name)),
                    # Made when it is clicked: a Word file takes its time.
                    data=media.made_when_clicked(partial(write, form), form.mime, file_name),
                    file_name=file_name,
                    mime=form.mime,
                    on_click="ignore",
                    key=f"export_{form.ending}",
                )


def _content(
    engine: Engine, asked: str, hits: tuple[Hit, ...], base: str, today: date, form: Format
) -> bytes:
    excerpt_of = partial(kept.tables(engine).excerpt, neighbours=0)
    return form.write(
        Export(asked, tuple(exported(hit, base, engine.text, excerpt_of) for hit in hits), today)
    )


def _choices(choice: Choice) -> Html:
    chosen = len(choice.chosen)
    note = texts.CHOSEN.format(number(chosen)) if chosen else texts.EXPORT_ALL.format(len(choice.shown))
    return tag(
        "div",
        tag("h2", texts.EXPORT_HEADING),
        choice.box_of_all(),
        tag("p", note, class_="note", role="status"),
        class_="export-head",
    )
