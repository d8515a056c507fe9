import sys

import pytest


def pytest_addoption(parser):
    parser.addoption(
        "--regenerate",
        action="store_true",
        default=False,
        help="write the golden files anew instead of comparing",
    )
    parser.addoption("--soak", action="store_true", default=False, help="make the tests of tests/soak long")


@pytest.fixture
def regenerate(request):
    return request.config.getoption("--regenerate")


@pytest.fixture(autouse=True)
def main_module():
    """Put the module back that runs: AppTest leaves its script there, which new processes would then run."""
    before = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = before
