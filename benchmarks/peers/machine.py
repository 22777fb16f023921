"""What a run's figures depend on: the machine, and versions of packages."""

import os
import pathlib
import platform
import re
import shutil
import subprocess


def _first_match(pattern, path):
    try:
        text = pathlib.Path(path).read_text(encoding="utf-8")
    except OSError:
        return None
    match = re.search(pattern, text, re.MULTILINE)
    return match[1] if match else None


def describe():
    """The machine, as peers.json has it."""
    memory_kib = _first_match(r"^MemTotal:\s+(\d+)", "/proc/meminfo")
    return {
        "processor": _first_match(r"^model name\s*:\s*(.*)", "/proc/cpuinfo"),
        "cores": os.cpu_count(),
        "memory_bytes": int(memory_kib) * 1024 if memory_kib else None,
        "kernel": platform.release(),
    }


def _output(*command):
    try:
        return subprocess.run(
            command, capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return ""


def commit():
    """The checkout's commit, with -dirty if files differ from it; None outside
    of git."""
    words = ("--always", "--dirty", "--abbrev=40", "--exclude=*")
    return _output("git", "describe", *words).strip() or None


def package_of(need):
    """The Debian package, with its version, of a program or file; or None."""
    path = need if need.startswith("/") else shutil.which(need)
    if path is None:
        return None
    # Debian's alternatives are links, and belong to no package.
    for name in (os.path.realpath(path), path):
        owner = _output("dpkg-query", "--search", name).partition(":")[0]
        if owner:
            version = _output("dpkg-query", "-W", "-f", "${Version}", owner)
            return f"{owner} {version}"
    return None
