"""A disk whose fsync a test can count, hold back or let fail."""

from __future__ import annotations

import errno
import threading


class Disk:
    """Stands for the disk's fsync: counts, holds back, or fails."""

    def __init__(self) -> None:
        self.syncs = 0
        self.fails = False
        self.began = threading.Event()
        self.may_end = threading.Event()
        self.may_end.set()

    def fsync(self, _descriptor: int) -> None:
        self.syncs += 1
        self.began.set()
        assert self.may_end.wait(10)
        if self.fails:
            raise OSError(errno.EIO, "Input/output error")
