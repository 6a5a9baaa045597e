"""The version as a constant: importing package metadata would take 14 ms."""

VERSION = "0.2.0"
