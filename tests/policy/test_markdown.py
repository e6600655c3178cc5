"""Markdown assets: what is read of them, what is refused, and on which line."""

from __future__ import annotations

import pytest

from blueprint_cli.config import Config
from blueprint_cli.engagement.markdown import judge
from blueprint_cli.files.tree import Unreadable
from blueprint_cli.predicates.scope import State

CONFIG = Config()


@pytest.mark.parametrize(
    ("raw", "data"),
    [
        (b"# Charter\n", {}),
        (b"---\nowner: sam\n---\n# Charter\n", {"owner": "sam"}),
        (b"\xef\xbb\xbf---\nowner: sam\n---\nText\n", {"owner": "sam"}),
        (b"---\r\nowner: sam\r\n---\r\nText\r\n", {"owner": "sam"}),
        (b"---\nowner: sam\n...\n", {"owner": "sam"}),
        (b"---\n---\nText\n", {}),
        (b"---\nA line above, and no second one: plain text.\n", {}),
        (b"Text\n---\nowner: sam\n---\n", {}),
        ("Größe: ünïcode\n".encode(), {}),
    ],
)
def test_front_matter_is_the_data(raw: bytes, data: dict[str, str]) -> None:
    file = judge("charter.md", raw, CONFIG, None)
    assert (file.state, file.data) == (State.THERE, data)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "the file is empty"),
        (b" \n\t\n", "the file is empty"),
        (b"---\n\n---\n \n", "the file is empty"),
        (b"\xef\xbb\xbf\n", "the file is empty"),
        (b"First\nSecond \xff\n", "not UTF-8 (line 2)"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "Git LFS pointer"),
        (b"# A\n<<<<<<< ours\none\n=======\ntwo\n>>>>>>> theirs\n", "merge conflict"),
    ],
)
def test_what_is_not_a_text_is_one_defect(raw: bytes, words: str) -> None:
    file = judge("charter.md", raw, CONFIG, None)
    assert file.state is State.BROKEN
    assert file.document is not None
    assert file.document.faults == ()
    assert [words in defect.message for defect in file.defects] == [True]


def test_faults_of_the_front_matter_stand_on_their_line_of_the_file() -> None:
    file = judge("charter.md", b"---\nowner: sam\nowner: kim\n---\nText\n", CONFIG, None)
    assert file.state is State.BROKEN
    assert file.document is not None
    assert [(fault.rule, fault.line) for fault in file.document.faults] == [("duplicate-key", 3)]


def test_values_of_the_front_matter_are_located_in_the_file() -> None:
    file = judge("charter.md", b"---\n# who\nowner: sam\n---\nText\n", CONFIG, None)
    assert file.document is not None
    assert file.document.locate(("owner",)) == (3, 8)
    text = judge("charter.md", b"Text\n", CONFIG, None).document
    assert text is not None
    assert text.locate(("owner",)) == text.locate(("owner",), key=True) == (1, 1)


def test_a_file_that_cannot_be_read_says_why() -> None:
    file = judge("charter.md", Unreadable("unsafe-path", "is a link"), CONFIG, None)
    assert (file.state, file.unreadable) == (State.BROKEN, Unreadable("unsafe-path", "is a link"))
