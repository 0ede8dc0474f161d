"""Follow a growing text file by name, as `tail -F` does: across rotation, truncation and times when it does not exist.

    for line in follow("/var/log/app.log"):
        handle(line)

Python 3.8 or newer, standard library only, Linux and macOS (a file is told apart by its inode).
"""

import os
import time
from typing import Callable, Iterator, Optional, TextIO


def follow(
    path: str,
    *,
    from_start: bool = False,
    poll_seconds: float = 0.5,
    stop: Callable[[], bool] = lambda: False,
    encoding: str = "utf-8",
) -> Iterator[str]:
    """Yield complete lines without their end. A line still being written is held back until its end is there.

    Begins at the file's present end unless `from_start`; a file that appears later is read from its start. Undecodable
    bytes become U+FFFD. Ends when `stop()` says so, which is asked at every poll.
    """
    file: Optional[TextIO] = None
    inode = -1
    partial = ""
    first = True
    try:
        while True:
            if file is None:
                file, inode = _open(path, encoding)
                if file is not None and first and not from_start:
                    file.seek(0, os.SEEK_END)
                first = False
            if file is not None:
                read = file.readline()
                while read:
                    partial += read
                    if partial.endswith("\n"):
                        yield partial[:-1].rstrip("\r")
                        partial = ""
                    read = file.readline()
                state = _stat(path)
                if state is None or state.st_ino != inode:
                    # Renamed or deleted. Its writer may not have noticed yet, so what came meanwhile is read first.
                    rest = file.read()
                    if rest:
                        *lines, partial = (partial + rest).split("\n")
                        yield from (line.rstrip("\r") for line in lines)
                    if partial:
                        yield partial
                        partial = ""
                    file.close()
                    file = None
                    if state is not None:
                        continue
                elif state.st_size < file.tell():
                    # Truncated in place (copytruncate).
                    partial = ""
                    file.seek(0)
                    continue
            if stop():
                return
            time.sleep(poll_seconds)
    finally:
        if file is not None:
            file.close()


def _open(path: str, encoding: str):
    try:
        file = open(path, encoding=encoding, errors="replace", newline="\n")
    except FileNotFoundError:
        return None, -1
    return file, os.fstat(file.fileno()).st_ino


def _stat(path: str) -> Optional[os.stat_result]:
    try:
        return os.stat(path)
    except FileNotFoundError:
        return None
