"""Audits of issued certificates: a list of them with their files in, findings on each out, by the same engine as every review."""
