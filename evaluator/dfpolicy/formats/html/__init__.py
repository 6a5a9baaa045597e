"""The HTML report: Python computes its content, and templates write it."""
