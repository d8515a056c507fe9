"""Tables: read from tabbed lines, with headers, inherited labels, units and numbers for every cell."""

from rapportsvar.structure.tables.reading import TableReading, read_tables

__all__ = ["TableReading", "read_tables"]
