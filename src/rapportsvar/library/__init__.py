"""What is kept beside an index: uploaded reports, removed ones, corrections, what is hidden."""
