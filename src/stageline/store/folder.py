"""The data folder of an embedded server: private to its owner, and used by one process at a time."""

import fcntl
import os
from pathlib import Path

from stageline.ports.store import DataFolderBusy
from stageline.store.blobs import make_folder


class DataFolder:
    """An open data folder; the lock on it ends with ``close`` or with the process, however that ends."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._descriptor: int | None = descriptor

    @property
    def database_url(self) -> str:
        """Where the embedded database lies."""
        return f"sqlite:///{self.path / 'stageline.db'}"

    def close(self) -> None:
        """Let another process have the folder."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> "DataFolder":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def open_data_folder(path: Path) -> DataFolder:
    """Open, and create if need be, a data folder (mode 0700); DataFolderBusy while another process has it."""
    path = Path(path).absolute()
    make_folder(path)
    path.chmod(0o700)
    descriptor = os.open(path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
        os.close(descriptor)
        who = f"process {holder}" if holder else "another process"
        raise DataFolderBusy(f"{path} is in use by {who}; stop that server first, or choose another data folder") from None
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
    return DataFolder(path, descriptor)


def in_use(path: Path) -> bool:
    """Whether a process uses a data folder now; nothing in the folder is changed by the question."""
    try:
        descriptor = os.open(path / "lock", os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
