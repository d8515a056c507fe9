"""What others build on: a name that goes away here breaks them."""

import dataclasses
import importlib
import inspect

import pytest

import rapportsvar.errors as errors
from rapportsvar.model import Answer, Hit

NAMES = {
    "rapportsvar": {"__version__"},
    "rapportsvar.config": {"Settings", "load_settings", "settings_from"},
    "rapportsvar.engine.engine": {"Engine", "SearchResult", "build"},
    "rapportsvar.engine.contract": {"answer_json", "search_json", "series_json", "report_json", "hit_json"},
    "rapportsvar.answering.series": {"Series", "Point"},
    "rapportsvar.answering.difference": {"Difference", "difference"},
    "rapportsvar.engine.asker": {"EngineAsker"},
    "rapportsvar.engine.doctor": {"Finding", "examine"},
    "rapportsvar.engine.backup": {"Places", "back_up", "restore"},
    "rapportsvar.engine.health": {"Health", "health"},
    "rapportsvar.index.build": {"BuildSummary", "Progress", "build_index"},
    "rapportsvar.index.opened": {"OpenIndex", "open_index"},
    "rapportsvar.index.manifest": {"Manifest", "read_manifest", "check_files"},
    "rapportsvar.index.store": {"Store", "StoredReport", "Outline"},
    "rapportsvar.index.embedding.base": {"Encoder", "HashEncoder"},
    "rapportsvar.index.embedding.load": {"load_encoder"},
    "rapportsvar.model": {
        "Answer",
        "Filters",
        "Hit",
        "Highlight",
        "CellAnswer",
        "Reason",
        "QuestionKind",
        "Span",
    },
    "rapportsvar.cli": {"main"},
}
ERRORS = {
    *("ReaderNotStarted", "IndexOlder", "IndexNewer", "IndexUnreadable"),
    *("RapportsvarError", "SettingsError", "ReadingError", "EmptyReport", "NotText", "UnknownFormat"),
    *("EncryptedReport", "NoTextLayer", "ReaderFailed", "ReportTooLarge"),
    *(
        "VanishedReport",
        "NoReports",
        "IndexUnusable",
        "IndexMissing",
        "IndexStale",
        "IndexDamaged",
        "IndexAway",
    ),
    *("IndexForeign", "IndexBusy", "IndexUnwritable", "ModelError", "ModelDamaged", "ModelUnwritable"),
    *("ExtraMissing", "UnknownReport", "UnknownName", "CitationError", "GoldError", "FeedbackUnwritable"),
    *("NotAllowed", "WorkersUnusable", "WorkersAway", "WorkersUnlike"),
    *("BackupError", "BackupRefused", "BackupDamaged", "TooManyAtOnce"),
    *("LibraryError", "UploadRefused", "NameTaken", "NotUploaded", "CorrectionRefused", "LibraryDamaged"),
}
ENGINE = {
    "open": ["folder", "settings", "talk"],
    "ask": ["self", "question", "history", "filters", "top"],
    "search": ["self", "words", "filters", "top"],
    "reports": ["self"],
    "sources": ["self"],
    "text": ["self", "source"],
    "close": ["self"],
}


@pytest.mark.parametrize("module", NAMES)
def test_names_are_there(module):
    assert NAMES[module] <= set(vars(importlib.import_module(module)))


def test_the_engine_takes_what_it_took():
    from rapportsvar.engine.engine import Engine

    for name, wanted in ENGINE.items():
        assert [*inspect.signature(getattr(Engine, name)).parameters][: len(wanted)] == wanted


def test_the_tree_of_errors_is_whole_and_drawn():
    there = {
        name for name, value in vars(errors).items() if inspect.isclass(value) and not name.startswith("_")
    }
    assert there == ERRORS
    assert all(name in errors.__doc__ for name in ERRORS)


def test_answers_and_hits_have_the_fields_they_had():
    assert {f.name for f in dataclasses.fields(Answer)} >= {
        *("question", "standalone", "language", "kind", "found", "confidence", "reason", "message", "text"),
        *("elapsed_ms", "filters", "hits", "spelling"),
    }
    assert {f.name for f in dataclasses.fields(Hit)} >= {
        *("rank", "score", "kind", "source", "report", "section", "span", "text", "highlights", "cells"),
        *("page", "boxes", "elsewhere"),
    }
