"""Runs one command and tells its wall time and the CPU time of it and of all that it started.

    python -m bench.measured_run RESULT COMMAND...

Promise: processes that the command leaves behind, as an embedded Redis that outlives it by a
moment, are waited for and counted (on Linux, where orphans can be adopted).
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36


def main() -> int:
    """Run, wait for all, write the result as JSON."""
    result, command = Path(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    began = time.monotonic()
    code = subprocess.Popen(command).wait()
    wall_s = time.monotonic() - began
    while True:
        try:
            os.wait()
        except ChildProcessError:
            break
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    figures = {"code": code, "wall_s": wall_s, "cpu_s": used.ru_utime + used.ru_stime}
    result.write_text(json.dumps(figures), encoding="utf-8")
    return code


if __name__ == "__main__":
    sys.exit(main())
