#!/usr/bin/env python3
"""The check of the list of mutants finds a list that does not fit."""

import dataclasses
import importlib.machinery
import importlib.util
import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from mutants import Mutant  # noqa: E402

_loader = importlib.machinery.SourceFileLoader("run", str(HERE / "run"))
run = importlib.util.module_from_spec(
    importlib.util.spec_from_loader("run", _loader)
)
_loader.exec_module(run)

GOOD = Mutant(
    name="a",
    file="gc/x.h",
    old="return 1;",
    new="return 2;",
    breaks="two is not one",
    tests="gc/x",
    filter="*.IsOne",
)


class CheckTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        (self.root / "gc").mkdir()
        (self.root / "tests" / "gc").mkdir(parents=True)
        (self.root / "gc" / "x.h").write_text("return 1;\nreturn 3;\n")
        (self.root / "tests" / "gc" / "x_test.cc").write_text(
            "TEST(XTest, IsOne) {}\n"
        )

    def problems(self, *mutants):
        return list(run.check(self.root, mutants))

    def changed(self, **changes):
        return self.problems(dataclasses.replace(GOOD, **changes))

    def test_a_list_that_fits_has_no_problem(self):
        self.assertEqual(self.problems(GOOD), [])

    def test_a_text_that_is_gone_is_found(self):
        self.assertIn("0 times", self.changed(old="return 4;")[0])
        self.assertIn("0 times", self.changed(file="gc/y.h")[0])

    def test_a_text_that_occurs_twice_is_found(self):
        self.assertIn("2 times", self.changed(old="return ")[0])

    def test_a_test_that_is_gone_is_found(self):
        self.assertIn("no test IsTwo", self.changed(filter="*.IsTwo")[0])
        self.assertIn("no test IsOne", self.changed(tests="gc/y")[0])

    def test_a_suite_that_is_not_there_is_found(self):
        self.assertEqual(self.changed(filter="XTest.IsOne"), [])
        self.assertIn("no suite", self.changed(filter="*Model.IsOne")[0])

    def test_a_mutant_that_changes_nothing_is_found(self):
        self.assertIn("nothing", self.changed(new="return 1;")[0])

    def test_a_name_that_occurs_twice_is_found(self):
        self.assertIn("twice", self.problems(GOOD, GOOD)[0])


if __name__ == "__main__":
    unittest.main()
