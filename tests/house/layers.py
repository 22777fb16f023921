#!/usr/bin/env python3
"""Includes follow the arrows between folders, and are written from the root.

    tests, benchmarks, tools --> runtime --> gc --> allocator

Tests of a folder may include what the folder itself may, and tests/support.
Support knows the collector but not runtime: the collector's tests use it.
"""

import re
import sys

sys.dont_write_bytecode = True
import house  # noqa: E402

_ALLOCATOR = {"allocator"}
_GC = _ALLOCATOR | {"gc"}
_RUNTIME = _GC | {"runtime"}
_TOOLS = _RUNTIME | {"tools"}
_SUPPORT = {"tests/support"}

# For each layer, the layers that it may include. Others in tests/ (stress,
# model) stand above everything.
MAY_INCLUDE = {
    "allocator": _ALLOCATOR,
    "gc": _GC,
    "runtime": _RUNTIME,
    "tools": _TOOLS,
    "benchmarks": _TOOLS | {"benchmarks"},
    "tests/support": _GC | _SUPPORT,
    "tests/allocator": _ALLOCATOR | _SUPPORT | {"tests/allocator"},
    "tests/gc": _GC | _SUPPORT | {"tests/gc"},
    "tests/runtime": _RUNTIME | _SUPPORT | {"tests/runtime"},
    # What the tutorial's compiler is made of lies with its text.
    "tests/tutorial-llvm": _TOOLS
    | _SUPPORT
    | {"docs", "tests/docs", "tests/tutorial-llvm"},
    # A fuzzer goes on with what a test of the layer begins.
    "tests/fuzz": _TOOLS | _SUPPORT | {"tests/runtime", "tests/fuzz"},
}

# Libraries that embedders need not have, so that no installed header may
# show them.
_INSTALLED = {"allocator", "gc", "runtime"}
_PRIVATE_LIBRARIES = ("absl/", "jemalloc/", "libunwind", "nlohmann/", "CLI/")

_INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def layer_of(path):
    folders = path.split("/")[:-1]
    if folders[:1] == ["tests"]:
        return "/".join(folders[:2])
    return folders[0] if folders else ""


def _may_include(layer):
    return MAY_INCLUDE.get(layer, _TOOLS | _SUPPORT | {layer})


def _problems_of(root, path, style, target):
    layer = layer_of(path)
    ours = target.split("/")[0] in house.CODE_FOLDERS
    if style == "<":
        if target.startswith("fledge/"):
            right = target.removeprefix("fledge/")
            yield f'<{target}> is for embedders; here it is "{right}"'
        elif ours and (root / target).is_file():
            yield f'<{target}> is ours: write "{target}"'
        elif (
            layer in _INSTALLED
            and path.endswith(".h")
            and target.startswith(_PRIVATE_LIBRARIES)
        ):
            yield f"<{target}> in a header that is installed; only .cc may"
        return
    if target.startswith(_PRIVATE_LIBRARIES):
        yield f'"{target}" is a library\'s: write <{target}>'
        return
    if ".." in target.split("/") or not (root / target).is_file():
        yield f'"{target}" is not a file, seen from the root'
        return
    if layer_of(target) not in _may_include(layer):
        yield f"{layer} may not include {layer_of(target)} ({target})"


def check(root):
    for path in house.find_files(root, (".h", ".cc"), house.CODE_FOLDERS):
        for number, line in house.read_lines(root, path):
            include = _INCLUDE.match(line)
            if include:
                for message in _problems_of(root, path, *include.groups()):
                    yield house.Problem(path, number, message)


if __name__ == "__main__":
    house.main(check)
