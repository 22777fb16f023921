#!/usr/bin/env python3
"""Runs are made by turns, and only right ones count."""

import os
import sys
import unittest
from unittest import mock

sys.dont_write_bytecode = True
import harness  # noqa: E402
import measure  # noqa: E402
import peers  # noqa: E402
import workloads  # noqa: E402


def process(status=0, output="sum=1 worst_us=2.5\n", errors=""):
    return measure.Process(status, output, errors, 5, 4, 3)


def accept(made):
    return measure.accept(made, harness.SIZE.result, workloads.parse_line)


class AcceptTest(unittest.TestCase):
    def expect_rejected(self, made, what):
        with self.assertRaisesRegex(measure.Rejected, what):
            accept(made)

    def test_a_right_run_has_its_times_in_nanoseconds(self):
        run = accept(process())
        self.assertEqual(run, measure.Run(5, 4, 3, {"worst": 2500}))

    def test_a_right_result_with_a_wrong_status_is_rejected(self):
        self.expect_rejected(process(status=1), "exit status 1")

    def test_a_signal_is_rejected_with_the_last_line_of_errors(self):
        made = process(status=-9, errors="first\nout of memory\n")
        self.expect_rejected(made, "exit status -9: out of memory")

    def test_a_timeout_is_rejected_as_one(self):
        made = measure.Process(-9, "", "a warning\n", 7 * 10**9, 4, 3, True)
        self.expect_rejected(made, "^no result within 7 s$")

    def test_a_run_that_ended_just_before_it_was_killed_counts(self):
        made = measure.Process(0, "sum=1\n", "", 5, 4, 3, True)
        self.assertEqual(accept(made), measure.Run(5, 4, 3, {}))

    def test_a_wrong_result_is_rejected(self):
        made = process(output="sum=2 worst_us=2.5\n")
        self.expect_rejected(made, "'sum=2' instead of 'sum=1'")

    def test_a_result_with_something_missing_is_rejected(self):
        self.expect_rejected(process(output="worst_us=2.5\n"), "result ''")

    def test_output_that_is_no_result_is_rejected(self):
        for output in ("", "sum\n", "sum=1\nsum=1\n", "worst_us=soon\n"):
            with self.subTest(output):
                self.expect_rejected(process(output=output), "not understood")


class RunOnceTest(unittest.TestCase):
    """What a peer's run must print."""

    def take(self, printed, workload, tools=None):
        made = process(output=printed)
        with mock.patch.object(measure, "execute", return_value=made):
            return measure.run_once(
                harness.peer("a", tools), workload, harness.SIZE, 60
            )

    def test_a_peer_that_differs_must_have_its_own_result(self):
        tools = harness.differing("It does otherwise.", "sum=0")
        printed = "sum={} keep_us=2 drop_us=3\n"
        run = self.take(printed.format(0), harness.PHASED, tools)
        self.assertEqual(run.times_ns, {"keep": 2000, "drop": 3000})
        with self.assertRaisesRegex(measure.Rejected, "instead of 'sum=0'"):
            self.take(printed.format(1), harness.PHASED, tools)

    def test_it_differs_on_no_other_workload(self):
        tools = harness.differing("It does otherwise.", "sum=0")
        self.take("sum=1\n", harness.WORKLOAD, tools)

    def test_a_run_without_the_time_of_a_phase_is_rejected(self):
        with self.assertRaisesRegex(measure.Rejected, "no field drop_us"):
            self.take("sum=1 keep_us=2\n", harness.PHASED)

    def test_a_program_of_scheme_may_have_a_line_of_times_behind_its_own(self):
        tools = harness.toolchain(groups=("lambda",))
        run = self.take("sum=1\ngc_us=2\n", harness.SCHEME, tools)
        self.assertEqual(run.times_ns, {"gc": 2000})
        self.assertEqual(
            self.take("sum=1\n", harness.SCHEME, tools).times_ns, {}
        )

    def test_ours_prints_what_fledge_profile_does_not_have(self):
        made = process(output="sum=1 keep_us=2 drop_us=3\n")
        with mock.patch.object(measure, "execute", return_value=made):
            run = measure.run_once(
                peers.ALL[0], harness.PHASED, harness.SIZE, 60
            )
        self.assertEqual(run.times_ns["keep"], 2000)


