"""Figures: every number of a report with its measure, unit and period. One file a kind of place."""
