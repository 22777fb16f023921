#!/usr/bin/env python3
"""Proves that conditionals.py fails where it should, and only there."""

import sys
import unittest

sys.dont_write_bytecode = True
import conditionals  # noqa: E402
import tree_case  # noqa: E402

_FOR_C = """#pragma once
#ifdef __cplusplus
extern "C" {
#endif
"""


class ConditionalsTest(tree_case.TreeCase):
    def test_straight_code_is_clean(self):
        self.write("gc/heap.h", "#pragma once\n#define X 1\n// #if in words\n")
        self.write("runtime/value.cc", '#include "gc/heap.h"\n')
        self.write("allocator/check.cc", "#ifdef NDEBUG\n#endif\n")
        self.write("runtime/c/fledge.h", _FOR_C)
        self.expect_clean(conditionals.check)

    def test_conditionals_are_found(self):
        for directive in ("if 1", "ifdef X", "ifndef X", "elif X", "else"):
            for path in ("gc/heap.cc", "runtime/lambda/vm.cc"):
                with self.subTest(directive, path=path):
                    self.write(path, f"\n  #  {directive}\n")
                    self.expect_problem(
                        conditionals.check,
                        f"{path}:2",
                        "#" + directive.split()[0],
                    )
                    (self.root / path).unlink()

    def test_only_the_guard_for_cplusplus_is_allowed_in_c_headers(self):
        self.write("runtime/c/fledge.h", _FOR_C + "#if X\n")
        self.expect_problem(
            conditionals.check, "runtime/c/fledge.h:5", "choose by file"
        )

    def test_the_guard_for_cplusplus_is_for_c_headers_only(self):
        self.write("gc/heap.h", _FOR_C.replace("#endif\n", ""))
        self.expect_problem(conditionals.check, "gc/heap.h:2", "#ifdef")

    def test_a_header_without_guard_is_found(self):
        self.write("tests/support/fake.h", "int fake();\n")
        self.expect_problem(
            conditionals.check, "tests/support/fake.h:1", "#pragma once"
        )


if __name__ == "__main__":
    unittest.main()
