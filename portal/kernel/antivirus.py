"""A client of clamd: https://docs.clamav.net/manual/Usage/Scanning.html, command INSTREAM.

`CLAMD_ADDRESS` is `host:port` or the path of a socket; empty means that there is no scanner.
"""

import socket
import struct
from collections.abc import Iterable

from django.conf import settings

LENGTH = struct.Struct("!L")
ANSWER = 4096  # bytes


class ScannerAway(Exception):
    """clamd did not answer, or not with a verdict."""


def is_on() -> bool:
    """Whether the installation has a scanner."""
    return bool(settings.CLAMD_ADDRESS)


def answers(timeout: float) -> bool:
    """Whether there is a scanner and it is awake."""
    if not is_on():
        return False
    with connected(settings.CLAMD_ADDRESS, timeout) as line:
        line.sendall(b"zPING\0")
        return line.recv(ANSWER).startswith(b"PONG")


def scan(blocks: Iterable[bytes], *, timeout: float) -> str:
    """The name of what was found, empty for a clean file; `timeout` in seconds for each step. Raises ScannerAway."""
    try:
        with connected(settings.CLAMD_ADDRESS, timeout) as line:
            line.sendall(b"zINSTREAM\0")
            for block in blocks:
                line.sendall(LENGTH.pack(len(block)) + block)
            line.sendall(LENGTH.pack(0))
            with line.makefile("rb") as ear:
                answer = ear.read(ANSWER).rstrip(b"\0\n").decode(errors="replace")
    except OSError as error:
        raise ScannerAway(str(error)) from error
    return verdict(answer)


def connected(address: str, timeout: float) -> socket.socket:
    """An open line to the scanner."""
    if address.startswith("/"):
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(timeout)
        try:
            line.connect(address)
        except OSError:
            line.close()
            raise
        return line
    host, _, port = address.rpartition(":")
    return socket.create_connection((host, int(port)), timeout)


def verdict(answer: str) -> str:
    """`stream: OK` is clean, `stream: Name FOUND` is not. Raises ScannerAway for anything else."""
    said = answer.removeprefix("stream: ")
    if said == "OK":
        return ""
    if said.endswith(" FOUND"):
        return said.removesuffix(" FOUND")
    raise ScannerAway(answer or "no answer")
