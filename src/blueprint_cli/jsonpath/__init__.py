"""RFC 9535 JSONPath: which values of a document a policy is about. The sole importer of ``jsonpath_rfc9535``.

The library parses and is the reference. Its queries are translated once; whatever the translation does not know stays
with the library, and a property test keeps the two in agreement. Positions are needed only where there is something to
report, and then the library finds them.
"""

from blueprint_cli.jsonpath.errors import BadSelector
from blueprint_cli.jsonpath.query import Selector, selector

__all__ = ["BadSelector", "Selector", "selector"]
