"""Engines that evaluate the policies."""
