"""Pure judgement: values in, comparisons, findings and decisions out; no files, no network, no clock."""
