"""A small volume of a test's own, to be filled; needs the rights to mount one."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

BLOCK = 4096


class Volume:
    """A directory that holds only so much; everybody may write to it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.ballast = path / "ballast"

    def fill(self, left: int = 0) -> None:
        """Until `left` bytes are free."""
        state = os.statvfs(self.path)
        with self.ballast.open("ab") as file:
            os.posix_fallocate(file.fileno(), file.tell(), state.f_bavail * state.f_frsize - left)

    def clear(self) -> None:
        """Room again."""
        self.ballast.unlink()

    def files(self) -> list[str]:
        """What lies on it."""
        return sorted(str(path.relative_to(self.path)) for path in self.path.rglob("*") if path.is_file())


@contextmanager
def volume(megabytes: int) -> Iterator[Volume]:
    """A new one; the test is skipped where nobody may mount."""
    folder = Path(tempfile.mkdtemp(prefix="portal-volume-"))
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=1777", "tmpfs", folder]
    try:
        if os.getuid() or subprocess.run(command, check=False, capture_output=True).returncode:
            pytest.skip("needs the right to mount a volume")
        try:
            yield Volume(folder)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)
    finally:
        folder.rmdir()
