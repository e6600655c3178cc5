"""Who the customer of each engagement is, as the engagements of a realm say."""

from __future__ import annotations

from dataclasses import dataclass, field

from blueprint_cli.engagement.infohub import InfoHub
from blueprint_cli.engagement.node import NodeRef
from blueprint_cli.policy.rows import Customer
from blueprint_cli.text import join_path
from blueprint_cli.yamlfile import read

MAX_COMPARED = 50
"""Engagements of a realm that are compared: a realm with more is not a single customer."""


@dataclass
class Customers:
    """The names of customers by engagement; each realm is read once."""

    infohub: InfoHub
    _known: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)

    def others(self, ref: NodeRef, customer: Customer) -> dict[str, str]:
        """The customer's name by the file that says so, of the other engagements in the same realm."""
        key = ref.realm, customer.asset
        if key not in self._known:
            self._known[key] = self._names(ref.realm, customer)
        own = f"{ref.path}/"
        return {path: name for path, name in self._known[key].items() if not path.startswith(own)}

    def _names(self, realm: str, customer: Customer) -> dict[str, str]:
        portfolio, roots = self.infohub.portfolio, self.infohub.config.infohub_roots
        refs = [ref for ref in portfolio.nodes if ref.realm == realm and ref.blueprint is not None]
        if not 1 < len(refs) <= MAX_COMPARED:
            return {}
        places = [join_path(ref.path, root, customer.asset) for ref in refs for root in roots]
        contents = self.infohub.read([path for path in places if path in portfolio.entries])
        names: dict[str, str] = {}
        for path, raw in contents.items():
            document = read(raw, self.infohub.config.limits) if isinstance(raw, bytes) else None
            name = customer.name.first(document.data) if document is not None and document.ok else None
            if isinstance(name, str):
                names[path] = name
        return names
