"""Every command is documented, and the reference page is what the parser says."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("command_reference", ROOT / "scripts/command_reference.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_up_to_date(script):
    message = "run python scripts/command_reference.py"
    assert script.REFERENCE.read_text(encoding="utf-8") == script.reference(), message


def test_every_command_has_help_an_example_and_a_section(script):
    commands = script.commands()
    assert set(commands) == {
        "index",
        "ask",
        "search",
        "series",
        "reports",
        "correct",
        "text",
        "evaluate",
        "doctor",
        "health",
        "backup",
        "restore",
        "forget",
        "app",
    }
    page = script.reference()
    for name, parser in commands.items():
        assert f"\n## {name}\n" in page
        assert f"rapportsvar {name}" in parser.format_help()
        for action in parser._actions:
            assert action.help, (name, action.dest)


def test_the_readme_and_guide_name_no_unknown_command(script):
    names = set(script.commands())
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        if path.is_file():
            for line in path.read_text(encoding="utf-8").splitlines():
                words = line.strip().removeprefix("$ ").split()
                if (
                    words[:1] == ["rapportsvar"]
                    and len(words) > 1
                    and words[1].isalpha()
                    and words[1].islower()
                ):
                    assert words[1] in names, (path.name, line)
