"""Every command through ``main``, over a tiny index with the encoder that is no model."""

import io
import json
import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from small_reports import ASBRO, HASH_SETTINGS, LINDSJO, REPORTS, write_reports

from rapportsvar.cli import commands, main
from rapportsvar.evaluation.kept import kept_runs

QUESTION = "Varför ökade kostnaden för placeringar i Lindsjö?"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder with reports, settings and an index."""
    folder = tmp_path_factory.mktemp("cli")
    write_reports(folder / "reports")
    runs = json.dumps(str(folder / "runs"))
    (folder / "hash.toml").write_text(f"{HASH_SETTINGS}\n[evaluation]\nruns = {runs}\n")
    settings = ["--settings", str(folder / "hash.toml")]
    assert (
        main([*settings, "index", str(folder / "reports"), "--index", str(folder / "index"), "--json"]) == 0
    )
    return folder


@pytest.fixture
def run(made, capsys):
    def call(*arguments, index=True):
        where = ["--index", str(made / "index")] if index else []
        status = main(["--settings", str(made / "hash.toml"), *map(str, arguments), *where])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return call


# index


def test_index_tells_what_it_did(run, made, tmp_path):
    reports = write_reports(tmp_path / "reports")
    (reports / "tom.txt").write_bytes(b"")
    (reports / "bild.png").write_bytes(b"x")
    status, out, err = run("index", reports, "--index", tmp_path / "index", index=False)
    assert (status, out) == (0, "")
    assert "3 rapporter:" in err
    assert "3 nya, 0 ändrade, 0 borttagna, 0 oförändrade, 1 kunde inte läsas" in err
    assert "Kunde inte läsas: tom.txt" in err
    assert "Utelämnad: bild.png" in err


def test_index_moves_to_milvus_and_every_command_reads_it_there(run, made, tmp_path, capsys):
    pytest.importorskip("milvus_lite", reason="the extra milvus is not installed")
    uri = tmp_path / "milvus.db"
    status, out, err = run("index", "--to", uri)
    assert (status, out) == (0, "")
    assert "Flyttat till" in err
    assert "3 rapporter" in err
    settings = tmp_path / "milvus.toml"
    settings.write_text(f"{HASH_SETTINGS}[index]\nengine = 'milvus'\nuri = '{uri}'\n", "utf-8")
    where = ["--index", str(tmp_path / "empty")]
    for command in (["ask", QUESTION, "--json"], ["text", "lindsjo/ar-2022.txt"], ["reports", "--json"]):
        here = run(*command)[1]
        assert main(["--settings", str(settings), *command, *where]) == 0
        assert _timeless(capsys.readouterr().out) == _timeless(here)
    main(["--settings", str(settings), "doctor", *where])
    assert f"{uri}: 3 rapporter" in capsys.readouterr().out


def _timeless(out):
    return re.sub(r'"elapsed_ms": [0-9.]+', "", out)


@pytest.mark.parametrize("beside", [["x"], ["--watch"], ["--no-adapt"], ["--scheduler", "local"]])
def test_index_to_another_place_takes_nothing_beside_it(run, beside, tmp_path):
    status, _, err = run("index", "--to", tmp_path / "milvus.db", *beside)
    assert status == 2
    assert "--to" in err


def test_index_as_json_is_one_line(run, made):
    status, out, err = run("index", made / "reports", "--json")
    summary = json.loads(out)
    assert (status, err, out.count("\n")) == (0, "", 1)
    assert summary["unchanged"] == 3
    assert set(summary) >= {
        "new",
        "changed",
        "removed",
        "failures",
        "skipped",
        "embedded",
        "counts",
        "seconds",
    }


def test_index_without_reports(run, tmp_path):
    status, out, err = run("index", tmp_path / "nowhere", "--index", tmp_path / "index", index=False)
    assert (status, out, err.count("\n")) == (1, "", 1)
    assert "nowhere" in err


# ask


def test_ask_quotes_its_sources(run):
    status, out, err = run("ask", QUESTION)
    assert (status, err) == (0, "")
    assert "lindsjo/ar-2022.txt [" in out


TYPES = {
    "id": (str, type(None)),
    "question": str,
    "standalone": str,
    "language": str,
    "kind": str,
    "found": bool,
    "confidence": float,
    "reason": (str, type(None)),
    "message": (str, type(None)),
    "answer": str,
    "elapsed_ms": float,
    "filters": dict,
    "hits": list,
}
HIT_TYPES = {
    "rank": int,
    "score": float,
    "kind": str,
    "source": str,
    "report": dict,
    "section": list,
    "page": (int, type(None)),
    "boxes": list,
    "start": int,
    "end": int,
    "text": str,
    "highlights": list,
    "cells": list,
}
REPORT_KEYS = {"title", "municipality", "board", "kind", "period", "year", "date", "reference"}
CELL_KEYS = {"row", "column", "value", "unit", "start", "end"}
KINDS = {
    *("why", "how_much", "who", "when", "which", "status", "definition", "yes_no", "comparison"),
    *("development", "other"),
}


def check_answer(answer):
    """The contract of design.md, "An answer as JSON"."""
    for key, kind in TYPES.items():
        assert isinstance(answer[key], kind), key
    assert answer["kind"] in KINDS
    assert 0 <= answer["confidence"] <= 1
    assert answer["found"] == (answer["reason"] is None)
    assert {"municipality", "board", "years"} <= set(answer["filters"])
    assert [hit["rank"] for hit in answer["hits"]] == list(range(1, len(answer["hits"]) + 1))
    for hit in answer["hits"]:
        check_hit(hit)


def check_hit(hit):
    for key, kind in HIT_TYPES.items():
        assert isinstance(hit[key], kind), key
    assert set(hit["report"]) >= REPORT_KEYS
    assert hit["kind"] in ("passage", "row")
    text = REPORTS[hit["source"]]
    assert text[hit["start"] : hit["end"]] == hit["text"]
    assert hit["highlights"]
    for mark in hit["highlights"]:
        assert hit["start"] <= mark["start"] < mark["end"] <= hit["end"]
        assert text[mark["start"] : mark["end"]] == mark["text"]
    for cell in hit["cells"]:
        assert set(cell) >= CELL_KEYS
        assert hit["start"] <= cell["start"] < cell["end"] <= hit["end"]
        assert text[cell["start"] : cell["end"]] == cell["value"]


@pytest.mark.parametrize(
    "question",
    [
        QUESTION,
        "Hur stor var sjukfrånvaron?",
        "Vad blev bokslutet för placeringar barn 2022?",
        "Vad tycker du?",
        "",
        "Vad kostade skolskjutsen i Katrineholm?",
        "x" * 700,
    ],
)
def test_ask_as_json_keeps_the_contract(run, question):
    status, out, _ = run("ask", question, "--json")
    assert (status, out.count("\n")) == (0, 1)
    answer = json.loads(out)
    check_answer(answer)
    assert (answer["id"], answer["question"]) == (None, question)


def test_ask_with_filters_and_top(run):
    _, out, _ = run(
        "ask", "Vad kostade det?", "--json", "--top", 1, "--municipality", "Norrvika", "--year", 2021
    )
    hits = json.loads(out)["hits"]
    assert [hit["source"] for hit in hits] == ["norrvika/vb-2021.txt"]


def test_a_batch_is_answered_line_by_line_in_order(run, tmp_path):
    batch = tmp_path / "batch.jsonl"
    lines = [
        {"id": "b", "question": QUESTION, "type": "why"},
        {"id": "a", "question": "Och i Norrvika?", "history": [QUESTION]},
        {"question": "rad\u2028skild"},
    ]
    written = "\n\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    batch.write_text("\ufeff" + written, encoding="utf-8")
    status, out, err = run("ask", "--batch", batch, "--json")
    answers = [json.loads(line) for line in out.removesuffix("\n").split("\n")]
    assert (status, err) == (0, "")
    assert [answer["id"] for answer in answers] == ["b", "a", None]
    assert [answer["question"] for answer in answers] == [line["question"] for line in lines]
    for answer in answers:
        check_answer(answer)


@pytest.mark.parametrize(
    "line", ["no json", "[]", '{"id": 1}', '{"question": 3}', '{"question": "a", "history": 1}']
)
def test_a_line_of_a_batch_that_is_no_question_is_named(run, tmp_path, line):
    batch = tmp_path / "batch.jsonl"
    batch.write_text(f'{{"question": "Vad?"}}\n{line}\n')
    status, out, err = run("ask", "--batch", batch)
    assert (status, out) == (1, "")
    assert "batch.jsonl:2" in err


def test_ask_wants_one_question_or_a_batch(run, tmp_path):
    assert run("ask")[0] == 2
    assert run("ask", "Vad?", "--batch", tmp_path / "x")[0] == 2


def test_ask_without_an_index_says_how_to_build_one(run, tmp_path):
    status, out, err = run("ask", "Vad?", "--index", tmp_path / "nowhere", index=False)
    assert (status, out, err.count("\n")) == (1, "", 1)
    assert err.startswith("rapportsvar: ")
    assert "rapportsvar index" in err


# search, reports, text


def test_search(run):
    status, out, _ = run("search", "sjukfrånvaro", "--json")
    found = json.loads(out)
    assert status == 0
    assert set(found) >= {"words", "facets", "hits"}
    assert found["hits"][0]["source"] == "asbro/delar-2023.md"
    assert set(found["facets"]) == {"municipality", "board", "year", "kind", "form"}
    for hit in found["hits"]:
        check_hit(hit)
    assert "Kommun: Åsbro" in run("search", "sjukfrånvaro")[1]


def test_search_without_hits(run):
    assert run("search", " ")[1] == "Inga träffar.\n"


def test_reports(run):
    status, out, _ = run("reports", "--json")
    found = [json.loads(line) for line in out.splitlines()]
    assert status == 0
    assert [report["source"] for report in found] == sorted(REPORTS)
    assert {r["municipality"] for r in found} == {"Lindsjö", "Åsbro", "Norrvika"}
    assert set(found[0]) >= {*REPORT_KEYS, "source", "passages", "rows", "warnings", "uncertain"}
    assert "lindsjo/ar-2022.txt\tLindsjö, " in run("reports")[1]


@pytest.mark.parametrize(
    "text", [LINDSJO, "\ufeff" + ASBRO.replace("\n", "\r\n")], ids=["plain", "mark and crlf"]
)
def test_text_is_exact(made, tmp_path, capfdbinary, text):
    write_reports(tmp_path / "reports", {"a.txt": text})
    settings = ["--settings", str(made / "hash.toml")]
    where = ["--index", str(tmp_path / "index")]
    assert main([*settings, "index", str(tmp_path / "reports"), *where]) == 0
    capfdbinary.readouterr()
    assert main([*settings, "text", "a.txt", *where]) == 0
    assert capfdbinary.readouterr().out == text.encode("utf-8")


def test_text_of_an_unknown_report(run):
    status, out, err = run("text", "finns/inte.txt")
    assert (status, out) == (1, "")
    assert "finns/inte.txt" in err
    assert "rapportsvar reports" in err


# evaluate


@pytest.fixture
def gold(tmp_path):
    quote = "Kostnaden för skolskjuts blev 6 200 tkr."
    questions = [
        {
            "id": "1",
            "question": "Vad kostade skolskjutsen i Norrvika?",
            "type": "quantity",
            "style": "politician",
            "document": "norrvika/vb-2021.txt",
            "evidence": [{"quote": quote, "kind": "passage", "relevance": 2}],
            "answer": "6 200 tkr",
            "values": ["6 200"],
        },
        {
            "id": "2",
            "question": "Hur många vargar finns det?",
            "type": "unanswerable",
            "style": "citizen",
            "document": "asbro/delar-2023.md",
            "evidence": [],
            "answer": "",
            "values": [],
        },
    ]
    path = tmp_path / "small.jsonl"
    path.write_text("\n".join(json.dumps(q, ensure_ascii=False) for q in questions), encoding="utf-8")
    return path


def test_evaluate_keeps_each_run_for_the_page_unless_told_not_to(run, gold, made):
    before = len(kept_runs(made / "runs"))
    assert run("evaluate", gold, "--no-keep")[0] == 0
    assert len(kept_runs(made / "runs")) == before
    _, _, err = run("evaluate", gold)
    assert "Körningen är sparad" in err
    assert len(kept_runs(made / "runs")) == before + 1


def test_evaluate_shows_saves_and_compares(run, gold, tmp_path):
    saved, page = tmp_path / "run.json", tmp_path / "new/run.html"
    status, out, _ = run("evaluate", gold, "--save", saved, "--html", page)
    assert status == 0
    assert "small: 1 besvarbara frågor, 1 obesvarbara" in out
    assert page.read_text(encoding="utf-8").lower().startswith("<!doctype html>")
    record = json.loads(saved.read_text(encoding="utf-8"))
    assert record["engine"]["model"] == "hash-trigrams-64"
    assert record["engine"]["settings"]["embedding"]["model"] == "hash"
    assert "skillnad" in run("evaluate", gold, "--compare", saved)[1]
    assert json.loads(run("evaluate", gold, "--json")[1])["sets"][0]["name"] == "small"


def test_the_gate(run, gold, tmp_path):
    floors = tmp_path / "floors.json"
    assert run("evaluate", gold, "--gate", "--floors", floors)[0] == 1
    assert run("evaluate", gold, "--update-floors", "--gate", "--floors", floors)[0] == 0
    pinned = json.loads(floors.read_text())
    pinned["sets"]["small"]["figures"]["hit@1"] = 2.0
    floors.write_text(json.dumps(pinned))
    status, _, err = run("evaluate", gold, "--gate", "--floors", floors)
    assert status == 1
    assert "hit@1" in err
    run("evaluate", gold, "--update-floors", "--floors", floors)
    assert json.loads(floors.read_text())["sets"]["small"]["figures"]["hit@1"] == 2.0
    run("evaluate", gold, "--update-floors", "--lower", "--floors", floors)
    assert json.loads(floors.read_text())["sets"]["small"]["figures"]["hit@1"] <= 1.0


def test_evaluate_names_a_line_that_cannot_be_scored(run, gold):
    gold.write_text(gold.read_text(encoding="utf-8").replace("6 200 tkr.", "9 tkr."), encoding="utf-8")
    status, _, err = run("evaluate", gold)
    assert status == 1
    assert "small.jsonl" in err


# doctor, app


def test_doctor(run):
    status, out, _ = run("doctor", "--json")
    findings = [json.loads(line) for line in out.splitlines()]
    assert status == 0, [f for f in findings if not f["sound"]]
    assert set(findings[0]) == {"what", "sound", "detail", "todo"}
    assert "ok   Python" in run("doctor")[1]


def test_doctor_without_an_index(run, tmp_path):
    status, out, _ = run("doctor", "--index", tmp_path / "nowhere", index=False)
    assert status == 1
    assert "FEL  Index" in out
    assert "rapportsvar index" in out


@pytest.mark.parametrize(("address", "named"), [("127.0.0.1", False), ("0.0.0.0", True), ("::", True)])
def test_app_becomes_streamlit(run, made, monkeypatch, address, named):
    called = {}

    def fake(program, command, env):
        called.update(command=command, env=env)

    monkeypatch.setattr(commands.os, "execve", fake)
    monkeypatch.setattr(commands, "find_spec", lambda name: object())
    run("app", "--port", 9999, "--address", address)
    # Where it listens on all addresses, Streamlit asks the internet for one, unless it is told.
    assert ("--browser.serverAddress localhost" in " ".join(called["command"])) is named
    assert called["command"][:4] == [sys.executable, "-m", "streamlit", "run"]
    assert Path(called["command"][4]).name == "run.py"
    assert Path(called["command"][4]).is_file()
    assert "--browser.gatherUsageStats false" in " ".join(called["command"])
    assert called["env"]["RAPPORTSVAR_INDEX"] == str(made / "index")
    assert called["env"]["RAPPORTSVAR_SETTINGS"] == str(made / "hash.toml")


def test_app_leaves_nothing_running_when_it_is_ended(made):
    pytest.importorskip("streamlit", reason="the extra app is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    where = ["--index", str(made / "index"), "--port", str(port)]
    options = ["--settings", str(made / "hash.toml"), "app", *where]
    command = [sys.executable, "-m", "rapportsvar.cli", *options]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        assert _listens(port, process)
    finally:
        process.terminate()
        process.wait(timeout=120)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=30).close()


def _listens(port, process):
    """Wait until someone listens on a port; false if the process ends before."""
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return True
    return False


def test_app_without_streamlit_names_the_extra(run, monkeypatch):
    monkeypatch.setattr(commands, "find_spec", lambda name: None)
    status, _, err = run("app")
    assert status == 1
    assert "rapportsvar[app]" in err


# what holds for all


@pytest.mark.parametrize("arguments", [[], ["nothing"], ["ask", "a", "--top", "0"], ["search"], ["text"]])
def test_wrong_usage_is_2(arguments, capsys):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert capsys.readouterr().out == ""


def test_settings_that_are_wrong(tmp_path, capsys):
    (tmp_path / "bad.toml").write_text("[answering]\ntreshold = 0.5\n")
    assert main(["--settings", str(tmp_path / "bad.toml"), "reports"]) == 1
    assert re.search(r"answering\.treshold.*bad\.toml", capsys.readouterr().err)


def test_a_pipe_that_closes_is_no_error(made):
    command = [sys.executable, "-m", "rapportsvar.cli", "reports", "--index", str(made / "index"), "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert (process.wait(), err) == (0, b"")


def test_json_is_utf8_whatever_the_locale(made):
    command = [sys.executable, "-m", "rapportsvar.cli", "reports", "--index", str(made / "index"), "--json"]
    environment = {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PATH": ""}
    environment["PYTHONPATH"] = os.environ.get("PYTHONPATH", "")  # the code that is under test
    done = subprocess.run(command, capture_output=True, env=environment, check=True)
    assert "Åsbro" in done.stdout.decode("utf-8")


def test_bars_show_counts_on_a_terminal_only(monkeypatch):
    from rapportsvar.cli.bars import Bars

    class Terminal(io.StringIO):
        def isatty(self):
            return True

    for stream, shown in ((Terminal(), True), (io.StringIO(), False)):
        monkeypatch.setattr(sys, "stderr", stream)
        with Bars() as bars:
            bars.update("embedding", 0, 10)
            bars.update("embedding", 10, 20)
            bars.update("embedding", 20, 20)
        assert ("20/20" in stream.getvalue()) is shown


# correct


def test_correction_is_made_shown_and_taken_back(run, made):
    source = "norrvika/vb-2021.txt"
    status, out, err = run("correct", source, "--municipality", "Borås kommun", "--year", "2020")
    assert (status, out) == (0, "municipality\tBorås\nyear\t2020\n")
    assert "1 ändrade" in err
    assert json.loads(run("correct", source, "--json")[1]) == {"municipality": "Borås", "year": "2020"}
    assert any(
        json.loads(line)["municipality"] == "Borås" for line in run("reports", "--json")[1].splitlines()
    )
    assert run("correct", source, "--undo", "alla")[1] == "Inget är rättat för hand.\n"
    assert "Borås" not in run("reports")[1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(("ingen.txt", "--year", "2020"), "finns inte"), (("norrvika/vb-2021.txt", "--year", "20"), "Året")],
)
def test_correction_that_cannot_be_made_is_one_line(run, arguments, message):
    status, out, err = run("correct", *arguments)
    assert (status, out, err.count("\n")) == (1, "", 1)
    assert message in err


def test_index_without_paths_updates_what_was_indexed(run, made):
    assert json.loads(run("index", "--json")[1])["unchanged"] == 3
