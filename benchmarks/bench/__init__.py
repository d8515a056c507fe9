"""What is measured of rapportsvar, part by part: ``make bench``, ``make bench PART=scale``."""
