"""Sources, documents and their formats."""
