"""Prints the papers as PDF, the way the real ones look."""
