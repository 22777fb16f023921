#!/usr/bin/env python3
"""All C++ is formatted as .clang-format says.

Exits with 77, which ctest reports as skipped, where clang-format is missing.
"""

import re
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True
import house  # noqa: E402

# Versions differ in details of layout; Debian 12's is the one that counts.
PROGRAMS = ("clang-format-14", "clang-format")

_ERROR = re.compile(r"^(.*?):(\d+):\d+: error: ")


def find_program():
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


def check(root):
    files = list(house.find_files(root, (".h", ".cc"), house.CODE_FOLDERS))
    if not files:
        return
    program = find_program()
    if program is None:
        print("clang-format is not installed (tools/setup test installs it)")
        sys.exit(77)
    result = subprocess.run(
        [program, "--style=file", "--dry-run", "-Werror", *files],
        cwd=root,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    reported = set()
    for line in result.stderr.splitlines():
        error = _ERROR.match(line)
        if error and error[1] not in reported:
            reported.add(error[1])
            yield house.Problem(
                error[1], int(error[2]), f"run clang-format -i {error[1]}"
            )
    if result.returncode != 0 and not reported:
        yield house.Problem(".clang-format", 1, result.stderr.strip())


if __name__ == "__main__":
    house.main(check)
