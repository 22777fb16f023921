#!/usr/bin/env python3
"""The expected results are those of models of the workloads."""

import collections
import json
import sys
import unittest

sys.dont_write_bytecode = True
import harness  # noqa: E402,F401
import workloads  # noqa: E402

BY_NAME = {workload.name: workload for workload in workloads.ALL}


def count_nodes(depth):
    """By building nothing, but node by node, as the programs do."""
    return 1 if depth == 0 else 1 + 2 * count_nodes(depth - 1)


def lru_result(entries, operations):
    """A cache with Python's ordered dictionary in place of list and table."""
    state = 2463534242

    def below(bound):
        nonlocal state
        state ^= (state << 13) & 0xFFFFFFFF
        state ^= state >> 17
        state ^= (state << 5) & 0xFFFFFFFF
        return state % bound

    cache = collections.OrderedDict()
    hits = 0
    total = 0.0
    sequence = 0

    def use(key):
        nonlocal hits, total, sequence
        old = cache.pop(key, None)
        if old is not None:
            hits += 1
            total += old
        elif len(cache) == entries:
            cache.popitem(last=False)
        cache[key] = key + sequence * 0.5
        sequence += 1

    while len(cache) < entries:
        use(below(2 * entries))
    hits, total = 0, 0.0
    for _ in range(operations):
        use(below(2 * entries))
    return f"hits={hits} sum={total:.1f}"


class ResultsTest(unittest.TestCase):
    def test_binary_trees_counts_every_node(self):
        size = BY_NAME["binary-trees"].sizes["small"]
        depth = int(size.arguments[0])
        checks = [count_nodes(depth + 1)]
        for small in range(4, depth + 1, 2):
            checks.append((1 << (depth - small + 4)) * count_nodes(small))
        checks.append(count_nodes(depth))
        self.assertEqual(size.result, "checks=" + ",".join(map(str, checks)))

    def test_binary_trees_at_full_size_is_the_games_output(self):
        size = BY_NAME["binary-trees"].sizes["full"]
        self.assertEqual(size.arguments, ("20",))
        self.assertEqual(
            size.result,
            "checks=4194303,32505856,33292288,33488896,33538048,33550336,"
            "33553408,33554176,33554368,33554416,2097151",
        )

    def test_gcbench_counts_every_tree(self):
        size = BY_NAME["gcbench"].sizes["small"]
        depth = int(size.arguments[0])
        whole = 1
        for small in range(4, depth + 1, 2):
            trees = 2 * count_nodes(depth + 2) // count_nodes(small)
            whole += trees + trees
        self.assertEqual(size.result, f"whole={whole}")

    def test_lru_is_what_an_ordered_dictionary_does(self):
        size = BY_NAME["lru"].sizes["small"]
        self.assertEqual(size.result, lru_result(*map(int, size.arguments)))


class ParseTest(unittest.TestCase):
    def test_times_are_no_part_of_the_result(self):
        output = workloads.parse_line("hits=1 sum=2.0 worst_us=3.5\n")
        self.assertEqual(output.result, "hits=1 sum=2.0")
        self.assertEqual(output.times_us, {"worst": 3.5})

    def test_a_summary_has_the_result_that_programs_print(self):
        for workload, said, result in (
            (
                "binary-trees",
                "stretch tree of depth 7\t check: 255\n"
                "1024\t trees of depth 4\t check: 31744",
                "checks=255,31744",
            ),
            ("gcbench", "ok 12", "whole=12"),
            ("gcbench", "damaged 12", "damaged 12"),
            ("lru", "hits=1 sum=2.0", "hits=1 sum=2.0"),
        ):
            with self.subTest(said):
                summary = {"workload": workload, "result": said, "wall_ns": 9}
                output = workloads.parse_summary(json.dumps(summary))
                self.assertEqual(output.result, result)

    def test_a_summary_has_the_times_of_operations(self):
        summary = {
            "workload": "lru",
            "result": "",
            "wall_ns": 9000,
            "operations": {"p9999_ns": 1000, "max_ns": 2000},
        }
        self.assertEqual(
            workloads.parse_summary(json.dumps(summary)).times_us,
            {"workload": 9.0, "p9999": 1.0, "worst": 2.0},
        )


if __name__ == "__main__":
    unittest.main()
