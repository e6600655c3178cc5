"""The check of a policy before anything is judged by it: names, tables, selectors that can match."""
