#!/usr/bin/env python3
"""Proves that conformance.py fails where it should, and only there."""

import sys
import unittest

sys.dont_write_bytecode = True
import conformance  # noqa: E402
import tree_case  # noqa: E402

LISTS = conformance.FOLDER + "/6.4_lists.txt"
LISTS_TEXT = """\
section 6.4 Lists
library (scheme base)

procedure car cdr
  (list (car '(1 . 2))
        (cdr '(1 . 2))) ==> (1 2)
  (car '()) ==> error wrong-type
  remark Empty lists have neither.

topic circles
  (car '#0=(1 . #0#)) ==> 1
"""


class ConformanceTest(tree_case.TreeCase):
    def setUp(self):
        super().setUp()
        self.write(LISTS, LISTS_TEXT)
        self.write(
            conformance.PAGE, conformance.make_page(self.root, [])
        )

    def test_page_of_the_examples_is_clean(self):
        self.expect_clean(conformance.check)
        page = (self.root / conformance.PAGE).read_text(encoding="utf-8")
        self.assertIn("2 names have 2 examples", page)
        self.assertIn("| `car` | `(scheme base)` | procedure | 2 |", page)
        self.assertIn("| `cdr` | `(scheme base)` | procedure | 1 |", page)
        self.assertIn("| circles | 1 | |", page)

    def test_page_that_says_otherwise_is_found(self):
        self.write(LISTS, LISTS_TEXT + "  (cdr '(1)) ==> ()\n")
        self.expect_problem(
            conformance.check, f"{conformance.PAGE}:9", "--write"
        )

    def test_name_without_example_is_found(self):
        self.write(LISTS, LISTS_TEXT.replace("cdr '", "car '"))
        self.write(conformance.PAGE, conformance.make_page(self.root, []))
        self.expect_problem(
            conformance.check, f"{LISTS}:4", "cdr has no example"
        )

    def test_unknown_kind_is_found(self):
        self.write(LISTS, LISTS_TEXT + "\nfunction list\n")
        self.expect_problem(
            conformance.check, f"{LISTS}:13", "function is none of"
        )

    def test_example_of_no_entry_is_found(self):
        self.write(LISTS, "  (car 1) ==> 2\n" + LISTS_TEXT)
        self.expect_problem(
            conformance.check, f"{LISTS}:1", "an example of no entry"
        )


if __name__ == "__main__":
    unittest.main()
