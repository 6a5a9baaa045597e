"""The HTML report: what is shown is found in Python, and written by the templates."""