class ByTurnsTest(unittest.TestCase):
    def setUp(self):
        self.taken = []
        self.series = [harness.series(name) for name in "abc"]

    def take(self, peer):
        self.taken.append(peer.name)
        return harness.run(len(self.taken))

    def by_turns(self, repetitions, take):
        measure.by_turns(self.series, repetitions, take, lambda *said: None)

    def test_all_peers_run_once_in_each_round(self):
        self.by_turns(3, self.take)
        self.assertEqual("".join(self.taken), "abcabcabc")

    def test_runs_are_those_of_the_peer(self):
        self.by_turns(2, self.take)
        walls = [[run.wall_ns for run in one.runs] for one in self.series]
        self.assertEqual(walls, [[1, 4], [2, 5], [3, 6]])

    def test_a_rejected_peer_runs_no_more_and_none_of_its_runs_count(self):
        def take(peer):
            run = self.take(peer)
            if peer.name == "b" and self.taken.count("b") == 2:
                raise measure.Rejected("why")
            return run

        self.by_turns(3, take)
        self.assertEqual("".join(self.taken), "abcabcac")
        self.assertEqual(self.series[1].runs, [])
        self.assertEqual(self.series[1].rejected, "why")
        self.assertIsNone(self.series[0].rejected)


class ExecuteTest(unittest.TestCase):
    def execute(self, program, environment=None, timeout_s=60):
        return measure.execute(
            [sys.executable, "-c", program], environment or {}, timeout_s
        )

    def test_status_and_both_outputs_are_kept_apart(self):
        made = self.execute(
            "import sys; print('out'); sys.stderr.write('err'); sys.exit(3)"
        )
        self.assertEqual(
            (made.status, made.output, made.errors), (3, "out\n", "err")
        )

    def test_wall_time_contains_what_is_slept_and_cpu_time_does_not(self):
        made = self.execute("import time; time.sleep(1)")
        self.assertGreaterEqual(made.wall_ns, 1e9)
        self.assertLess(made.cpu_ns, 0.9e9)

    def test_cpu_time_contains_work(self):
        made = self.execute(
            "import time\nwhile time.process_time() < 0.2: pass"
        )
        self.assertGreaterEqual(made.cpu_ns, 0.2e9)

    def test_peak_rss_is_that_of_the_process_and_not_of_earlier_ones(self):
        size_bytes = 200 << 20
        large = self.execute(f"bytearray(b'x') * {size_bytes}")
        small = self.execute("pass")
        self.assertGreaterEqual(large.peak_rss_bytes, size_bytes)
        self.assertLess(small.peak_rss_bytes, size_bytes)

    def test_a_timeout_kills(self):
        made = self.execute("import time; time.sleep(60)", timeout_s=1)
        self.assertEqual(made.status, -9)
        self.assertLess(made.wall_ns, 30e9)
        self.assertTrue(made.timed_out)

    def test_no_timeout_is_told_from_one(self):
        made = self.execute("import os; os.kill(os.getpid(), 9)")
        self.assertEqual(made.status, -9)
        self.assertFalse(made.timed_out)

    def test_the_callers_variables_are_not_passed_on(self):
        os.environ["PEERS_TEST"] = "set"
        self.addCleanup(os.environ.pop, "PEERS_TEST")
        made = self.execute(
            "import os; print(sorted(set(os.environ) & {'PEERS_TEST', 'A'}))",
            environment={"A": "1"},
        )
        self.assertEqual(made.output, "['A']\n")


if __name__ == "__main__":
    unittest.main()
