"""Gold sets, measures, runs, comparison of runs, the gate."""
