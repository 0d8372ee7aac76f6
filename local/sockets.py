"""Folders for the servers' sockets: private, and short enough for the kernel."""

import hashlib
import os
import stat
import tempfile
from pathlib import Path

from local.processes import StartError

LONGEST_FOLDER = 93  # bytes: a socket address holds 107, and PostgreSQL adds "/.s.PGSQL.5432"


def socket_folder(data: Path, name: str, *, owner: int) -> Path:
    """A folder of mode 0700 that belongs to the user id `owner`, below `data` if its path is short enough, else below
    the system's temporary folder under a name that the same `data` always gets.

    Raises StartError when somebody else already made the latter.
    """
    folder = data / "sockets" / name
    if len(os.fsencode(folder)) > LONGEST_FOLDER:
        digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
        folder = Path(tempfile.gettempdir()) / f"shop-{digest}"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (os.getuid(), owner):
        raise StartError(f"{folder} belongs to another user: remove it, or choose a shorter DATA_DIR.")
    os.chown(folder, owner, -1)
    folder.chmod(0o700)
    return folder
