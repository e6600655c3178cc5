"""Every output is read back by a parser of its format."""
