"""The house rules that a machine can check: sizes, names, layers, purity, no trace of one."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted([*ROOT.glob("crawler/**/*.py"), *ROOT.glob("spiders/**/*.py")])
PURE = [path for path in MODULES if path.is_relative_to(ROOT / "crawler" / "news")]
LONGEST_MODULE = 300
LONGEST_FUNCTION = 50
EMPTY_NAMES = {"utils", "helpers", "manager", "process", "data", "info", "common"}
EMPTY_NAMES |= {"util", "helper", "handler", "handlers", "misc"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

Place = tuple[str, int]


@cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def nodes(paths: list[Path]) -> Iterator[tuple[Place, ast.AST]]:
    for path in paths:
        name = named(path)
        for node in nodes_of(path):
            yield (name, getattr(node, "lineno", 0)), node


def imports(paths: list[Path]) -> Iterator[tuple[Place, str]]:
    for place, node in nodes(paths):
        if isinstance(node, ast.Import):
            yield from ((place, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((place, f"{node.module}.{alias.name}") for alias in node.names)


def dotted(node: ast.AST) -> str:
    """The name as it is written: "os.environ.get"; what is no name is "?"."""
    if isinstance(node, ast.Name):
        return node.id
    return f"{dotted(node.value)}.{node.attr}" if isinstance(node, ast.Attribute) else "?"


def calls(paths: list[Path]) -> Iterator[tuple[Place, str, ast.Call]]:
    for place, node in nodes(paths):
        if isinstance(node, ast.Call):
            yield place, dotted(node.func), node


def test_no_module_is_longer_than_a_person_reads_at_once() -> None:
    lengths = {named(path): len(path.read_bytes().splitlines()) for path in MODULES}
    assert {} == {name: n for name, n in lengths.items() if n > LONGEST_MODULE}


def test_no_function_is_longer_than_a_screen() -> None:
    functions = [
        (place, node.name, (node.end_lineno or 0) - node.lineno + 1)
        for place, node in nodes(MODULES)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert [] == [function for function in functions if function[2] > LONGEST_FUNCTION]


def docstring(path: Path) -> str | None:
    module = nodes_of(path)[0]
    assert isinstance(module, ast.Module)
    return ast.get_docstring(module)


def test_every_module_says_what_lives_in_it() -> None:
    assert [] == [named(path) for path in MODULES if not docstring(path)]


def test_no_module_has_a_name_that_says_nothing() -> None:
    names = {named(path): path.stem for path in MODULES}
    names |= {named(path.parent): path.parent.name for path in MODULES}
    assert {} == {where: name for where, name in names.items() if name in EMPTY_NAMES}


def test_nothing_is_executed_or_unpickled() -> None:
    forbidden = {"eval", "exec", "__import__", "os.system", "os.popen", "yaml.load"}
    found = [
        (place, name)
        for place, name, node in calls(MODULES)
        if name in forbidden or any(word.arg == "shell" for word in node.keywords)
    ]
    unsafe = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib"}
    found += [(place, name) for place, name in imports(MODULES) if unsafe & set(name.split("."))]
    assert [] == found


def test_news_asks_no_clock_and_opens_no_file() -> None:
    clocks = re.compile(
        r"(.*\.)?(datetime|date)\.(now|utcnow|today)"
        r"|time\.(time|monotonic|perf_counter|localtime|gmtime|sleep)(_ns)?"
    )
    files = re.compile(r"open|.*\.(read_text|read_bytes|write_text|write_bytes)")
    found = [
        (place, name)
        for place, name, _ in calls(PURE)
        if clocks.fullmatch(name) or files.fullmatch(name)
    ]
    assert [] == found


def test_news_imports_nothing_that_reaches_out() -> None:
    # Contracts of import-linter name whole packages; these are parts, or too common to name there.
    reaching = re.compile(
        r"(urllib\.(request|error)|os|pathlib|time|importlib|random|secrets|uuid)(\..*)?"
    )
    found = [(place, name) for place, name in imports(PURE) if reaching.fullmatch(name)]
    assert [] == found


def test_only_config_reads_the_environment() -> None:
    def reads(node: ast.AST) -> bool:
        if isinstance(node, ast.Call):
            return dotted(node.func) in ("os.getenv", "getenv", "os.environ.get")
        if isinstance(node, ast.Subscript):
            return dotted(node.value) == "os.environ" and isinstance(node.ctx, ast.Load)
        if isinstance(node, ast.Compare):
            return any(dotted(part) == "os.environ" for part in node.comparators)
        return isinstance(node, ast.ImportFrom) and any(
            alias.name in ("environ", "getenv") for alias in node.names
        )

    assert [] == [place for place, node in nodes(MODULES) if reads(node)]


def test_the_layers_hold() -> None:
    # In a process of its own: it sets up logging and looks at whatever was imported before.
    check = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"
    done = subprocess.run(
        [sys.executable, "-c", check], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_every_module_at_the_top_has_a_place_in_the_layers() -> None:
    contracts = PROJECT["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["id"] == "layers")
    placed = set(re.findall(r"crawler\.(\w+)", " ".join(layers)))
    present = {path.stem for path in ROOT.glob("crawler/*.py")} - {"__init__"}
    present |= {path.parent.name for path in ROOT.glob("crawler/*/__init__.py")}
    assert sorted(present) == sorted(placed)


def test_every_file_that_is_not_python_is_package_data() -> None:
    patterns: dict[str, list[str]] = PROJECT["tool"]["setuptools"]["package-data"]
    for package in ("crawler", "spiders"):
        folder = ROOT / package
        shipped = {path for pattern in patterns.get(package, []) for path in folder.glob(pattern)}
        present = {path for path in folder.rglob("*") if path.is_file()}
        present = {path for path in present if path.suffix not in (".py", ".pyc")}
        assert [] == sorted(named(path) for path in present - shipped)


def declared() -> dict[str, Requirement]:
    requirements = map(Requirement, PROJECT["project"]["dependencies"])
    return {canonicalize_name(requirement.name): requirement for requirement in requirements}


def optional() -> set[str]:
    extras = PROJECT["project"].get("optional-dependencies", {}).values()
    return {canonicalize_name(Requirement(one).name) for extra in extras for one in extra}


def test_every_import_is_of_a_declared_dependency() -> None:
    distributions = packages_distributions()
    ours = set(sys.stdlib_module_names) | {"crawler", "spiders"}
    # The standard library's from 3.14 on, and what stands in for it before.
    ours |= {"backports"} if "compression" in ours else {"compression"}
    tops = {(name.split(".")[0], place[0]) for place, name in imports(MODULES)}
    undeclared = {
        (top, where)
        for top, where in tops
        if top not in ours
        and not {canonicalize_name(name) for name in distributions.get(top, [])}
        & (set(declared()) | optional())
    }
    assert [] == sorted(undeclared)


def test_every_dependency_has_its_reason_in_the_docs() -> None:
    decisions = (ROOT / "docs" / "decisions.md").read_text(encoding="utf-8")
    told = {
        canonicalize_name(name) for name in re.findall(r"^\| (\S+) \|", decisions, re.MULTILINE)
    }
    assert sorted((set(declared()) | optional()) - told) == []


def locked(name: str) -> dict[str, list[str]]:
    pins = re.findall(r"^([\w.-]+)==([\w.+!]+)", (ROOT / name).read_text("utf-8"), re.MULTILINE)
    versions: dict[str, list[str]] = {}
    for package, version in pins:
        versions.setdefault(canonicalize_name(package), []).append(version)
    return versions


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        pytest.param("requirements.txt", PROJECT["project"]["dependencies"], id="run time"),
        pytest.param("requirements.txt", PROJECT["dependency-groups"]["build"], id="build"),
        pytest.param("requirements-image.txt", PROJECT["project"]["dependencies"], id="image"),
        pytest.param(
            "requirements-image.txt",
            PROJECT["project"]["optional-dependencies"]["alerts"],
            id="image, alerts",
        ),
        pytest.param("requirements-dev.txt", PROJECT["dependency-groups"]["dev"], id="development"),
    ],
)
def test_the_lock_has_what_pyproject_asks_for(lock: str, wanted: list[Any]) -> None:
    versions = locked(lock)
    unmet = [
        text
        for text in wanted
        if not any(
            Requirement(text).specifier.contains(version)
            for version in versions.get(canonicalize_name(Requirement(text).name), [])
        )
    ]
    assert [] == unmet, "make lock"


# Spelled in pieces, so that this file is no trace itself.
TRACES = re.compile(
    "|".join(
        [
            r"(?<![\w.:/-])/(?:wo" r"rk|ro" r"ot)/[\w.]",
            r"(?<![\w.:/-])/opt/(?:py" r"pi|wheels)",
            r"\.py" r"env\b",
            r"py" r"pi\.org",
            r"python" r"hosted\.org",
            r"npm" r"js\.(?:org|com)",
            r"registry\.yarn" r"pkg",
            r"--(?:extra-)?index" r"-url",
            r"deb\.deb" r"ian\.org",
        ]
    ).encode()
)
LEFT_OUT = re.compile(
    r"\.git|\.venv.*|\..*_cache|\.hypothesis|\.coverage.*|.*\.egg-info|build|dist|(demo-)?data"
)


def files_of_the_project(folder: Path = ROOT) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name == "__pycache__" or (folder == ROOT and LEFT_OUT.fullmatch(path.name)):
            continue
        if path.is_dir():
            yield from files_of_the_project(path)
        elif path.is_file():
            yield path


def test_no_file_names_a_machine_or_a_registry() -> None:
    traces = {
        named(path): found.group().decode()
        for path in files_of_the_project()
        if (found := TRACES.search(path.read_bytes()))
    }
    assert {} == traces
