"""Archives: many files in, tables out."""
