"""One module a page; each draws what its address says."""
