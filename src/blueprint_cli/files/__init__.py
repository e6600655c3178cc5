"""Bytes of a repository: the tree protocol, a directory on disk, and writing a file whole or not at all."""
