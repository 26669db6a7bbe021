"""The fuzzer: every target for a while, guided by coverage, and what came of it as a table.

    python -m tests.hostile.fuzz [SECONDS] [TARGET...]      (make fuzz ARGS='600 feed page')

An input that breaks a promise, takes over 15 s or over 2 GB is printed; it belongs into FOUND of
test_fuzz.py. Needs atheris, which has wheels for Linux on x86-64.
"""

from __future__ import annotations

import base64
import importlib.util
import re
import subprocess
import sys
import tempfile
from pathlib import Path

DEFAULT_S = 60
LIMIT_S = 15
MEMORY_MB = 2048
LARGEST = 65_536
_EXECUTED = re.compile(r"stat::number_of_executed_units:\s+(\d+)")
_PEAK = re.compile(r"stat::peak_rss_mb:\s+(\d+)")
_SLOWEST = re.compile(r"stat::slowest_unit_time_sec:\s+(\d+)")
_COVERED = re.compile(r"cov: (\d+)")


def fuzz_one(name: str, arguments: list[str]) -> None:
    """Fuzz one target in this process; libFuzzer ends it."""
    import atheris

    with atheris.instrument_imports(include=["crawler", "feedparser", "protego"]):
        from tests.hostile.targets import TARGETS

    atheris.Setup([sys.argv[0], *arguments], TARGETS[name])
    atheris.Fuzz()


def fuzz(name: str, seconds: int, folder: Path) -> bool:
    """Fuzz one target in a process of its own and print its row; returns whether it held."""
    from tests.hostile.targets import seeds
    from tests.hostile.test_fuzz import PARTS

    corpus, words = folder / name, folder / "words"
    corpus.mkdir()
    for at, seed in enumerate(seeds(name)):
        (corpus / f"seed-{at}").write_bytes(seed)
    escaped = ("".join(f"\\x{byte:02x}" for byte in part) for part in PARTS)
    words.write_text("".join(f'"{word}"\n' for word in escaped), encoding="ascii")
    done = subprocess.run(
        [
            sys.executable, "-m", "tests.hostile.fuzz", "--one", name, str(corpus),
            f"-max_total_time={seconds}", f"-timeout={LIMIT_S}", f"-rss_limit_mb={MEMORY_MB}",
            f"-max_len={LARGEST}", f"-dict={words}", f"-artifact_prefix={folder}/{name}-",
            "-print_final_stats=1",
        ],
        capture_output=True,
        check=False,
    )  # fmt: skip
    said = done.stderr.decode("utf-8", "replace") + done.stdout.decode("utf-8", "replace")
    covered = _COVERED.findall(said)
    shown = [_number(pattern, said) for pattern in (_EXECUTED, _SLOWEST, _PEAK)]
    print(f"{name:10} {shown[0]:>10} {covered[-1] if covered else '-':>8} {shown[1]:>9} "
          f"{shown[2]:>8}  {'held' if done.returncode == 0 else 'BROKEN'}")  # fmt: skip
    sys.stdout.flush()
    if done.returncode:
        print("\n".join(said.splitlines()[-40:]))
        for found in sorted(folder.glob(f"{name}-*")):
            shown_bytes = base64.b85encode(found.read_bytes()[:3_000]).decode()
            print(f"{found.name} ({found.stat().st_size} bytes): b85decode({shown_bytes!r})")
    return done.returncode == 0


def _number(pattern: re.Pattern[str], said: str) -> str:
    found = pattern.search(said)
    return found[1] if found else "-"


def main(arguments: list[str]) -> int:
    """Fuzz the targets that are named, or all."""
    if importlib.util.find_spec("atheris") is None:
        print("atheris is not here: it has wheels for Linux on x86-64 only. What Hypothesis tries "
              "on every machine: pytest tests/hostile/test_fuzz.py", file=sys.stderr)  # fmt: skip
        return 2
    from tests.hostile.targets import TARGETS

    seconds = int(arguments[0]) if arguments and arguments[0].isdigit() else DEFAULT_S
    named = [name for name in arguments if not name.isdigit()] or list(TARGETS)
    if unknown := sorted(set(named) - set(TARGETS)):
        print(f"no target {', '.join(unknown)}; there are {', '.join(TARGETS)}", file=sys.stderr)
        return 2
    print(f"{'target':10} {'inputs':>10} {'covered':>8} {'slowest s':>9} {'peak MB':>8}")
    with tempfile.TemporaryDirectory(prefix="tumen-fuzz-") as folder:
        held = [fuzz(name, seconds, Path(folder)) for name in named]
    return 0 if all(held) else 1


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        fuzz_one(sys.argv[2], sys.argv[3:])
    sys.exit(main(sys.argv[1:]))
