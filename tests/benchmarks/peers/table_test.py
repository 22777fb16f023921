#!/usr/bin/env python3
"""The table as text."""

import sys
import unittest

sys.dont_write_bytecode = True
import harness  # noqa: E402
import table  # noqa: E402


def text_of(*all_series, **fields):
    (workload,) = harness.document(*all_series, **fields)["workloads"]
    return table.of_workload(workload)


class TableTest(unittest.TestCase):
    def test_the_fastest_is_first_and_columns_align(self):
        self.assertEqual(
            text_of(
                harness.series("fledge", 2 * 10**9),
                harness.series("very-fast", 10**9, 3 * 10**9, 1 * 10**9),
            ),
            "lru 9\n"
            "  peer       median  ratio     min     max     CPU  peak RSS\n"
            "  very-fast  1.00 s  0.50×  1.00 s  3.00 s  1.00 s     1 MiB\n"
            "  fledge     2.00 s  1.00×  2.00 s  2.00 s  2.00 s     1 MiB\n",
        )

    def test_operations_have_columns_where_they_were_timed(self):
        times = {"worst": 1_234_567, "p9999": 999}
        text = text_of(harness.series("a", 1, times_ns=times))
        self.assertRegex(text, r"worst op +p99.99 op\n")
        self.assertRegex(text, r"1\.23 ms +999 ns\n")

    def test_a_rejected_peer_is_named_with_the_reason(self):
        self.assertEqual(
            text_of(harness.series("broken", rejected="why")),
            "lru 9\n  broken does not count: why\n",
        )

    def test_phases_have_columns_with_ratios(self):
        text = text_of(
            harness.phased("fledge", 2_000_000, 500),
            harness.phased("slow", 3_000_000, 500),
            workload=harness.PHASED,
        )
        self.assertRegex(text, r"peak RSS +keep +drop\n")
        self.assertRegex(text, r"slow .* 3\.00 ms 1\.50× +500 ns 1\.00×\n")

    def test_who_differs_or_has_no_program_is_named_below(self):
        tools = harness.differing("it does otherwise", "sum=0")
        bare = harness.toolchain(lacks={harness.PHASED.name: "why"})
        text = text_of(
            harness.phased("a", 1, 1, tools),
            harness.phased("b", 1, 1, tools),
            harness.phased("same", 1, 1),
            workload=harness.PHASED,
            without=[harness.peer("c", bare)],
        )
        self.assertTrue(
            text.endswith(
                "  a, b: sum=0: it does otherwise\n  c: no program (why)\n"
            ),
            text,
        )

    def test_of_a_rejected_peer_no_more_is_said(self):
        tools = harness.differing("it does otherwise", "sum=0")
        broken = harness.series("broken", rejected="why")
        broken.peer = harness.peer("broken", tools)
        self.assertEqual(
            text_of(broken, workload=harness.PHASED),
            "weak 9\n  broken does not count: why\n",
        )

    def test_collections_have_a_column_where_a_peer_tells_of_them(self):
        text = text_of(
            harness.collecting("fledge", 2 * 10**9, 5 * 10**8),
            harness.collecting("silent", 3 * 10**9, None),
            workload=harness.SCHEME,
        )
        heading, fledge, silent = text.splitlines()[1:]
        self.assertTrue(heading.endswith("  GC"), heading)
        self.assertTrue(fledge.endswith("  500 ms 1.00×"), fledge)
        self.assertTrue(silent.endswith(" –"), silent)

    def test_a_skipped_peer_is_named_with_what_it_misses(self):
        self.assertEqual(
            table.skipped_line({"peer": "java-g1", "missing": ["java", "x"]}),
            "java-g1 is skipped: no java, x",
        )

    def test_durations_have_three_digits(self):
        for ns, text in (
            (999, "999 ns"),
            (1_000, "1.00 µs"),
            (45_600, "45.6 µs"),
            (123_000_000, "123 ms"),
            (1_500_000_000, "1.50 s"),
        ):
            self.assertEqual(table.duration(ns), text)


if __name__ == "__main__":
    unittest.main()
