"""One engagement as facts: where it is, what its blueprint says, which files it has and what is in them."""
