"""The report on many clusters in every format that it has."""
