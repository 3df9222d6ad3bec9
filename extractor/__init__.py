"""From bytes to papers, in two verbs: `read` says what was seen, `parse` what it means."""
