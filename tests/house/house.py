"""What the house checks share: finding files and reporting problems.

A check is a function from the root of a tree to a list of problems. Run as a
program it checks the tree named on the command line, this checkout by
default, prints a line for each problem and exits with 1 if there is one.
"""

import dataclasses
import os
import pathlib
import sys

# The folders that hold code, lowest first.
CODE_FOLDERS = ("allocator", "gc", "runtime", "tools", "benchmarks", "tests")

# What is not ours to check, or not there in every checkout.
SKIPPED_FOLDERS = {"build", "fledge-out", "third_party", "__pycache__"}


@dataclasses.dataclass(frozen=True, order=True)
class Problem:
    path: str  # From the root.
    line: int
    message: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.message}"


def find_files(root, suffixes, folders=(".",)):
    """Yields the paths, from the root and sorted, of files in the folders."""
    root = pathlib.Path(root)
    for folder in folders:
        for directory, names, files in os.walk(root / folder):
            names[:] = sorted(
                name
                for name in names
                if name not in SKIPPED_FOLDERS and not name.startswith(".")
            )
            for name in sorted(files):
                if name.endswith(tuple(suffixes)):
                    path = pathlib.Path(directory, name)
                    yield path.relative_to(root).as_posix()


def read_lines(root, path):
    """Yields a file's lines, numbered from 1."""
    text = pathlib.Path(root, path).read_text(encoding="utf-8")
    return enumerate(text.splitlines(), start=1)


def main(check):
    default = pathlib.Path(__file__).resolve().parent.parent.parent
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else default
    if not root.is_dir():
        sys.exit(f"{sys.argv[0]}: {root} is not a folder")
    problems = sorted(set(check(root)))
    for problem in problems:
        print(problem)
    if problems:
        sys.exit(1)
