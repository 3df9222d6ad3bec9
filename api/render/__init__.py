"""Report and papers in the forms people and programs read: text, JSON, HTML, XLSX."""
