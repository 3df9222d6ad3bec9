"""Draws invented applications from seeds: facts, faults, papers, scans, registries and the truth about them."""
