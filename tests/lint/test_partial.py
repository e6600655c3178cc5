"""A partial listing answers as the whole one would."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from blueprint_cli.files.partial import PartialListing, below
from blueprint_cli.files.tree import Kind

names = st.sampled_from(["a", "b", "ab", "a.yaml"])
paths = st.lists(names, min_size=1, max_size=4).map("/".join)


def without_conflicts(files: set[str]) -> dict[str, Kind]:
    """A listing: what has entries below it is not an entry."""
    return {file: Kind.FILE for file in sorted(files) if not any(other.startswith(f"{file}/") for other in files)}


@given(st.sets(paths, max_size=12), st.sets(paths, max_size=3), st.lists(paths, min_size=1, max_size=3))
def test_it_answers_as_the_whole_listing(files: set[str], places: set[str], questions: list[str]) -> None:
    whole = without_conflicts(files)
    known = {path: kind for path, kind in whole.items() if any(f"{path}/".startswith(f"{at}/") for at in places)}
    for question in questions:
        listing = PartialListing(places, known, lambda: whole)
        assert listing.get(question) == whole.get(question)
        assert listing.below(question) == below(whole, question)
    assert below(PartialListing(places, known, lambda: whole), *set(questions)) == below(whole, *set(questions))
    assert list(PartialListing(places, known, lambda: whole)) == list(whole)
