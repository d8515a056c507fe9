"""From a question to ranked hits: understanding, candidates, ranking."""
