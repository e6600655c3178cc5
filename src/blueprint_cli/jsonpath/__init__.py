"""RFC 9535 JSONPath: which values of a document a policy speaks of.

``jsonpath_rfc9535`` is imported here, and in ``catalog.reach``, which holds queries against schemas.

The library parses and is the reference. Its queries are translated once; whatever the translation does not know stays
with the library, and a property test keeps the two in agreement. Positions are asked only where there is something to
report, and then of the library.
"""

from blueprint_cli.jsonpath.query import BadSelector, Selector, selector

__all__ = ["BadSelector", "Selector", "selector"]
