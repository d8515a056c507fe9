"""Tables: read from tabbed lines, with headers, inherited labels, units and numbers for every cell."""
