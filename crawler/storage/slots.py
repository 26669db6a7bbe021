"""Who writes: the identity of a store, and the slots that its workers hold.

A slot is a file lock, so it is free the moment its worker is gone, however it died. Lock files are
never removed: a lock on a removed file would keep nobody out.

Whoever writes lines keeps the gate open (a shared lock) until they are synced; who replaces whole
files shuts it meanwhile.

Promise: no two living workers hold one slot, and a store has one identity for life.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import time
import uuid
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from crawler.errors import ConfigError, StoreError
from crawler.storage.layout import write_whole

# Nobody runs a thousand workers on one folder: something leaks slots.
SLOTS_MOST = 999
# How the files of a store are laid out. 1: a file per day and slot. 2: packed days among them,
# which a Tumen of before would not see. A store becomes 2 when its first day is packed.
PLAIN_LAYOUT, PACKED_LAYOUT = 1, 2
# Writers keep the gate open for one batch of lines.
_GATE_LIMIT_S = 30.0
_LOOK_S = 0.01


@dataclass(slots=True, weakref_slot=True, kw_only=True, eq=False)
class SlotLock:
    """A slot that is held, and its way through the gate; `release` or death gives both up."""

    name: str
    descriptor: int
    gate: int

    def enter_gate(self) -> None:
        """Keep the gate open from now on; waits while it is shut. Raises StoreError."""
        try:
            fcntl.flock(self.gate, fcntl.LOCK_SH)
        except OSError as error:
            raise StoreError(f"slot {self.name} cannot be locked ({error.strerror})") from error

    def leave_gate(self) -> None:
        """Let others shut the gate; again is no harm."""
        if self.descriptor >= 0:
            fcntl.flock(self.gate, fcntl.LOCK_UN)

    def release(self) -> None:
        """Give the slot up; again is no harm."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            os.close(self.gate)
            self.descriptor = -1


@contextmanager
def shut_gate(data_dir: Path) -> Iterator[None]:
    """Nobody writes a line meanwhile. Raises StoreError when a writer does not leave."""
    gate, deadline = _open_gate(data_dir / "slots"), time.monotonic() + _GATE_LIMIT_S
    try:
        while not _locks(gate):
            if time.monotonic() > deadline:
                raise StoreError(f"a worker of {data_dir} hangs while it writes: stop it first")
            time.sleep(_LOOK_S)
        yield
    finally:
        os.close(gate)


def _open_gate(folder: Path) -> int:
    return os.open(folder / "gate.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)


_held: weakref.WeakSet[SlotLock] = weakref.WeakSet()


def _forget_in_child() -> None:
    """A forked child shares the lock and would keep the slot after its parent's death."""
    for lock in list(_held):
        lock.release()


os.register_at_fork(after_in_child=_forget_in_child)


def take_slot(data_dir: Path) -> SlotLock:
    """Hold the lowest slot that is free. Raises StoreError when the folder cannot be written."""
    folder = data_dir / "slots"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(1, SLOTS_MOST + 1):
            if (lock := _hold(folder, f"w{number}")) is not None:
                return lock
    except OSError as error:
        raise StoreError(_cannot_write(folder, error)) from error
    raise StoreError(f"all {SLOTS_MOST} slots of {folder} are held: are that many workers running?")


def hold_slot(data_dir: Path, name: str) -> SlotLock | None:
    """Hold the slot of this name; None while its worker is alive. Raises StoreError."""
    folder = data_dir / "slots"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return _hold(folder, name)
    except OSError as error:
        raise StoreError(_cannot_write(folder, error)) from error


def _hold(folder: Path, name: str) -> SlotLock | None:
    descriptor = os.open(folder / f"{name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    if not _locks(descriptor):
        os.close(descriptor)
        return None
    lock = SlotLock(name=name, descriptor=descriptor, gate=_open_gate(folder))
    _held.add(lock)
    return lock


def _locks(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES):
            return False
        os.close(descriptor)
        raise
    return True


def store_identity(data_dir: Path) -> str:
    """The id of the store in a folder, given to it now if it has none.

    Raises ConfigError when a newer Tumen made the store or its store.json cannot be read, and
    StoreError when the folder cannot be written.
    """
    path = data_dir / "store.json"
    try:
        if path.exists():
            return _read_identity(path)
        with _alone(data_dir):
            if not path.exists():
                _write_identity(path, uuid.uuid4().hex, PLAIN_LAYOUT)
            return _read_identity(path)
    except OSError as error:
        raise StoreError(_cannot_write(data_dir, error)) from error


def note_packed(data_dir: Path) -> None:
    """Say in store.json that there are packed days. Raises ConfigError or OSError."""
    store_id, path = store_identity(data_dir), data_dir / "store.json"
    with _alone(data_dir):
        if json.loads(path.read_bytes())["schema_version"] < PACKED_LAYOUT:
            _write_identity(path, store_id, PACKED_LAYOUT)


def _write_identity(path: Path, store_id: str, version: int) -> None:
    identity = {"store_id": store_id, "schema_version": version}
    write_whole(path, json.dumps(identity).encode() + b"\n")


@contextmanager
def _alone(data_dir: Path) -> Iterator[None]:
    """Nobody else gives the store an identity meanwhile."""
    folder = data_dir / "slots"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "store.lock").open("ab") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _read_identity(path: Path) -> str:
    try:
        told = json.loads(path.read_bytes())
        store_id, version = str(told["store_id"]), int(told["schema_version"])
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigError(
            f"{path} cannot be read ({error}): put it back from a backup, or remove it to give the "
            "store a new identity (its Redis must then be emptied too)"
        ) from error
    if version > PACKED_LAYOUT:
        raise ConfigError(
            f"{path} is of schema version {version}, this Tumen knows those up to {PACKED_LAYOUT}: "
            "install the newer Tumen that wrote this store, or use a backup from before it"
        )
    return store_id


def _cannot_write(path: Path, error: OSError) -> str:
    return (
        f"{path} cannot be written ({error.strerror}): check that it belongs to the user that runs "
        "Tumen and that its disk is not read-only or full"
    )
