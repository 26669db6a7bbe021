"""Known vulnerabilities of the locked dependencies (make audit).

    python -m bench.audit PATH_OF_PIP_AUDIT

First our own list, bench/advisories.tsv, of what was found in our dependencies once: it needs no
network, and no lock may go back behind it. Then pip-audit asks OSV, or else the package index.
Promise: what could not be asked is never shown as sound.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements.txt", "requirements-dev.txt")
SERVICES = ("osv", "pypi")
TIME_LIMIT_S = 300
VULNERABLE = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Advisory:
    """One vulnerability: `fixed` is the first version without it."""

    package: str
    name: str
    fixed: Version
    what: str


def read_advisories() -> list[Advisory]:
    """Our own list."""
    rows = (ROOT / "bench" / "advisories.tsv").read_text(encoding="utf-8").splitlines()[1:]
    told = (row.split("\t") for row in rows)
    return [
        Advisory(package=canonicalize_name(package), name=name, fixed=Version(fixed), what=what)
        for package, name, fixed, what in told
    ]


def locked(name: str) -> dict[str, list[Version]]:
    """The versions of a lock, by package."""
    text = (ROOT / name).read_text(encoding="utf-8")
    versions: dict[str, list[Version]] = {}
    for package, version in re.findall(r"^([\w.-]+)==([\w.+!]+)", text, re.MULTILINE):
        versions.setdefault(canonicalize_name(package), []).append(Version(version))
    return versions


def behind(advisories: list[Advisory]) -> Iterator[str]:
    """What our own list says against the locks."""
    for name in LOCKS:
        versions = locked(name)
        for advisory in advisories:
            for version in versions.get(advisory.package, ()):
                if version < advisory.fixed:
                    yield (
                        f"{name}: {advisory.package} {version}: {advisory.name} ({advisory.what}), "
                        f"fixed in {advisory.fixed}"
                    )


def ask(pip_audit: str, service: str) -> list[str] | None:
    """What a service knows against the locks; None when it could not say it of every package."""
    found = []
    for name in LOCKS:
        done = subprocess.run(
            [
                pip_audit, "--service", service, "--format", "json", "--disable-pip",
                "--require-hashes", "--progress-spinner", "off", "--requirement", str(ROOT / name),
            ],
            capture_output=True,
            text=True,
            timeout=TIME_LIMIT_S,
            check=False,
        )  # fmt: skip
        try:
            told: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
        except (ValueError, KeyError, TypeError):
            return None
        if not told or any("skip_reason" in package for package in told):
            return None
        found += [
            f"{name}: {package['name']} {package['version']}: {known['id']}, fixed in "
            f"{', '.join(known['fix_versions']) or 'no version yet'}"
            for package in told
            for known in package["vulns"]
        ]
    return found


def main(pip_audit: str) -> int:
    """Check the locks; 1 when something is known against them."""
    advisories = read_advisories()
    problems = list(behind(advisories))
    packages = len({advisory.package for advisory in advisories})
    print(f"our list: {len(advisories)} advisories of {packages} packages, {len(problems)} apply")
    for service in SERVICES:
        told = ask(pip_audit, service)
        if told is not None:
            print(f"{service}: asked for every package, {len(told)} vulnerabilities")
            problems += told
            break
        print(f"{service}: could not be asked", file=sys.stderr)
    else:
        print("Nothing newer than our list is known: run this where OSV or the package index "
              "answers.", file=sys.stderr)  # fmt: skip
    print("\n".join(problems), end="\n" if problems else "")
    return VULNERABLE if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
