"""What the tests of this folder share. They are short; ``--soak`` (``make soak``) makes them long."""

import pytest
from preforked import Preforked
from scene import Scene


@pytest.fixture
def soaking(request):
    """Whether the tests are to be long."""
    return request.config.getoption("--soak")


@pytest.fixture
def tell(request, soaking):
    """Note a figure; those of a soak are written at its end, for docs/reliability.md."""

    def note(what, figure):
        request.config.stash.setdefault(FIGURES, []).append((what, str(figure)))

    return note


@pytest.fixture(scope="session")
def runs():
    with Preforked() as started:
        yield started


@pytest.fixture
def scene(tmp_path, runs):
    return Scene(tmp_path, runs)


FIGURES = pytest.StashKey[list]()


def pytest_terminal_summary(terminalreporter, config):
    """Print what was found as rows of a table in Markdown."""
    for what, figure in config.stash.get(FIGURES, []):
        terminalreporter.write_line(f"| {what} | {figure} |")
