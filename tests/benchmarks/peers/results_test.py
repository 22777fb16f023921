#!/usr/bin/env python3
"""Medians and ratios of runs."""

import json
import sys
import unittest

sys.dont_write_bytecode = True
import harness  # noqa: E402
import results  # noqa: E402


def entries(*all_series):
    (workload,) = harness.document(*all_series)["workloads"]
    return {peer["name"]: peer for peer in workload["peers"]}


class ResultsTest(unittest.TestCase):
    def test_the_median_is_not_moved_by_one_slow_run(self):
        self.assertEqual(
            results.spread([3, 900, 1]), {"median": 3, "min": 1, "max": 900}
        )

    def test_the_median_of_two_is_between_them(self):
        self.assertEqual(results.spread([10, 20])["median"], 15)

    def test_no_runs_have_no_median(self):
        self.assertIsNone(results.spread([]))

    def test_a_ratio_is_a_multiple_of_ours(self):
        peers = entries(
            harness.series("slow", 30, 50, 40),
            harness.series("fledge", 10, 90, 20),
        )
        self.assertEqual(peers["fledge"]["ratio"], 1)
        self.assertEqual(peers["slow"]["ratio"], 2)

    def test_without_ours_there_are_no_ratios(self):
        self.assertIsNone(entries(harness.series("slow", 30))["slow"]["ratio"])

    def test_ours_rejected_leaves_no_ratios(self):
        peers = entries(
            harness.series("fledge", rejected="why"),
            harness.series("slow", 30),
        )
        self.assertIsNone(peers["slow"]["ratio"])

    def test_a_rejected_peer_has_a_reason_and_no_times(self):
        peer = entries(harness.series("broken", rejected="why"))["broken"]
        self.assertEqual(peer["rejected"], "why")
        self.assertIsNone(peer["wall_ns"])

    def test_times_of_operations_are_those_of_the_runs(self):
        times = {"worst": 7, "p9999": 5}
        peer = entries(harness.series("a", 1, 2, times_ns=times))["a"]
        self.assertEqual(peer["worst_operation_ns"]["median"], 7)
        self.assertEqual(peer["p9999_operation_ns"]["median"], 5)

    def phased(self, *all_series, **fields):
        document = harness.document(
            *all_series, workload=harness.PHASED, **fields
        )
        (workload,) = document["workloads"]
        return workload

    def test_phases_have_ratios_of_their_own(self):
        workload = self.phased(
            harness.phased("fledge", 10, 20), harness.phased("slow", 30, 10)
        )
        self.assertEqual(workload["phases"], harness.PHASED.phases)
        _, slow = workload["peers"]
        self.assertEqual(
            slow["phases_ns"],
            {
                "keep": {"median": 30, "min": 30, "max": 30, "ratio": 3},
                "drop": {"median": 10, "min": 10, "max": 10, "ratio": 0.5},
            },
        )

    def test_collections_are_compared_where_they_are_told(self):
        document = harness.document(
            harness.collecting("fledge", 10, 4),
            harness.collecting("slow", 30, 6),
            harness.collecting("silent", 30, None),
            workload=harness.SCHEME,
        )
        (workload,) = document["workloads"]
        self.assertEqual(
            [peer["gc_ns"] and peer["gc_ns"]["ratio"]
             for peer in workload["peers"]],
            [1, 1.5, None],
        )

    def test_nothing_is_a_multiple_of_no_collections(self):
        document = harness.document(
            harness.collecting("fledge", 10, 0),
            harness.collecting("slow", 30, 6),
            workload=harness.SCHEME,
        )
        (workload,) = document["workloads"]
        self.assertEqual(
            [peer["gc_ns"]["ratio"] for peer in workload["peers"]], [None, None]
        )

    def test_phases_of_a_rejected_peer_have_no_times(self):
        workload = self.phased(harness.series("broken", rejected="why"))
        (peer,) = workload["peers"]
        self.assertEqual(peer["phases_ns"], {"keep": None, "drop": None})

    def test_who_differs_is_told_with_the_result(self):
        tools = harness.differing("It does otherwise.", "sum=0")
        workload = self.phased(
            harness.phased("other", 1, 1, tools), harness.phased("same", 1, 1)
        )
        self.assertEqual(
            [(one["differs"], one["result"]) for one in workload["peers"]],
            [("It does otherwise.", "sum=0"), (None, "sum=1")],
        )

    def test_who_has_no_program_is_told_with_the_reason_and_is_clean(self):
        tools = harness.toolchain(lacks={harness.PHASED.name: "why"})
        workload = self.phased(without=[harness.peer("bare", tools)])
        self.assertEqual(workload["without"], [{"peer": "bare", "why": "why"}])
        self.assertTrue(results.is_clean({"workloads": [workload]}))

    def test_only_a_rejected_peer_makes_it_unclean(self):
        skipped = [{"peer": "go", "missing": ["go"]}]
        clean = harness.document(harness.series("a", 1), skipped=skipped)
        unclean = harness.document(harness.series("a", rejected="why"))
        self.assertTrue(results.is_clean(clean))
        self.assertFalse(results.is_clean(unclean))

    def test_it_is_json(self):
        document = harness.document(harness.series("a", 1, 2))
        self.assertEqual(json.loads(json.dumps(document)), document)


if __name__ == "__main__":
    unittest.main()
