"""Our translation of JSONPath against the library that it stands in for."""

from __future__ import annotations

import json
from typing import Any

import jsonpath_rfc9535 as jsonpath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blueprint_cli.jsonpath import BadSelector, Selector, selector

NAMES = ("a", "b", "c", "date", "status")
names = st.sampled_from(NAMES)
scalars = st.one_of(
    st.sampled_from([None, True, False, 0, 1, -1, 2, 1.0, 1.5, "", "open", "closed", "1", "true", "2026-01-05"]),
    st.integers(-5, 5),
    st.text(max_size=3),
)
documents = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
    max_leaves=25,
)


def chained(steps: st.SearchStrategy[str], least: int = 0) -> st.SearchStrategy[str]:
    return st.lists(steps, min_size=least, max_size=4).map("".join)


dotted = names.map(".{}".format)
bracketed = names.map("['{}']".format)
index = st.integers(-3, 3).map("[{}]".format)
plain = st.one_of(dotted, bracketed)
wild = st.sampled_from(["[*]", ".*"])
single = chained(st.one_of(plain, index)).map("@{}".format)
literal = st.one_of(
    st.sampled_from(["'open'", "'closed'", '"1"', "''", "true", "false", "null", "0", "1", "1.0", "1.5", "-1"]),
)
equal = st.tuples(single, st.sampled_from(["==", "!="]), literal | single)
turned = st.tuples(literal, st.sampled_from(["==", "!="]), single)
ordered = st.tuples(single, st.sampled_from(["<", "<=", ">", ">="]), literal)
# Not `@` alone, which is refused.
several = chained(st.one_of(plain, wild, index), 1).map("@{}".format)
counted = st.tuples(
    several.map("count({})".format), st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), st.integers(0, 3).map(str)
)
basic = st.one_of(several, *(strategy.map(" ".join) for strategy in (equal, turned, ordered, counted)))
tests = st.recursive(
    basic,
    lambda inner: st.one_of(
        inner.map("!({})".format),
        st.tuples(inner, inner).map(" && ".join),
        st.tuples(inner, inner).map(" || ".join),
        st.tuples(inner, inner).map("({0[0]} || {0[1]})".format),
    ),
    max_leaves=3,
)
filtered = tests.map("[?{}]".format)
rare = st.sampled_from(["[0:2]", "[::-1]", "['a', 'b']", "[0, 1]"])  # what is left to the library
queries = st.one_of(
    chained(st.one_of(plain, wild, index)),
    st.tuples(chained(plain, 1), filtered, chained(plain)).map("".join),
    st.tuples(chained(st.one_of(plain, wild)), filtered, chained(st.one_of(plain, wild))).map("".join),
    st.tuples(chained(plain), rare, chained(plain)).map("".join),
).map("${}".format)


def exactly(value: Any) -> str:
    """Text that tells true from 1 and 1.0 from 1."""
    return json.dumps(value)


@settings(max_examples=600, deadline=None)
@given(queries, documents)
def test_the_translation_selects_what_the_library_selects(query: str, document: Any) -> None:
    ours = Selector(query)
    nodes = jsonpath.compile(query).find(document)
    assert exactly(ours.values(document)) == exactly(nodes.values())
    assert exactly(ours.first(document)) == exactly(next(iter(nodes.values()), None))
    assert exactly(ours.places(document)) == exactly([(tuple(node.location), node.value) for node in nodes])


@given(documents)
def test_values_stand_where_their_places_say(document: Any) -> None:
    for path, value in selector("$.a[*].b").places(document):
        found = document
        for step in path:
            found = found[step]
        assert found is value


@pytest.mark.parametrize(
    ("query", "parent"),
    [
        ("$", ()),
        ("$.a", ("a",)),
        ("$.a.b[*].c", ("a", "b")),
        ("$.a[?@.b == 'x'].c", ("a",)),
        ("$.a[0]", ("a",)),
        ("$['a', 'b']", ()),
    ],
)
def test_the_list_that_a_query_walks_through(query: str, parent: tuple[str, ...]) -> None:
    assert Selector(query).parent == parent


def test_what_is_no_query_is_refused() -> None:
    with pytest.raises(BadSelector):
        Selector("touchpoints[*]")


@pytest.mark.parametrize("condition", ["@", "!@", "@.a && @", "(@) || @.a == 1", "count(@) > 0"])
def test_a_condition_that_every_item_meets_is_refused(condition: str) -> None:
    with pytest.raises(BadSelector, match="not a condition"):
        Selector(f"$.a[?{condition}]")


@pytest.mark.parametrize("condition", ["@ == 1", "'x' != @", "length(@) > 2", "@.a"])
def test_an_item_itself_can_be_compared(condition: str) -> None:
    assert Selector(f"$[?{condition}]").values([1, "long", {"a": False}])
