#!/usr/bin/env python3
"""The program's arguments, and what it does without running a peer."""

import importlib.machinery
import importlib.util
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

sys.dont_write_bytecode = True
import harness  # noqa: E402
import measure  # noqa: E402
import peers  # noqa: E402

PROGRAM = harness.FOLDER / "run"


def load():
    loader = importlib.machinery.SourceFileLoader("run", str(PROGRAM))
    module = importlib.util.module_from_spec(
        importlib.util.spec_from_loader("run", loader)
    )
    loader.exec_module(module)
    return module


class ArgumentsTest(unittest.TestCase):
    def run_program(self, *words):
        return subprocess.run(
            [sys.executable, PROGRAM, *words],
            capture_output=True,
            text=True,
            check=False,
        )

    def expect_bad(self, what, *words):
        """Status 2, and one line that says what."""
        done = self.run_program(*words)
        self.assertEqual(done.returncode, 2, done)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertIn(what, done.stderr)

    def test_help_names_every_peer(self):
        done = self.run_program("--help")
        self.assertEqual(done.returncode, 0)
        text = " ".join(done.stdout.split())
        for peer in peers.ALL:
            self.assertIn(peer.name, text.replace("- ", "-"))

    def test_bad_input_is_one_line_that_says_what_is_right(self):
        self.expect_bad("'jav' is not a peer (there are fledge,", "--peers=jav")
        self.expect_bad("'x' is not a workload", "--workloads=lru,x")
        self.expect_bad(
            "'large' is not a size of lru (there are full, small)",
            "--workloads=weak,lru",
            "--size=large",
        )
        self.expect_bad("'0' is not a number from 1", "--repetitions=0")
        self.expect_bad("'small', 'full'", "--size=huge")


    def parse_all(self, *words):
        program = load()
        with mock.patch.object(sys, "argv", [str(PROGRAM), *words]):
            return program.parse_arguments()

    def parse(self, *words):
        """The names of the workloads that these words choose."""
        return [one.name for one in self.parse_all(*words).workloads]

    def test_workloads_may_be_named_without_an_option(self):
        self.assertEqual(self.parse("pi,prover"), ["prover", "pi"])
        self.assertEqual(self.parse("weak"), self.parse("--workloads=weak"))
        self.expect_bad("named twice", "weak", "--workloads=weak")

    def test_peers_that_have_nothing_to_do_are_asked_for_or_left_out(self):
        def names(*words):
            return [peer.name for peer in self.parse_all(*words).peers]

        self.assertNotIn("glibc", names("lambda"))
        self.assertIn("gambit", names("lambda"))
        self.assertNotIn("gambit", names())
        self.assertEqual(names("pi", "--peers=glibc"), ["glibc"])

    def test_a_groups_name_stands_for_its_workloads(self):
        weak = ["ephemeron-chain", "finalizers"]
        self.assertEqual(self.parse("--workloads=weak"), weak)
        self.assertEqual(
            self.parse("--workloads=weak,finalizers,lru"), ["lru", *weak]
        )
        self.assertEqual(self.parse("--workloads=weak", "--size=large"), weak)

    def test_nothing_weak_runs_unasked(self):
        self.assertEqual(self.parse(), ["binary-trees", "gcbench", "lru"])


