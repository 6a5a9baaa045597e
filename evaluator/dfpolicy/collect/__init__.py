"""Facts of nodes and clusters, which no manifest tells."""
