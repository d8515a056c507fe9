"""Makes the files of the demonstration corpus from their sources; see ``corpus-sources/README.md``."""
