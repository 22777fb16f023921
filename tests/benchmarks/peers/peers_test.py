#!/usr/bin/env python3
"""Peers are declared as they are to run, and say what they miss."""

import os
import sys
import unittest

sys.dont_write_bytecode = True
import harness  # noqa: E402
import peers  # noqa: E402
import workloads  # noqa: E402

BY_NAME = {peer.name: peer for peer in peers.ALL}
ABSENT = "no-such-program-anywhere"
ABSENT_FILE = "/no/such/folder/*.so"


def workloads_of(peer):
    return [one for one in workloads.ALL if not peer.lack(one)]


class PeersTest(unittest.TestCase):
    def test_names_are_unique(self):
        self.assertEqual(len(BY_NAME), len(peers.ALL))

    def test_ours_runs_first_and_is_the_only_kind_of_that_name(self):
        self.assertEqual(peers.ALL[0].name, "fledge")
        for peer in peers.ALL:
            self.assertEqual(
                peer.kind == "fledge", peer.name.startswith("fledge"), peer
            )

    def test_malloc_is_told_from_collectors(self):
        kinds = {name: peer.kind for name, peer in BY_NAME.items()}
        self.assertEqual(kinds["mimalloc"], "malloc")
        self.assertEqual(kinds["bdwgc"], "collector")

    def test_what_is_missing_is_named(self):
        missing = peers.Peer(
            "x",
            "",
            harness.toolchain(needs=("sh", ABSENT)),
            needs=("/bin/s*", ABSENT_FILE),
        ).missing()
        self.assertEqual(missing, [ABSENT, ABSENT_FILE])

    def test_limits_follow_what_is_alive(self):
        size = workloads.Size(("9",), "", 100 << 20)
        lru = workloads.Workload("lru", "", {})
        self.assertIn(
            "max-heap=130M,nursery=6M",
            BY_NAME["fledge-1.3x"].command(lru, size),
        )
        self.assertIn("-Xmx200m", BY_NAME["java-g1-2x"].command(lru, size))

    def test_what_has_no_program_says_why(self):
        lacking = {
            (peer.name, workload.name)
            for peer in peers.ALL
            for workload in workloads.ALL
            if peer.lack(workload)
        }
        self.assertIn(("go", "ephemeron-chain"), lacking)
        self.assertIn(("glibc", "finalizers"), lacking)
        self.assertNotIn(("go", "finalizers"), lacking)
        for peer in peers.for_workloads(workloads.PROGRAMS):
            for workload in workloads.PROGRAMS:
                self.assertNotIn((peer.name, workload.name), lacking)

    def test_peers_are_there_for_groups_of_workloads(self):
        def names(chosen):
            return {peer.name for peer in peers.for_workloads(chosen)}

        schemes = names(workloads.LAMBDA[:1])
        self.assertLess(
            {"fledge", "chez", "guile", "scheme48", "gambit"}, schemes
        )
        self.assertNotIn("glibc", schemes)
        self.assertIn("glibc", names(workloads.WEAK))
        self.assertNotIn("guile", names(workloads.PROGRAMS + workloads.WEAK))
        both = workloads.PROGRAMS + workloads.LAMBDA
        self.assertEqual(names(both), set(BY_NAME))

    def test_no_limit_follows_what_is_not_known(self):
        (program, *_) = workloads.LAMBDA
        self.assertIsNone(BY_NAME["fledge"].lack(program))
        self.assertIn("not known", BY_NAME["fledge-1.3x"].lack(program))

    def test_ours_runs_the_source_that_the_others_run(self):
        (program, *_) = workloads.LAMBDA
        size = workloads.Size(("7", "8"), "", None)
        self.assertEqual(
            BY_NAME["fledge-100ms"].command(program, size),
            ["build/release/fledge", "run", "benchmarks/lambda/prover.scm"]
            + ["--gc-time", "--gc", "pause-target=100ms", "--", "7", "8"],
        )
        self.assertEqual(
            BY_NAME["scheme48"].command(program, size)[-3:],
            ["benchmarks/lambda/prover.scm", "7", "8"],
        )

    def test_what_a_toolchain_lacks_or_differs_in_is_a_workload(self):
        names = {workload.name for workload in workloads.ALL}
        for peer in peers.ALL:
            tools = peer.toolchain
            self.assertLessEqual({*tools.lacks, *tools.differs}, names)

    def test_entries_of_javas_table_stay_but_for_the_first(self):
        size = workloads.Size(("7",), "kept=7 gone=7", 0)
        (chain, _) = workloads.WEAK
        expected = {
            name: BY_NAME[name].toolchain.expected(chain, size)
            for name in ("java-g1", "node")
        }
        self.assertEqual(
            expected, {"java-g1": "kept=7 gone=1", "node": "kept=7 gone=7"}
        )

    def test_settings_of_ours_reach_programs_as_one_argument(self):
        (chain, _) = workloads.WEAK
        size = workloads.Size(("7",), "", 100 << 20)
        program = "build/release/peers/ephemeron_chain"
        for name, options in (
            ("fledge", ""),
            ("fledge-24m", "nursery=24M,growth=70"),
            ("fledge-1.3x", "max-heap=130M,nursery=6M"),
            ("fledge-2.5x", "max-heap=250M,nursery=64M"),
        ):
            self.assertEqual(
                BY_NAME[name].command(chain, size), [program, options, "7"]
            )

    def test_ours_is_built_of_what_is_asked_for(self):
        build = BY_NAME["fledge"].toolchain.build
        self.assertEqual(
            build(workloads.PROGRAMS), [["tools/build", "release", "fledge"]]
        )
        (command,) = build(workloads.WEAK)
        self.assertEqual(
            command[2:],
            ["fledge_peers_ephemeron_chain", "fledge_peers_finalizers"],
        )

    def test_commands_end_with_the_workloads_arguments(self):
        for peer in peers.ALL:
            for workload in workloads_of(peer):
                size = workload.sizes["small"]
                words = peer.command(workload, size)
                self.assertEqual(words[-len(size.arguments) :],
                                 list(size.arguments))

    def test_settings_of_the_caller_do_not_reach_a_peer(self):
        for name in ("FLEDGE_GC", "OCAMLRUNPARAM", "GOGC", "LD_PRELOAD"):
            self.addCleanup(os.environ.pop, name, None)
            if name != "LD_PRELOAD":
                os.environ[name] = "x"
        for peer in (BY_NAME["fledge"], BY_NAME["ocaml"], BY_NAME["go"]):
            self.assertEqual(
                set(peers.environment_of(peer)) - {"PATH", "HOME"}, {"LC_ALL"}
            )

    def test_a_peers_own_settings_do(self):
        environment = peers.environment_of(BY_NAME["ocaml-32m"])
        self.assertEqual(environment["OCAMLRUNPARAM"], "s=4M")

    def test_every_source_that_is_built_or_run_is_there(self):
        for peer in peers.ALL:
            commands = peer.toolchain.build(workloads_of(peer)) + [
                peer.command(workload, workload.sizes["small"])
                for workload in workloads_of(peer)
            ]
            for word in sum(commands, []):
                if word.startswith("benchmarks/") and "::" not in word:
                    self.assertTrue((harness.ROOT / word).is_file(), word)


if __name__ == "__main__":
    os.chdir(harness.ROOT)
    unittest.main()
