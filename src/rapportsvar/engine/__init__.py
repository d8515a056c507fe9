"""The one façade: build, open, ask, search. What app, command line and evaluation call."""
