"""Measurements, each headline figure against a peer in the same run."""
