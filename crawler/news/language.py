"""The language a text is written in.

Promise: the letters decide where they can, a trained model where several languages share them;
what a page or card declares only breaks ties.
"""

from __future__ import annotations

import re
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

# The languages of the catalogue, and neighbors that would otherwise be taken for one of them.
LANGUAGES = (
    "en", "ko", "ru", "uk", "ja", "zh", "de", "fr", "es", "pl", "it", "pt", "ar", "vi", "nl", "sv",
    "no", "da", "fi", "cs", "sk", "hu", "ro", "bg", "sr", "be", "kk", "mn", "el", "he", "tr", "fa",
    "hi", "th", "id", "et", "lv", "lt", "ka", "hy", "sl", "hr", "is",
)  # fmt: skip
_SAMPLE = 4_000
_CLOSE = 10  # a language this many times less likely than the likeliest is still a tie
_SHORT = 60  # Han letters; below it a line may be of several languages

_SCRIPTS = {
    "hangul": re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]"),
    "kana": re.compile(r"[\u3041-\u3096\u30a1-\u30fa]"),
    "han": re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"),
    "cyrillic": re.compile(r"[\u0400-\u052f]"),
    "latin": re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]"),
}
_UKRAINIAN = re.compile("[іїєґ]", re.IGNORECASE)
_RUSSIAN = re.compile("[ыэё]", re.IGNORECASE)  # not ъ, which Bulgarian has too
_OTHER_CYRILLIC = re.compile("[ўјљњћђџқәұғңөү]", re.IGNORECASE)
_CYRILLIC = ("ru", "uk", "bg", "sr", "be", "kk", "mn")
_IDEOGRAPHIC = ("ko", "ja", "zh")


def detect_language(text: str, *, declared: str | None, fallback: str | None) -> str | None:
    """Name a text's language (BCP 47, primary subtag); `fallback` serves where none shows."""
    sample = text[:_SAMPLE]
    told = _primary(declared)
    counts = {script: len(pattern.findall(sample)) for script, pattern in _SCRIPTS.items()}
    script = max(counts, key=lambda name: counts[name])
    letters = sum(letter.isalpha() for letter in sample)
    if not letters:
        return told or _primary(fallback)
    if counts["hangul"] * 4 > letters:
        return "ko"
    if (counts["kana"] + counts["han"]) * 3 > letters:
        return _east_asian(counts["kana"], counts["han"], told)
    if script == "cyrillic" and counts["cyrillic"] * 2 > letters:
        return _cyrillic(sample, told)
    return _modeled(sample, told)


def _east_asian(kana: int, han: int, told: str | None) -> str:
    """Tell Japanese from Chinese by its syllables; a short line of Han may be either."""
    if kana * 20 >= kana + han:
        return "ja"
    return told if told in _IDEOGRAPHIC and han < _SHORT else "zh"


def _cyrillic(sample: str, told: str | None) -> str:
    ukrainian, russian = len(_UKRAINIAN.findall(sample)), len(_RUSSIAN.findall(sample))
    if ukrainian != russian and not _OTHER_CYRILLIC.search(sample):
        return "uk" if ukrainian > russian else "ru"
    if told in _CYRILLIC:
        return told
    return str(_identifier().classify(sample)[0])


def _modeled(sample: str, told: str | None) -> str:
    """Ask the model; a declared language wins a close call."""
    likely = dict(_identifier().rank(sample))
    best = next(iter(likely))
    if told is None or told not in likely or told in (*_CYRILLIC, *_IDEOGRAPHIC):
        return str(best)
    return told if likely[told] * _CLOSE >= likely[best] else str(best)


@cache
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(LANGUAGES)
    return identifier


def _primary(tag: str | None) -> str | None:
    """Cut a language tag to its primary subtag; None where it is none."""
    primary = re.split(r"[-_]", tag or "")[0].strip().lower()
    return primary if re.fullmatch(r"[a-z]{2,3}", primary) else None
