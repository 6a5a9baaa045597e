"""The process: signals, streams and other programs."""
