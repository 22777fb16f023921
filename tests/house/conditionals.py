#!/usr/bin/env python3
"""No preprocessor conditionals in gc/ and runtime/; platform code by file.

Headers everywhere are guarded by #pragma once. The one exception is what a
header for C cannot do without, in runtime/c/: #ifdef __cplusplus and its
#endif.
"""

import re
import sys

sys.dont_write_bytecode = True
import house  # noqa: E402

_DIRECTIVE = re.compile(
    r"^\s*#\s*(if|ifdef|ifndef|elif|elifdef|elifndef|else|endif)\b(.*)"
)


def _conditionals(root, path):
    for_c = path.startswith("runtime/c/") and path.endswith(".h")
    inside_cplusplus = False
    for number, line in house.read_lines(root, path):
        match = _DIRECTIVE.match(line)
        if not match:
            continue
        directive, rest = match[1], match[2].split("//")[0].strip()
        if for_c and directive == "ifdef" and rest == "__cplusplus":
            inside_cplusplus = True
        elif inside_cplusplus and directive == "endif":
            inside_cplusplus = False
        else:
            yield house.Problem(
                path, number, f"#{directive}: choose by file or by type instead"
            )


def check(root):
    for path in house.find_files(root, (".h", ".cc"), ("gc", "runtime")):
        yield from _conditionals(root, path)
    for path in house.find_files(root, (".h",), house.CODE_FOLDERS):
        lines = (line.strip() for _, line in house.read_lines(root, path))
        if "#pragma once" not in lines:
            yield house.Problem(path, 1, "a header without #pragma once")


if __name__ == "__main__":
    house.main(check)
