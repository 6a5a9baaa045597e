"""Facts of nodes and clusters, which manifests do not contain."""
