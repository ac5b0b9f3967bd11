"""Pictures of results: one document's text with its layers marked."""