class MainTest(unittest.TestCase):
    """main() with peers that are made up."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.program = load()
        self.patch(self.program.peers, "BUILD", str(self.folder))
        self.patch(self.program, "ROOT", self.folder)
        self.printed = []
        self.patch(
            self.program,
            "print",
            lambda text, flush=False: self.printed.append(text),
            create=True,
        )
        self.patch(self.program, "say", lambda text: None)

    def patch(self, *what, **how):
        patch = mock.patch.object(*what, **how)
        patch.start()
        self.addCleanup(patch.stop)

    def toolchain(self, program, needs=(), build=(), **fields):
        return peers.Toolchain(
            "made-up",
            needs,
            lambda chosen: list(build),
            lambda workload, flags: [sys.executable, "-c", program],
            **fields,
        )

    def start(self, timeout=60, **toolchains):
        """The exit status of main()."""
        made_up = [
            peers.Peer(name, "", toolchain)
            for name, toolchain in toolchains.items()
        ]
        arguments = mock.Mock(
            peers=made_up,
            workloads=[harness.WORKLOAD],
            repetitions=2,
            size="full",
            timeout=timeout,
            out=self.folder / "out",
        )
        self.patch(self.program, "parse_arguments", lambda: arguments)
        return self.program.main()

    def written(self):
        text = (self.folder / "out" / "peers.json").read_text(encoding="utf-8")
        self.assertTrue((self.folder / "out" / "peers.html").exists())
        return json.loads(text)

    def main(self, **fields):
        return self.start(**fields), self.written()

    def test_right_results_are_kept(self):
        status, document = self.main(right=self.toolchain("print('sum=1')"))
        self.assertEqual(status, 0)
        (peer,) = document["workloads"][0]["peers"]
        self.assertEqual(len(peer["runs"]), 2)
        self.assertGreater(peer["wall_ns"]["median"], 0)

    def test_a_wrong_result_fails_and_has_no_time(self):
        status, document = self.main(
            right=self.toolchain("print('sum=1')"),
            wrong=self.toolchain("print('sum=2')"),
        )
        self.assertEqual(status, 1)
        right, wrong = document["workloads"][0]["peers"]
        self.assertIsNotNone(right["wall_ns"])
        self.assertIsNone(wrong["wall_ns"])
        self.assertIn("'sum=2' instead of 'sum=1'", wrong["rejected"])

    def test_what_has_no_program_is_not_built_or_run_and_no_failure(self):
        lacks = {harness.WORKLOAD.name: "why"}
        status, document = self.main(
            bare=self.toolchain("1 / 0", build=[["false"]], lacks=lacks),
            right=self.toolchain("print('sum=1')"),
        )
        self.assertEqual(status, 0)
        (workload,) = document["workloads"]
        self.assertEqual(
            [peer["name"] for peer in workload["peers"]], ["right"]
        )
        self.assertEqual(workload["without"], [{"peer": "bare", "why": "why"}])

    def test_a_timeout_is_reported_as_one(self):
        status, document = self.main(
            slow=self.toolchain("import time; time.sleep(60)"), timeout=1
        )
        self.assertEqual(status, 1)
        (peer,) = document["workloads"][0]["peers"]
        self.assertEqual(peer["rejected"], "no result within 1 s")

    def test_what_is_not_installed_is_skipped_and_no_failure(self):
        status, document = self.main(
            right=self.toolchain("print('sum=1')"),
            absent=self.toolchain("print('sum=1')", needs=("no-such-program",)),
        )
        self.assertEqual(status, 0)
        self.assertEqual(
            document["skipped"],
            [{"peer": "absent", "missing": ["no-such-program"]}],
        )
        self.assertEqual(len(document["workloads"][0]["peers"]), 1)
        self.assertIn("absent is skipped: no no-such-program", self.printed)

    def test_an_interrupt_leaves_what_was_measured(self):
        def take(peer, *rest):
            if peer.name == "second":
                raise KeyboardInterrupt
            return harness.run(5)

        self.patch(self.program.measure, "run_once", take)
        with self.assertRaises(KeyboardInterrupt):
            self.start(
                first=self.toolchain(""),
                second=self.toolchain(""),
            )
        first, second = self.written()["workloads"][0]["peers"]
        self.assertEqual(first["wall_ns"]["median"], 5)
        self.assertIsNone(second["wall_ns"])
        self.assertIn("first", self.printed[0])

    def test_what_cannot_be_built_is_a_failure_and_is_not_run(self):
        status, document = self.main(
            broken=self.toolchain("print('sum=1')", build=[["false"]])
        )
        self.assertEqual(status, 1)
        (peer,) = document["workloads"][0]["peers"]
        self.assertIn("could not be built", peer["rejected"])
        self.assertEqual(peer["runs"], [])


class OursTest(unittest.TestCase):
    def test_a_summary_of_an_earlier_run_is_not_taken_for_this_ones(self):
        with tempfile.TemporaryDirectory() as folder:
            summary = pathlib.Path(folder, "summary.json")
            summary.write_text(
                '{"workload": "lru", "result": "sum=1", "wall_ns": 1}',
                encoding="utf-8",
            )
            writes_none = mock.Mock(
                return_value=measure.Process(0, "", "", 1, 1, 1)
            )
            with mock.patch.object(peers, "SUMMARY", summary):
                with mock.patch.object(measure, "execute", writes_none):
                    with self.assertRaises(measure.Rejected):
                        measure.run_once(
                            peers.ALL[0], harness.WORKLOAD, harness.SIZE, 60
                        )


if __name__ == "__main__":
    unittest.main()
