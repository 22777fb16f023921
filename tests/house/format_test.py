#!/usr/bin/env python3
"""Proves that format.py fails where it should, and only there."""

import contextlib
import io
import sys
import unittest
from unittest import mock

sys.dont_write_bytecode = True
import format  # noqa: E402
import tree_case  # noqa: E402


class FormatTest(tree_case.TreeCase):
    def setUp(self):
        super().setUp()
        self.write(".clang-format", "BasedOnStyle: Google\n")

    def needs_clang_format(self):
        if format.find_program() is None:
            self.skipTest("clang-format is not installed")

    def test_formatted_code_is_clean(self):
        self.needs_clang_format()
        self.write("gc/heap.cc", "int Heap() { return 1; }\n")
        self.write("third_party/a.h", "int   a ( ) ;\n")
        self.write("build/a.h", "int   a ( ) ;\n")
        self.expect_clean(format.check)

    def test_one_problem_for_each_file_that_is_not_formatted(self):
        self.needs_clang_format()
        self.write("gc/heap.cc", "int a;\nint   b ;\nint   c ;\n")
        self.expect_problem(format.check, "gc/heap.cc:2", "clang-format -i")

    def test_a_broken_style_file_is_a_problem(self):
        self.needs_clang_format()
        self.write(".clang-format", "BasedOnStyle: None of these\n")
        self.write("gc/heap.cc", "int a;\n")
        self.assertTrue(list(format.check(self.root)))

    def test_a_missing_program_is_reported_as_skipped(self):
        self.write("gc/heap.cc", "int a;\n")
        with (
            mock.patch.object(format, "PROGRAMS", ("no-such-program",)),
            contextlib.redirect_stdout(io.StringIO()),
            self.assertRaises(SystemExit) as exit_,
        ):
            list(format.check(self.root))
        self.assertEqual(exit_.exception.code, 77)


if __name__ == "__main__":
    unittest.main()
