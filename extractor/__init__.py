"""From bytes to papers, in two verbs: `document.read` says what was seen, `parsers.parse` what it means.

The verbs are imported from there, so that whoever needs only the geometry does not load the parsers.
"""
