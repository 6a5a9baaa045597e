"""From findings to changes, and the proof of them."""
