"""RFC 9535 JSONPath: which values of a document a policy is about. The sole importer of ``jsonpath_rfc9535``.

The library parses, is the reference, and finds positions. Its queries are translated once; what the translation does
not know stays with the library, and a property test keeps the two in agreement.
"""

from blueprint_cli.jsonpath.errors import BadSelector
from blueprint_cli.jsonpath.query import Selector, selector

__all__ = ["BadSelector", "Selector", "selector"]
