"""The command line: `claims`."""
