#!/usr/bin/env python3
"""The page with bars."""

import re
import sys
import unittest

sys.dont_write_bytecode = True
import harness  # noqa: E402
import page  # noqa: E402


class PageTest(unittest.TestCase):
    def make(self, *all_series, **fields):
        return page.of_document(harness.document(*all_series, **fields))

    def test_it_loads_nothing(self):
        text = self.make(harness.series("a", 1))
        self.assertNotRegex(text, r"(?i)(src|href)=|url\(|@import|https?:")

    def test_what_it_is_told_is_text_and_not_markup(self):
        text = self.make(harness.series("a", rejected="<b> & more"))
        self.assertIn("&lt;b&gt; &amp; more", text)
        self.assertIn("Some &amp; Sons", text)

    def test_bars_are_as_long_as_their_medians(self):
        text = self.make(harness.series("a", 50), harness.series("b", 100))
        widths = re.findall(r'class="median" style="width:([\d.]+)%', text)
        self.assertEqual(widths[:2], ["50.00", "100.00"])

    def test_the_longest_of_all_runs_fits(self):
        text = self.make(harness.series("a", 50, 100, 200))
        self.assertIn('style="width:50.00%"', text)
        self.assertIn('class="spread" style="left:25.00%;width:75.00%"', text)

    def test_a_logarithmic_scale_begins_at_a_power_of_ten(self):
        scale = page.logarithmic(200, 10_000)
        self.assertAlmostEqual(scale(100), 0)
        self.assertAlmostEqual(scale(1_000), 50)
        self.assertAlmostEqual(scale(10_000), 100)

    def test_operations_have_a_chart_where_they_were_timed(self):
        times = {"worst": 7, "p9999": 5}
        timed = self.make(harness.series("a", 1, times_ns=times))
        untimed = self.make(harness.series("a", 1))
        self.assertIn("Longest operation", timed)
        self.assertNotIn("Longest operation", untimed)

    def test_phases_have_charts(self):
        text = self.make(
            harness.phased("a", 2_000_000, 500), workload=harness.PHASED
        )
        self.assertIn("<h3>Keep</h3>", text)
        self.assertIn("All &lt;kept&gt;.", text)
        self.assertIn('<span class="value">2.00 ms</span>', text)
        self.assertIn('<th scope="col">drop</th>', text)

    def test_who_differs_is_named(self):
        tools = harness.differing("<otherwise>", "sum=0")
        text = self.make(
            harness.phased("a", 1, 1, tools), workload=harness.PHASED
        )
        self.assertIn("a: sum=0: &lt;otherwise&gt;.", text)

    def test_nothing_measured_is_nothing_shown(self):
        text = self.make(harness.series("a"))
        self.assertNotIn("<table>", text)
        self.assertNotIn("Wall time", text)

    def test_rejected_and_skipped_peers_are_named(self):
        text = self.make(
            harness.series("broken", rejected="why"),
            skipped=[{"peer": "go", "missing": ["go"]}],
        )
        self.assertIn("<b>broken</b> does not count: why", text)
        self.assertIn("go is skipped: no go", text)


if __name__ == "__main__":
    unittest.main()
