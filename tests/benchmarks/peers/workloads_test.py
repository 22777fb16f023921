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


    def test_a_chain_is_kept_and_goes(self):
        size = BY_NAME["ephemeron-chain"].sizes["small"]
        (count,) = map(int, size.arguments)
        self.assertEqual(size.result, f"kept={count} gone={count}")
        self.assertEqual(
            workloads.chain_of_strong_values(size), f"kept={count} gone=1"
        )

    def test_finalizers_run_once_each_also_in_cycles(self):
        for size in BY_NAME["finalizers"].sizes.values():
            numbers = range(int(size.arguments[0]))
            self.assertEqual(
                size.result, f"ran={len(numbers)} sum={sum(numbers)}"
            )

    def test_a_tenth_of_the_objects_is_in_cycles(self):
        size = BY_NAME["finalizers"].sizes["small"]
        count = int(size.arguments[0])
        # As the programs make them.
        other = {}
        for i in range(0, count - 1, 20):
            other[i], other[i + 1] = i + 1, i
        self.assertEqual(len(other), count // 10)
        alone = [i for i in range(count) if i not in other]
        self.assertEqual(
            workloads.finalized_without_cycles(size),
            f"ran={len(alone)} sum={sum(alone)}",
        )

    def test_an_object_left_over_at_the_end_is_in_no_cycle(self):
        size = workloads.Size(("21",), "", 0)
        self.assertEqual(
            workloads.finalized_without_cycles(size),
            f"ran=19 sum={sum(range(2, 21))}",
        )


class GroupsTest(unittest.TestCase):
    def test_every_workload_is_in_one_group(self):
        names = [
            one.name for group in workloads.GROUPS.values() for one in group
        ]
        self.assertEqual(sorted(names), sorted(BY_NAME))

    def test_a_groups_name_is_no_workloads(self):
        self.assertFalse(set(workloads.GROUPS) & set(BY_NAME))


class LambdaTest(unittest.TestCase):
    def test_every_program_has_both_sizes_and_is_there(self):
        for workload in workloads.LAMBDA:
            with self.subTest(workload.name):
                self.assertEqual(set(workload.sizes), {"small", "full"})
                self.assertTrue((harness.ROOT / workload.source).is_file())

    def test_every_program_that_is_there_is_a_workload(self):
        folder = harness.ROOT / workloads.LAMBDA_FOLDER
        self.assertEqual(
            {path.stem for path in folder.glob("*.scm")},
            {workload.name for workload in workloads.LAMBDA},
        )

    def test_sizes_are_read_without_remarks(self):
        sizes = workloads.read_sizes("# a => b\n\npi small 2 x.y => a=1 b=2\n")
        size = workloads.Size(("2", "x.y"), "a=1 b=2", None)
        self.assertEqual(sizes, {"pi": {"small": size}})

    def test_the_result_of_json_is_what_another_parser_says(self):
        """Of the small size; the full one's input is another package's."""
        (program,) = [one for one in workloads.LAMBDA if one.name == "json"]
        size = program.sizes["small"]
        _, file = size.arguments
        text = (harness.ROOT / file).read_text(encoding="utf-8")
        counts = {"objects": 0, "members": 0, "texts": 0, "chars": 0}
        checksum = 0

        def count(value):
            nonlocal checksum
            if isinstance(value, dict):
                counts["objects"] += 1
                for name, member in value.items():
                    counts["members"] += 1
                    count(name)
                    count(member)
            elif isinstance(value, list):
                for element in value:
                    count(element)
            elif isinstance(value, str):
                counts["texts"] += 1
                counts["chars"] += len(value)
                for char in value:
                    checksum = (31 * checksum + ord(char)) % 1000003

        count(json.loads(text))
        said = " ".join(f"{name}={x}" for name, x in counts.items())
        self.assertEqual(size.result, f"same=yes {said} checksum={checksum}")


class ParseTest(unittest.TestCase):
    def test_a_program_of_scheme_has_its_line_first(self):
        output = workloads.parse_scheme("a=1 b=2\ngc_us=7\n")
        self.assertEqual(output, workloads.Output("a=1 b=2", {"gc": 7}))
        for text in ("", "a=1\nb=2\n", "gc_us=1\na=1\n", "a=1\ngc_us=1\nc_us=1"):
            with self.subTest(text), self.assertRaises(ValueError):
                workloads.parse_scheme(text)

    def test_times_are_no_part_of_the_result(self):
        output = workloads.parse_line("hits=1 sum=2.0 worst_us=3.5\n")
        self.assertEqual(output.result, "hits=1 sum=2.0")
        self.assertEqual(output.times_us, {"worst": 3.5})

    def test_the_time_of_every_phase_has_to_be_there(self):
        line = "kept=1 keep_us=2.0\n"
        output = workloads.parse_line(line, ["keep"])
        self.assertEqual(output.times_us, {"keep": 2})
        with self.assertRaisesRegex(ValueError, "drop_us"):
            workloads.parse_line(line, ["keep", "drop"])

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
