"""A test case that makes up a small tree and runs a house check on it."""

import pathlib
import tempfile
import unittest


class TreeCase(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)

    def write(self, path, text=""):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def expect_clean(self, check):
        self.assertEqual(list(map(str, check(self.root))), [])

    def expect_problem(self, check, where, what):
        """Exactly one problem, at `where` (path:line), that says `what`."""
        problems = list(map(str, check(self.root)))
        self.assertEqual(len(problems), 1, problems)
        self.assertTrue(problems[0].startswith(where + ": "), problems)
        self.assertIn(what, problems[0])
