"""What is no web page is told by how it begins; text is never taken for it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.news.kinds import name_of_kind


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        pytest.param(b"%PDF-1.7\n", "a PDF", id="PDF"),
        pytest.param(b"PK\x03\x04rest", "a ZIP archive or office document", id="ZIP"),
        pytest.param(b'{"a": 1}', "JSON", id="JSON"),
        pytest.param(b"\x7fELF" + bytes(range(256)) * 4, "a program or other binary", id="ELF"),
        pytest.param(b"\x00" * 2_000, "a program or other binary", id="zeros"),
        pytest.param(b"ID3\x04\x00\x00" + b"\x00\x01\x02\x03" * 100, "a program or other binary",
                     id="music"),
        pytest.param(b"<html>", None, id="page"),
        pytest.param(b"<p>\x1b$B$3$s$K$A$O\x1b(B</p>", None, id="ISO-2022-JP"),
        pytest.param("<html><p>한국어</p>".encode("utf-16-le"), None, id="UTF-16 without a mark"),
        pytest.param("<html><p>한국어</p>".encode("utf-16"), None, id="UTF-16 with a mark"),
        pytest.param(b"<p>one and \x00another, on and on</p>" * 40, None, id="a stray NUL"),
        pytest.param(b"", None, id="nothing"),
    ],
)  # fmt: skip
def test_a_kind_is_named(body: bytes, kind: str | None) -> None:
    assert name_of_kind(body) == kind


@given(
    st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=300),
    st.sampled_from(["utf-8", "utf-16", "euc-kr", "cp1251", "gb18030", "cp932", "iso2022_jp"]),
)
def test_text_is_text_in_every_charset(text: str, charset: str) -> None:
    assert name_of_kind(f"<p>{text}</p>".encode(charset, "ignore")) is None
