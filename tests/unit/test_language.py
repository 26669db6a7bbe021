"""The language of a text: by its letters, by a model, and only then by what is declared."""

import pytest

from crawler.news.language import detect_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("두만강 철교의 보수 공사가 이번 주에 마무리됐다.", "ko"),
        ("金正恩 위원장은 러시아를 방문했다", "ko"),
        ("北浜港の漁船が出漁した。", "ja"),
        (
            "图们江口的小镇迎来入冬以来的第一场雪，边境口岸照常开放，往俄罗斯方向的班车推迟发车。",
            "zh",
        ),
        ("Второй пункт пропуска на границе начал работу, сообщили мы вчера.", "ru"),
        ("Порт готується приймати кораблі із зерном, її чекають.", "uk"),
        ("Пристанището отвори врати за първите кораби от три години насам, съобщи кметът.", "bg"),
        ("Брод је стигао у луку после пет година, рекао је капетан новинарима јуче.", "sr"),
        ("The harbor master opened the northern quay on Friday, two years after the storm.", "en"),
        ("Der Hafenmeister hat den Kai am Freitag nach zwei Jahren wieder geöffnet.", "de"),
        ("Le port a rouvert vendredi, deux ans après la tempête, selon le capitaine.", "fr"),
        ("El puerto reabrió el viernes, dos años después de la tormenta, dijo el capitán.", "es"),
    ],
)
def test_the_text_decides_whatever_is_declared(text, language):
    for declared in (None, "it", "x"):
        assert detect_language(text, declared=declared, fallback="pt") == language


@pytest.mark.parametrize(
    ("text", "declared", "language"),
    [
        pytest.param("東京新聞記者会見", "ja-JP", "ja", id="a short line of Han"),
        pytest.param("東京新聞記者会見", "en", "zh", id="a declaration that cannot be"),
        pytest.param("Пхеньян, Москва", "uk", "uk", id="Cyrillic without own letters"),
        pytest.param("Rason", "de_DE", "de", id="a word"),
        pytest.param("2026 – 11", "fr", "fr", id="no letters"),
        pytest.param("2026 – 11", None, "pt", id="no letters, nothing declared"),
        pytest.param("The harbor of Rason opens again", "ru", "en", id="another script"),
    ],
)
def test_a_declaration_breaks_ties(text, declared, language):
    assert detect_language(text, declared=declared, fallback="pt-BR") == language


def test_where_nothing_tells_there_is_no_language():
    assert detect_language("...", declared="nonsense!", fallback=None) is None
