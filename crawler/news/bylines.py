"""Names out of bylines: who wrote an article, told from addresses, handles and "Staff".

Promise: what comes out reads as a name; the outlet itself is never its own author.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

_NAME_LENGTH = 60
_BYLINE_LENGTH = 400
_AUTHORS = 20

# "By", "Von" and their like before a name; what follows the name in a printed byline.
_BEFORE = re.compile(
    r"^(?:(?:written |posted |reported |published )?by|von|par|por|quelle|source|автор(?:ы|и)?"
    r"|текст|文|作者|记者|記者|글|기자|author|autor|autore|auteur)(?:\s*[:：|]\s*|\s+)",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"\s*(?:기자|특파원|記者|记者|通讯员|論説委員)\s*$|\s*[(（\[【][^)）\]】]*[)）\]】]?\s*$"
    r"|\s+(?:\S+@\S+)\s*$|\s*[|｜·/,-]\s*$"
)
_BETWEEN = re.compile(
    r"\s*(?:;|،|、|·|•|\||/|\s&\s|\n)\s*|\s+(?:and|und|et|y|e|и|та|i|en)\s+(?=[^\W\d_])|,\s+(?:and\s+)?",
)
# Printed in place of a name, in the languages of the catalogue.
_NOBODY = re.compile(
    r"(?:the )?(?:\w+ )?(?:staff|admin|administrator|editors?|editorial(?: team| board| staff)?"
    r"|news ?(?:desk|room)|web ?(?:desk|master|team)|online(?:redaktion)?|redaktion|redaction"
    r"|redazione|redacción|redacao|redação|rédaction|la rédaction|redakcja|guest|user|unknown"
    r"|author|contributor|correspondent|reporter|none|null|undefined)"
    r"(?: (?:writers?|reporters?|reports?|author|desk))?"
    r"|редакция|редакція|администратор|адміністратор|админ|кореспондент|корреспондент"
    r"|편집부|뉴스팀|온라인뉴스팀|관리자|編集部|管理者|编辑|編輯|小编|本报|本站|佚名",
    re.IGNORECASE,
)
# Labels of twitter cards, as the plug-ins that write them translate them; letters only.
_LABELED = (("twitter:label1", "twitter:data1"), ("twitter:label2", "twitter:data2"))
_WRITTEN_BY = frozenset((
    "writtenby", "author", "verfasstvon", "geschriebenvon", "autor", "écritpar", "auteur",
    "escritopor", "escritapor", "scrittoda", "napisaneprzez", "autorem", "написаноавтором", "автор",
    "написано", "작성자", "글쓴이", "執筆者", "作者", "skrevetav", "skrivenav",
))  # fmt: skip
_ADDRESS = re.compile(r"https?:|www\.|/|@|\.(?:com|org|net|html?|php)\b", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")


def read_names(bylines: Iterable[str], *, outlets: Iterable[str | None] = ()) -> tuple[str, ...]:
    """Read names in the order of the bylines, each once; `outlets` are names of no author."""
    nobody = {_folded(name) for name in outlets if name}
    names: dict[str, str] = {}
    for byline in bylines:
        for part in _parts(byline):
            key = _folded(part)
            if key and key not in nobody and not _NOBODY.fullmatch(part):
                names.setdefault(key, part)
    return tuple(names.values())[:_AUTHORS]


def labeled_names(meta: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Read the bylines that pages label for previews: "Written by" beside a name."""
    for label, value in _LABELED:
        for said, name in zip(meta.get(label, ()), meta.get(value, ()), strict=False):
            if _folded(said) in _WRITTEN_BY:
                yield name
    for key, names in meta.items():
        if key.startswith("twitter:misc:") and _folded(key[13:]) in _WRITTEN_BY:
            yield from names


def _parts(byline: str) -> Iterable[str]:
    if _ADDRESS.match(byline.strip()) or len(byline) > _BYLINE_LENGTH:
        return
    line = _BEFORE.sub("", " ".join(byline.split()))
    for part in _BETWEEN.split(line):
        name = _AFTER.sub("", _AFTER.sub("", _BEFORE.sub("", part.strip()))).strip(" .,:-–—|")
        if (
            name
            and len(name) <= _NAME_LENGTH
            and _LETTER.search(name)
            and not _ADDRESS.search(name)
        ):
            yield name


def _folded(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())
