"""The settings stand in three places: the code, .env.example and docs/operating.md say the same."""

from __future__ import annotations

import re
from pathlib import Path

from crawler.config import SETTINGS, Setting
from crawler.environment import read_config

ROOT = Path(__file__).resolve().parents[2]
ASSIGNMENT = re.compile(r"# (TUMEN_[A-Z_]+)=(.*)")
ROW = re.compile(r"\| `(TUMEN_[A-Z_]+)` \| (.+?) \| (.+?) \| (.+?) \|")
Row = tuple[str, str, str, str]

ROWS = [
    (setting.variable, setting.default, setting.expects, setting.meaning)
    for setting in SETTINGS.values()
]


def example_lines() -> list[str]:
    return (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()


def example_of(setting: Setting) -> list[str]:
    return [f"# {setting.meaning} ({setting.expects})", f"# {setting.variable}={setting.default}"]


def documented_rows() -> list[Row]:
    page = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    found = (ROW.fullmatch(line) for line in page.splitlines())
    return [(row[1], unquoted(row[2]), row[3], row[4]) for row in found if row]


def unquoted(cell: str) -> str:
    return "" if cell == "unset" else cell.removeprefix("`").removesuffix("`")


def test_the_example_has_every_setting_with_its_default_and_nothing_else() -> None:
    found = [found.groups() for line in example_lines() if (found := ASSIGNMENT.fullmatch(line))]
    assert found == [(variable, default) for variable, default, _expects, _meaning in ROWS]


def test_the_example_says_of_every_setting_what_the_code_says() -> None:
    lines = example_lines()
    at = [lines.index(f"# {variable}={default}") for variable, default, _, _ in ROWS]
    assert [lines[i - 1 : i + 1] for i in at] == [example_of(row) for row in SETTINGS.values()]


def test_the_example_decides_nothing() -> None:
    assert [line for line in example_lines() if line and not line.startswith("#")] == []


def test_the_defaults_of_the_example_are_understood() -> None:
    found = dict(
        found.groups() for line in example_lines() if (found := ASSIGNMENT.fullmatch(line))
    )
    assert read_config(found) == read_config({})


def test_the_operators_page_has_the_table_of_the_code() -> None:
    assert documented_rows() == ROWS


def test_the_operators_page_and_the_example_name_no_variable_that_is_not_there() -> None:
    known = {setting.variable for setting in SETTINGS.values()}
    known |= {f"{setting.variable}_FILE" for setting in SETTINGS.values() if setting.is_secret}
    pages = (ROOT / ".env.example", ROOT / "docs" / "operating.md")
    named = {
        name
        for page in pages
        for name in re.findall(r"TUMEN_[A-Z_]*[A-Z]", page.read_text("utf-8"))
    }
    assert sorted(named - known) == []


COMPOSE_VARIABLE = re.compile(r"\$\{([A-Z_]+):-([^}]*)\}")
# `make up` sets these by itself.
STAMPS = {"VERSION", "REVISION"}


def test_the_example_has_every_variable_of_the_compose_file_with_its_default() -> None:
    compose = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    wanted = {name: text for name, text in COMPOSE_VARIABLE.findall(compose) if name not in STAMPS}
    example = "\n".join(example_lines()).split("# The rest is for docker-compose.yml")[1]
    assert dict(re.findall(r"^# ([A-Z_]+)=(.*)$", example, re.MULTILINE)) == wanted
    page = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    assert [name for name in wanted if f"`{name}`" not in page] == []


def test_the_base_of_the_image_is_the_same_in_dockerfile_and_compose_file() -> None:
    compose = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    base = dict(COMPOSE_VARIABLE.findall(compose))["PYTHON_IMAGE"]
    assert f"ARG PYTHON_IMAGE={base}\n" in (ROOT / "Dockerfile").read_text(encoding="utf-8")
