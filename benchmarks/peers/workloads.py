"""The workloads that peers run, their sizes, and the results they must have.

A program prints one line of fields, NAME=VALUE with spaces between them. Those
whose name ends in _us are times in microseconds; all others are the result,
which depends on the size only.
"""

import dataclasses
import json
import re


@dataclasses.dataclass(frozen=True)
class Size:
    arguments: tuple  # As text, as of `fledge profile` and of every program.
    result: str  # What every program must print, times aside.
    live_bytes: int  # The most that is alive at once, in objects of Fledge.


@dataclasses.dataclass(frozen=True)
class Workload:
    name: str  # As of `fledge profile`.
    about: str
    sizes: dict  # Of Size, by name.
    times_operations: bool = False

    @property
    def stem(self):
        """The name as file names have it."""
        return self.name.replace("-", "_")


_LEAST_DEPTH = 4
_PAIR_BYTES = 24
_RECORD_BYTES = 32


def _nodes_of_depth(depth):
    return 2 ** (depth + 1) - 1


def _binary_trees(depth):
    checks = [_nodes_of_depth(depth + 1)]
    for small in range(_LEAST_DEPTH, depth + 1, 2):
        trees = 2 ** (depth - small + _LEAST_DEPTH)
        checks.append(trees * _nodes_of_depth(small))
    checks.append(_nodes_of_depth(depth))
    return Size(
        (str(depth),),
        "checks=" + ",".join(map(str, checks)),
        _nodes_of_depth(depth + 1) * _PAIR_BYTES,
    )


def _gcbench(depth, doubles):
    stretch = _nodes_of_depth(depth + 2)
    whole = 1
    for small in range(_LEAST_DEPTH, depth + 1, 2):
        whole += 2 * (2 * stretch // _nodes_of_depth(small))
    return Size(
        (str(depth), str(doubles)), f"whole={whole}", stretch * _RECORD_BYTES
    )


def _lru(entries, operations, result):
    entry_bytes = 48 + 136 + 16  # Entry, payload, and its share of the buckets.
    return Size((str(entries), str(operations)), result, entries * entry_bytes)


ALL = (
    Workload(
        "binary-trees",
        "Many short-lived trees beside a long-lived one.",
        {"full": _binary_trees(20), "small": _binary_trees(14)},
    ),
    Workload(
        "gcbench",
        "Trees built top down and bottom up beside a tree and an array.",
        {"full": _gcbench(18, 500_000), "small": _gcbench(12, 10_000)},
    ),
    # Too long to compute here; a test has a model of it.
    Workload(
        "lru",
        "A full cache, written to all over; each operation timed.",
        {
            "full": _lru(
                1_500_000, 8_000_000, "hits=3997206 sum=16300839508529.5"
            ),
            "small": _lru(20_000, 100_000, "hits=50128 sum=2640442120.0"),
        },
        times_operations=True,
    ),
)


@dataclasses.dataclass(frozen=True)
class Output:
    """What a program said of its run."""

    result: str
    times_us: dict  # By name, without the unit.


def parse_line(text):
    """The Output in what a program printed, or ValueError."""
    lines = text.splitlines()
    if len(lines) != 1:
        raise ValueError(f"{len(lines)} lines of output instead of one")
    result = []
    times_us = {}
    for field in lines[0].split():
        name, equals, value = field.partition("=")
        if not equals:
            raise ValueError(f"'{field}' is not a field NAME=VALUE")
        if name.endswith("_us"):
            times_us[name.removesuffix("_us")] = float(value)
        else:
            result.append(field)
    return Output(" ".join(result), times_us)


def parse_summary(text):
    """The Output in a summary.json of `fledge profile`, or ValueError."""
    summary = json.loads(text)
    result = summary["result"]
    if summary["workload"] == "binary-trees":
        result = "checks=" + ",".join(re.findall(r"check: (\d+)", result))
    elif summary["workload"] == "gcbench":
        result = re.sub(r"^ok (\d+)$", r"whole=\1", result)
    times_us = {"workload": summary["wall_ns"] / 1e3}
    operations = summary.get("operations")
    if operations is not None:
        times_us["p9999"] = operations["p9999_ns"] / 1e3
        times_us["worst"] = operations["max_ns"] / 1e3
    return Output(result, times_us)
