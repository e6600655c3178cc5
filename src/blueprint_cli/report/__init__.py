"""The report of an engagement: built from a verdict, and read back from JSON."""
