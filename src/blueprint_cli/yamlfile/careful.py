"""The careful reader: the position of everything in a file, and what is wrong with it. It has the last word.

It builds plain data from the event stream of ruamel.yaml's C parser (libyaml), one event at a time and
without recursion, so that it can stop at the first one too many: no nesting, alias or number gets further.

Refused, although YAML has them (rule ``unsafe-yaml``):

- keys that are not text, because JSON has no others; a number is read as the text of its characters (``number-key``);
- tags other than the seven of the core schema: they tell a program to build something;
- merge keys (``<<``): YAML 1.2 has none, readers differ on them (``yaml_rs`` keeps them as text), and a
  few lines of them expand to millions. A whole value may still be repeated by an alias;
- U+0085, U+2028 and U+2029: a line break to YAML 1.1, an ordinary character to YAML 1.2.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from blueprint_cli.text import safe
from blueprint_cli.yamlfile.events import ParserError, with_events
from blueprint_cli.yamlfile.limits import HARMLESS, Fault, Limits, Refused
from blueprint_cli.yamlfile.positions import Collection, Place, Reading
from blueprint_cli.yamlfile.scalars import TAGS, UnsupportedScalar, resolve, resolve_tagged
from blueprint_cli.yamlfile.syntax_errors import syntax_fault

MAX_FAULTS = 100
_NO_KEY = object()


def read_text(text: str, limits: Limits, *, several: bool = False) -> Reading:
    """Read ``text``, which has neither a byte order mark nor a character that YAML forbids.

    ``several``: it may have several documents, of any kind; what is wrong in any of them is found.
    """
    reading = _read(text, limits, several=several)
    if not reading.faults or not _perhaps_a_slip(reading.faults[0]):
        return reading
    from blueprint_cli.yamlfile.repairs import with_hint  # late: only for what is not YAML

    def readable(trial: str, line: int) -> bool:
        return all(fault.line > line for fault in _read(trial, limits, several=several).faults)

    return Reading(reading.root, [with_hint(text, reading.faults[0], readable), *reading.faults[1:]])


def _perhaps_a_slip(fault: Fault) -> bool:
    """Whether another text in the same line may be meant: not of merge keys, of types, and of what is too large."""
    if fault.rule == "yaml-syntax":
        return True
    return ("quotes if" in fault.message and "`!!" not in fault.message) or "is not text in YAML" in fault.message


def _read(text: str, limits: Limits, *, several: bool) -> Reading:
    found: list[Fault] = []

    def build(events: Iterable[Any]) -> Reading:
        found.clear()  # the parser may be given the text a second time
        builder = _Builder(limits, found, several=several)
        for event in events:
            builder.take(event)
        return builder.result()

    try:
        return with_events(text, build)
    except Refused as refused:
        return Reading(None, [*(found if several else ()), refused.fault])
    except ParserError as error:
        return Reading(None, [*(found if several else ()), syntax_fault(text, error)])
    except Exception as error:  # a parser may fail in any way, the reader never does
        return Reading(None, [Fault("yaml-syntax", f"this file cannot be read as YAML ({safe(str(error))})", 1, 1)])


class _Builder:
    def __init__(self, limits: Limits, faults: list[Fault], *, several: bool) -> None:
        self.limits = limits
        self.several = several
        self.faults = faults
        self.root: Collection | None = None
        self.top: tuple[Any, Place] | None = None
        self.stack: list[Collection] = []
        self.anchors: dict[str, tuple[Any, Collection | None]] = {}
        self.written: dict[Place, str] = {}
        self.nodes = 0
        self.documents = 0

    def result(self) -> Reading:
        if self.several:
            return Reading(None, self.faults)
        if self.top is None:
            return Reading(None, [Fault("not-a-mapping", _EMPTY, 1, 1)])
        fatal = [fault for fault in self.faults if fault.rule not in HARMLESS]
        if fatal:
            return Reading(self.root, [fault for fault in fatal if fault.rule == fatal[0].rule])
        value, place = self.top
        if type(value) is dict:
            return Reading(self.root, self.faults, self.written)
        message = _EMPTY if value is None else _LIST if type(value) is list else _SCALAR
        return Reading(self.root, [Fault("not-a-mapping", message, *place)])

    def take(self, event: Any) -> None:
        kind = type(event)
        if kind is ScalarEvent:
            self.scalar(event)
        elif kind is MappingStartEvent:
            self.begin(event, {}, "map")
        elif kind is SequenceStartEvent:
            self.begin(event, [], "seq")
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            self.end()
        elif kind is AliasEvent:
            self.alias(event)
        elif kind is DocumentStartEvent:
            self.documents += 1
            self.anchors.clear()
            if self.documents > 1 and not self.several:
                raise Refused("not-a-mapping", _SEVERAL, _place(event))

    def scalar(self, event: Any) -> None:
        place, text = _place(event), event.value
        value: Any = text
        try:
            if event.tag is not None:
                value = resolve_tagged(text, self.tag_type(event, place, "str"), self.limits.digits)
            elif not event.style:
                value = resolve(text, self.limits.digits)
        except UnsupportedScalar as error:
            self.fault("unsafe-yaml", str(error), place)
        if text == "<<" and not event.style and self.at_key():
            self.fault("unsafe-yaml", _MERGE, place)
        if event.anchor is not None:
            self.anchors[event.anchor] = (value, None)
        if type(value) is not str and text:
            self.written[place] = text
        empty = not text and not event.style and event.tag is None and event.anchor is None
        self.add(value, place, None, empty=empty)

    def begin(self, event: Any, data: dict[str, Any] | list[Any], kind: str) -> None:
        place = _place(event)
        if event.tag is not None and (named := self.tag_type(event, place, kind)) != kind:
            self.fault("unsafe-yaml", f"the tag `!!{named}` does not fit here: remove it", place)
        if len(self.stack) >= self.limits.depth:
            raise Refused("unsafe-yaml", _deep(self.limits), place)
        collection = Collection(data, place)
        self.stack.append(collection)
        if event.anchor is not None:
            self.anchors[event.anchor] = (data, collection)

    def end(self) -> None:
        collection = self.stack.pop()
        collection.open = False
        if collection.pairs:
            collection.place = next(iter(collection.pairs.values()))[0]
        if self.stack:
            self.add(collection.data, collection.place, collection)
        else:
            self.root = collection
            self.top = (collection.data, collection.place)

    def alias(self, event: Any) -> None:
        place = _place(event)
        if event.anchor not in self.anchors:
            message = (
                f"`*{safe(event.anchor)}` refers to an anchor that is not defined above: "
                "put the value in quotes if the asterisk belongs to the text"
            )
            raise Refused("yaml-syntax", message, place)
        value, collection = self.anchors[event.anchor]
        if collection is not None and collection.open:
            message = f"`*{safe(event.anchor)}` refers to the value that it is part of: write the value out"
            raise Refused("unsafe-yaml", message, place)
        self.add(value, place, collection)

    def add(self, value: Any, place: Place, collection: Collection | None, *, empty: bool = False) -> None:
        """Add a finished value to the collection that contains it, as a key, a value or an item."""
        self.nodes += 1 if collection is None else 0
        if not self.stack:
            self.top = (value, (1, 1) if empty else place)
            return
        parent = self.stack[-1]
        parent.size += collection.size if collection else 1
        if collection and collection.height >= parent.height:
            parent.height = collection.height + 1
        parent.chars += collection.chars if collection else len(value) if type(value) is str else 0
        if parent.size > self.limits.nodes or self.nodes > self.limits.nodes:
            raise Refused("unsafe-yaml", _many(self.limits), place)
        if parent.chars > self.limits.file_bytes:
            raise Refused("unsafe-yaml", _long(self.limits), place)
        if len(self.stack) - 1 + parent.height > self.limits.depth:
            raise Refused("unsafe-yaml", _deep(self.limits), place)
        data = parent.data
        if isinstance(data, list):
            data.append(value)
            parent.items.append(((place[0], max(1, place[1] - 1)) if empty else place, collection))
        elif parent.key_place is None:
            parent.key, parent.key_place = self.key(parent, value, place), place
        else:
            if parent.key is not _NO_KEY:
                data[parent.key] = value
                parent.pairs[parent.key] = (parent.key_place, parent.key_place if empty else place, collection)
            parent.key_place = None

    def key(self, parent: Collection, value: Any, place: Place) -> Any:
        if type(value) in (int, float) and place in self.written and not self.decimal_comma(parent, place):
            value = self.written[place]
            self.fault(
                "number-key", f'key `{safe(value)}` is a number in YAML; put it in quotes: `"{safe(value)}"`', place
            )
        if type(value) is not str:
            self.fault("unsafe-yaml", _not_text(value), place)
            return _NO_KEY
        if value in parent.pairs:
            first = parent.pairs[value][0][0]
            self.fault("duplicate-key", f"key `{safe(value)}` is set twice, first on line {first}", place)
            return _NO_KEY
        return value

    def decimal_comma(self, parent: Collection, place: Place) -> bool:
        """Whether a key stands right after the comma that follows a number: `{csat: 4,8}`."""
        _, (line, column), _ = next(reversed(parent.pairs.values()), (None, (0, 0), None))
        return (line, column + len(self.written.get((line, column), "")) + 1) == place

    def at_key(self) -> bool:
        return bool(self.stack) and isinstance(self.stack[-1].data, dict) and self.stack[-1].key_place is None

    def tag_type(self, event: Any, place: Place, otherwise: str) -> str:
        """The type that the tag of an event names; ``otherwise`` where the tag is not allowed, which is a fault."""
        tag = str(event.tag)
        if tag not in TAGS:
            name = tag.replace("tag:yaml.org,2002:", "!!")
            self.fault("unsafe-yaml", f"the tag `{safe(name)}` is not allowed: {_UNTAG}", place)
        return TAGS.get(tag, otherwise)

    def fault(self, rule: str, message: str, place: Place) -> None:
        if len(self.faults) < MAX_FAULTS:
            self.faults.append(Fault(rule, message, *place))


_EMPTY = "the file is empty: expected `key: value` lines"
_LIST = "the file is a list: expected `key: value` lines at the top, with lists under a key"
_SCALAR = "the file is plain text: expected `key: value` lines, with a space after the colon"
_SEVERAL = "a second document starts here: keep one document per file, remove the `---` line or split the file"
_MERGE = "merge keys (`<<`) are not allowed, because programs read them differently: write the keys out"
_UNTAG = "remove it, or put the value in quotes if the exclamation mark belongs to the text"


def _deep(limits: Limits) -> str:
    return f"nested deeper than `limits.depth` allows ({limits.depth} levels): no engagement file needs that"


def _many(limits: Limits) -> str:
    most = f"`limits.nodes` allows ({limits.nodes:,})"
    return f"more keys and values than {most}, counting what aliases repeat: split the file"


def _long(limits: Limits) -> str:
    return f"aliases expand this to more than {limits.file_bytes:,} characters: shorten it, or repeat less"


def _not_text(value: Any) -> str:
    if isinstance(value, dict | list):
        return "a key is a list or a mapping: a key must be text; put the value in quotes if the braces belong to it"
    if value is None:
        return "a key is empty (null): a key must be text; put it in quotes if it is a word"
    word = str(value).lower() if isinstance(value, bool) else str(value)
    return f"key `{safe(word)}` is not text in YAML: put it in quotes"


def _place(event: Any) -> Place:
    mark = event.start_mark
    return mark.line + 1, mark.column + 1
