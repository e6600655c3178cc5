"""Acceptance kit: defects planted in clean nodes, and what the catalog says must be reported."""
