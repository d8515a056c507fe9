"""The command line: it does nothing that the engine cannot. Data on stdout, talk on stderr."""

from rapportsvar.cli.entry import main

__all__ = ["main"]
