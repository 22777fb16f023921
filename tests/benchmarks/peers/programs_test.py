#!/usr/bin/env python3
"""Fledge's own programs give the results that all peers are held to.

Usage: programs_test.py FOLDER, where they were built.
"""

import sys
import unittest

sys.dont_write_bytecode = True
import harness  # noqa: E402,F401
import measure  # noqa: E402
import workloads  # noqa: E402

FOLDER = sys.argv.pop(1)


class ProgramsTest(unittest.TestCase):
    def execute(self, workload, *arguments):
        return measure.execute(
            [f"{FOLDER}/{workload.stem}", *arguments], {}, timeout_s=100
        )

    def test_results_are_the_expected_ones(self):
        for workload in workloads.WEAK:
            size = workload.sizes["small"]
            for options in ("", "nursery=256K,max-heap=64M", "marking=steps"):
                with self.subTest(workload.name, options=options):
                    output = workloads.parse_line(
                        self.execute(workload, options, *size.arguments).output,
                        workload.phases,
                    )
                    self.assertEqual(output.result, size.result)

    def test_bad_arguments_end_with_status_2(self):
        for workload in workloads.WEAK:
            for arguments in (("", "0"), ("", "x"), ("nursery=x", "9"), ("9",)):
                with self.subTest(workload.name, arguments=arguments):
                    made = self.execute(workload, *arguments)
                    self.assertEqual(made.status, 2)
                    self.assertIn("usage: ", made.errors)


if __name__ == "__main__":
    unittest.main()
