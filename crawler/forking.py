"""The server that the children of the parse pool are forked from, and its early start.

Promise: what is loaded for a child is loaded once, and while the command itself is still loading.
"""

from __future__ import annotations

import multiprocessing
import os
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext

# Loaded once and forked from: the extractor, its models and caches take over a second.
_PRELOADED = ["crawler.preloaded"]


def context_of_children() -> ForkServerContext:
    """How children are made: forked from a server that has loaded what they need."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy's threads cost address space
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOADED)
    return context


def begin_loading() -> None:
    """Start the server now, for children that are wanted soon; it ends with this process."""
    context_of_children()
    forkserver.ensure_running()
