"""The vocabulary of the log: events, their values, and how they stand in a line."""
