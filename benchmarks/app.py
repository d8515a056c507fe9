"""How long a reader waits for the application, in a real Chromium over a server of its own. ::

    python benchmarks/app.py INDEX GOLD.jsonl [--questions 50] [--profile]

Told are medians and 95th percentiles of
    answer    from Enter to the lit answer on the page, without the engine's own answer time
    waiting   from Enter to the first sign that something happens
    first     from opening an address in a new browser context to a first page with its examples
each of our page and, in turns with it, of a bare page that only shows what was typed.
``--profile`` tells, beside it, what the server spends on drawing one answer, function by function.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import os
import pstats
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "app"))
from browser import CHROMIUM, CHROMIUM_ARGUMENTS, serving  # noqa: E402

FIELD = '[data-testid="stChatInputTextArea"]'
IDLE = "document.querySelector('.stApp').dataset.testScriptState === 'notRunning'"
WARM = 5
FIRST_PAGES = 15
VIEWPORT: ViewportSize = {"width": 1280, "height": 900}
BARE = """
import html
import streamlit as st

asked = html.escape(st.chat_input("Fråga", key="question") or "")
if asked:
    lit = f'<mark class="lit">{asked}</mark>'
    st.html(f'<h1 class="question">{asked}</h1><div class="answer" data-elapsed-ms="0">{lit}</div>')
"""
"""A page that does nothing but show what was typed: what Streamlit and the browser take by themselves."""
THREAD_SECONDS = ("TaskDuration", "ScriptDuration")
"""Processor time of the page's own thread: on a busy machine it tells more than the wait."""
# Times are taken in the page itself: asking the browser from outside takes longer than what is measured.
WATCH = """(question) => {
  window.measured = new Promise((resolve) => {
    const told = { enter: 0, waiting: 0 };
    document.querySelectorAll('.answer, .no-answer').forEach((shown) => (shown.dataset.old = ''));
    const app = document.querySelector('.stApp');
    const look = () => {
      const now = performance.now();
      const waits = document.documentElement.classList.contains('waits');
      const busy = waits || app.dataset.testScriptState === 'running';
      if (told.enter && !told.waiting && busy) told.waiting = now;
      if (document.querySelector('h1.question')?.textContent !== question) return;
      const answer = document.querySelector(':is(.answer, .no-answer):not([data-old])');
      const lit = answer?.matches('.no-answer') || answer?.querySelector('mark.lit, td.lit, .value');
      if (!told.enter || !answer || !lit) return;
      watching.disconnect();
      requestAnimationFrame(() => setTimeout(() => resolve({
        answer: performance.now() - told.enter, waiting: (told.waiting || now) - told.enter,
        engine: Number(answer.dataset.elapsedMs),
      })));
    };
    const watching = new MutationObserver(look);
    watching.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') told.enter = performance.now();
    }, { capture: true, once: true });
  });
}"""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("index", type=Path)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--questions", type=int, default=50)
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    lines = options.gold.read_text(encoding="utf-8").splitlines()
    asked = [json.loads(line)["question"] for line in lines if json.loads(line).get("evidence")]
    asked = list(dict.fromkeys(asked))[: options.questions + WARM]
    print(_circumstances())
    with sync_playwright() as playwright, serving(options.index) as base, bare() as bare_base:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=CHROMIUM_ARGUMENTS)
        answers(browser, {"ours": base, "bare": bare_base}, asked)
        first_pages(browser, {"first": base, "bare": bare_base})
        browser.close()
    print(f"load at the end {os.getloadavg()[0]:.1f}")
    if options.profile:
        profile(options.index, asked[WARM])


def answers(browser: Browser, bases: dict[str, str], asked: Sequence[str]) -> None:
    """Ask the same questions of some addresses in turns."""
    pages = {name: browser.new_page(viewport=VIEWPORT, locale="sv-SE") for name in bases}
    for name, page in pages.items():
        page.goto(bases[name])
        page.locator(FIELD).wait_for(timeout=60_000)
    told: dict[str, list[dict[str, float]]] = {name: [] for name in bases}
    for question in asked:
        for name, page in pages.items():
            told[name].append(_ask(page, question))
    for name, every in told.items():
        some = every[WARM:]
        _tell(f"{name} answer", [one["answer"] - one["engine"] for one in some])
        _tell(f"{name} with the engine", [one["answer"] for one in some])
        _tell(f"{name} engine alone", [one["engine"] for one in some])
        _tell(f"{name} waiting", [one["waiting"] for one in some])
    for page in pages.values():
        page.close()


def first_pages(browser: Browser, bases: dict[str, str]) -> None:
    """Open the first pages of some addresses in turns, each in a browser that has cached nothing."""
    told: dict[str, list[dict[str, float]]] = {name: [] for name in bases}
    for _ in range(FIRST_PAGES + 1):
        for name, base in bases.items():
            told[name].append(_open(browser, base, "" if name == "bare" else ".examples a"))
    for name, opened in told.items():
        for what in ("wait", *THREAD_SECONDS):
            _tell(f"{name} {what}", [one[what] for one in opened[1:]])  # the first one warms the server


def _open(browser: Browser, base: str, last: str) -> dict[str, float]:
    context = browser.new_context(viewport=VIEWPORT, locale="sv-SE")
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    began = time.perf_counter()
    page.goto(base, wait_until="commit")
    page.locator(FIELD).wait_for()
    if last:
        page.locator(last).first.wait_for()
    waited = (time.perf_counter() - began) * 1000
    spent = {m["name"]: m["value"] * 1000 for m in session.send("Performance.getMetrics")["metrics"]}
    context.close()
    return {"wait": waited, **{name: spent[name] for name in THREAD_SECONDS}}


@contextmanager
def bare() -> Iterator[str]:
    """Serve a page of one field, by the same Streamlit."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "bare.py"
        script.write_text(BARE, encoding="utf-8")
        with serving(Path(folder), app=script) as base:
            yield base


def profile(index: Path, question: str) -> None:
    """Run the page in this process, as Streamlit runs it, and tell where its time goes."""
    from streamlit.testing.v1 import AppTest

    os.environ["RAPPORTSVAR_INDEX"] = str(index)
    test = AppTest.from_file(str(ROOT / "src/rapportsvar/app/script/page.py"), default_timeout=60)
    warnings.simplefilter("ignore")
    test.query_params["q"] = question
    for _ in range(3):
        test.run()
    # The page's thread starts and ends within the run, so it is told to profile itself.
    told: list[cProfile.Profile] = []
    original = threading.Thread.run

    def profiled(thread: threading.Thread) -> None:
        told.append(cProfile.Profile())
        told[-1].runcall(original, thread)

    threading.Thread.run = profiled  # type: ignore[method-assign]
    test.run()
    threading.Thread.run = original  # type: ignore[method-assign]
    for one in told:
        pstats.Stats(one).sort_stats("cumulative").print_stats("rapportsvar|streamlit.elements.html", 40)


def _ask(page: Page, question: str) -> dict[str, float]:
    page.wait_for_function(IDLE)
    page.locator(FIELD).fill(question)
    page.evaluate(WATCH, question)
    page.locator(FIELD).press("Enter")
    told: dict[str, float] = page.evaluate("window.measured")
    return told


def _tell(name: str, told: Sequence[float]) -> None:
    ordered = sorted(told)
    high = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    print(f"{name:22} median {statistics.median(told):6.0f} ms   95 % {high:6.0f} ms   n={len(told)}")


def _circumstances() -> str:
    head = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    )
    return (
        f"{date.today()}, commit {head.stdout.strip()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    )


if __name__ == "__main__":
    main()
