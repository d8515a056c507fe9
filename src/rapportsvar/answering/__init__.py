"""From ranked hits to an answer: highlights, cells, citations, confidence, or the reason for no answer."""
