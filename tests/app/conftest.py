import os
import shutil
from pathlib import Path

import browser as browser_tools
import pytest

from rapportsvar.config import settings_from
from rapportsvar.engine.engine import build

ROOT = Path(__file__).parents[2]
HOSTILE = (
    '<script>window.stolen = 1</script> <img src=x onerror="window.stolen = 1"> '
    "[klicka här](javascript:window.stolen=1) $$\\frac{1}{2}$$ **fet** `kod` :smile: <b>tjock</b>"
)
REPORT = f"""# Årsredovisning 2022

Prövstads kommun
Socialnämnden
Datum: 2023-02-14

## Ekonomi

Kostnaden för placeringar ökade med 4 710 tkr eftersom fler barn placerades på institution under hösten.
Nämnden beslutade i maj om en åtgärdsplan som ska ge lägre kostnader nästa år.

### Driftredovisning (tkr)

Verksamhet\tUtfall 2022\tBudget 2022\tAvvikelse
Placeringar\t52 330\t45 500\t-6 830
Öppenvård\t21 900\t22 400\t500
Summa\t74 230\t67 900\t-6 330

## Farligheter

Farligheterna {HOSTILE} beskrivs här eftersom systemet ska tåla skadlig text i rapporterna.
"""


@pytest.fixture(scope="session")
def hash_index(tmp_path_factory):
    """A folder with an index of one small report, made with the encoder for tests; and its settings file."""
    folder = tmp_path_factory.mktemp("app")
    reports = folder / "reports"
    reports.mkdir()
    (reports / "provstad.md").write_text(REPORT, encoding="utf-8")
    settings = folder / "rapportsvar.toml"
    settings.write_text('[embedding]\nmodel = "hash"\n\n[answering]\nthreshold = 0.0\n', encoding="utf-8")
    made = settings_from({"embedding": {"model": "hash"}})
    build([reports], folder / "index", made)
    return folder


@pytest.fixture
def served(hash_index, monkeypatch):
    """The small index is the one that the application serves."""
    monkeypatch.setenv("RAPPORTSVAR_INDEX", str(hash_index / "index"))
    monkeypatch.setenv("RAPPORTSVAR_SETTINGS", str(hash_index / "rapportsvar.toml"))
    return os.environ["RAPPORTSVAR_INDEX"]


def _report(municipality, board, year, rows, unit="tkr"):
    lines = "\n".join(rows)
    return f"""# Årsredovisning {year}

{municipality} kommun
{board}
Datum: {year + 1}-02-14

## Ekonomi

Kostnaden för hemtjänst ökade eftersom fler personer fick insatser under hösten.

### Driftredovisning ({unit})

Verksamhet\tUtfall {year}\tBudget {year}\tAvvikelse
{lines}
"""


HOME = "Hemtjänst\t{}\t{}\t{}"
LOCKS = "=1+1 lås\t{}\t{}\t{}"
OWN, OTHER = ("Prövstad", "Socialnämnden"), ("Åkerby", "Omsorgsnämnden")
SERIES = {
    "a21.md": _report(*OWN, 2021, [HOME.format("40 100", "41 000", "900"), LOCKS.format(7, 8, 1)]),
    "a22.md": _report(*OWN, 2022, [HOME.format("42 300", "41 500", "-800"), LOCKS.format(9, 8, -1)]),
    "a24.md": _report(*OWN, 2024, [HOME.format("45 900", "44 000", "-1 900")]),
    "b22.md": _report(*OTHER, 2022, ["Hemtjänster\t31,5\t30,0\t-1,5"], "mnkr"),
    "b24.md": _report(*OTHER, 2024, [HOME.format("33,0", "32,0", "-1,0"), f"{HOSTILE}\t3\t4\t1"], "mnkr"),
}


@pytest.fixture(scope="session")
def series_index(tmp_path_factory):
    """A folder with an index of five small reports of two municipalities, one of them in millions."""
    folder = tmp_path_factory.mktemp("series")
    reports = folder / "reports"
    reports.mkdir()
    for name, text in SERIES.items():
        (reports / name).write_text(text, encoding="utf-8")
    settings = folder / "rapportsvar.toml"
    settings.write_text('[embedding]\nmodel = "hash"\n\n[answering]\nthreshold = 0.0\n', encoding="utf-8")
    build([reports], folder / "index", settings_from({"embedding": {"model": "hash"}}))
    return folder


@pytest.fixture
def series_served(series_index, monkeypatch):
    """The index of series is the one that the application serves."""
    monkeypatch.setenv("RAPPORTSVAR_INDEX", str(series_index / "index"))
    monkeypatch.setenv("RAPPORTSVAR_SETTINGS", str(series_index / "rapportsvar.toml"))
    return series_index / "index"


@pytest.fixture(scope="session")
def demo_index(tmp_path_factory):
    """A folder with an index of the demonstration corpus, with the real encoder; built once, only read."""
    folder = tmp_path_factory.mktemp("demo") / "index"
    gated = ROOT / ".cache" / "gate-index"
    if gated.is_dir():  # `make gate` has embedded these texts: an update embeds only what is new
        shutil.copytree(gated, folder)
    build([ROOT / "corpus"], folder)
    return folder


@pytest.fixture(scope="session")
def base(demo_index):
    """The address where the demonstration corpus is served, by one server for all files of tests."""
    with browser_tools.serving(demo_index) as address:
        yield address


@pytest.fixture(scope="module")  # one that lives on has an event loop in the way of tests without a browser
def chromium():
    """A Chromium that is driven."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=browser_tools.PATIENCE_MS)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=str(browser_tools.CHROMIUM), args=browser_tools.CHROMIUM_ARGUMENTS
        )
        yield opened
        opened.close()


@pytest.fixture
def open_tab(chromium):
    """Open a tab of a size, or of a width, in a session of its own; all are closed after the test."""
    contexts = []

    def opening(size="desktop", **options):
        viewport = {**browser_tools.SIZES["desktop"], **browser_tools.SIZES.get(size, {"width": size})}
        contexts.append(chromium.new_context(viewport=viewport, locale="sv-SE", **options))
        page = contexts[-1].new_page()
        page.set_default_timeout(browser_tools.PATIENCE_MS)
        return page

    yield opening
    for context in contexts:
        context.close()
