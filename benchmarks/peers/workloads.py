"""The workloads that peers run, their sizes, and the results they must have.

A program prints one line of fields, NAME=VALUE with spaces between them. Those
whose name ends in _us are times in microseconds; all others are the result,
which depends on the size only, and on what a peer says that it does otherwise.
"""

import dataclasses
import json
import pathlib
import re


@dataclasses.dataclass(frozen=True)
class Size:
    arguments: tuple  # As text, of every program and of `fledge profile`.
    result: str  # What every program must print, times aside.
    # The most that is alive at once, in objects of Fledge; None if not known.
    live_bytes: int | None


@dataclasses.dataclass(frozen=True)
class Workload:
    name: str  # As of `fledge profile`, if that has it.
    about: str
    sizes: dict  # Of Size, by name.
    times_operations: bool = False
    # What programs time of themselves: what each phase is, by name, in order.
    phases: dict = dataclasses.field(default_factory=dict)
    group: str = "programs"

    @property
    def is_profiled(self):
        """Whether `fledge profile` has it, which prints more than the others
        do."""
        return self.group == "programs"

    @property
    def is_scheme(self):
        """Whether it is one source, which all peers run that are Schemes."""
        return self.group == "lambda"

    @property
    def source(self):
        """The program, of one that is_scheme."""
        return f"{LAMBDA_FOLDER}/{self.name}.scm"

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


# Of so many objects two refer to each other, in finalizers.
_CYCLE_EVERY = 20


def _ephemeron_chain(entries):
    entry_bytes = 24 + 8 + 28  # Key with hash, its place while building, entry.
    return Size(
        (str(entries),), f"kept={entries} gone={entries}", entries * entry_bytes
    )


def chain_of_strong_values(size):
    """The result of ephemeron-chain where values are held for themselves: the
    first key is nobody's value, and its entry alone goes."""
    (entries,) = size.arguments
    return f"kept={entries} gone=1"


def _sum_below(bound):
    return bound * (bound - 1) // 2


def _finalizers(objects):
    object_bytes = 24 + 8 + 40  # Pair, its place while building, registration.
    return Size(
        (str(objects),),
        f"ran={objects} sum={_sum_below(objects)}",
        objects * object_bytes,
    )


def finalized_without_cycles(size):
    """The result of finalizers where those of objects in cycles do not run."""
    objects = int(size.arguments[0])
    first = range(0, objects - 1, _CYCLE_EVERY)
    second = range(1, objects, _CYCLE_EVERY)
    ran = objects - len(first) - len(second)
    return f"ran={ran} sum={_sum_below(objects) - sum(first) - sum(second)}"


PROGRAMS = (
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

WEAK = (
    Workload(
        "ephemeron-chain",
        "A weak table whose values are its keys: one chain in shuffled order.",
        {
            "small": _ephemeron_chain(10_000),
            "full": _ephemeron_chain(1_000_000),
            "large": _ephemeron_chain(10_000_000),
        },
        phases={
            "build": "Making the objects and filling the table.",
            "keep": "A full collection while the chain's first key is held.",
            "drop": "A full collection when nothing holds the chain.",
        },
        group="weak",
    ),
    Workload(
        "finalizers",
        "Objects with finalizers, dropped at once; one in ten is in a cycle.",
        {
            "small": _finalizers(10_000),
            "full": _finalizers(1_000_000),
            "large": _finalizers(10_000_000),
        },
        phases={
            "build": "Making the objects and registering them.",
            "collect": "From the first request of a full collection to the end "
            "of the last finalizer.",
        },
        group="weak",
    ),
)

LAMBDA_FOLDER = "benchmarks/lambda"
_SIZES = pathlib.Path(__file__).parent.parent / "lambda" / "sizes.txt"


def read_sizes(text):
    """What sizes.txt says: for each program its Sizes, by name."""
    sizes = {}
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        words, _, result = line.partition(" => ")
        program, size, *arguments = words.split()
        sizes.setdefault(program, {})[size] = Size(
            tuple(arguments), result, None
        )
    return sizes


_ABOUT_LAMBDA = {
    "prover": "Theorems proved by rewriting, in the manner of Boyer and Moore.",
    "earley": "A text parsed by an ambiguous grammar, with all of its trees.",
    "graphs": "All graphs of some nodes, up to renaming.",
    "lattices": "All maps between two lattices that keep their order.",
    "peephole": "A compiler with a peephole optimizer, and its machine.",
    "conformity": "A search for interfaces that conform to each other.",
    "interpreter": "A Scheme interpreter, with another interpreter inside.",
    "pi": "Digits of π, by big integers.",
    "splay": "A splay tree that is written to all over.",
    "json": "JSON of Debian's iso-codes read from files, character by "
    "character.",
}


def _lambda():
    sizes = read_sizes(_SIZES.read_text(encoding="utf-8"))
    return tuple(
        Workload(name, about, sizes[name], group="lambda")
        for name, about in _ABOUT_LAMBDA.items()
    )


LAMBDA = _lambda()

GROUPS = {"programs": PROGRAMS, "weak": WEAK, "lambda": LAMBDA}
ALL = PROGRAMS + WEAK + LAMBDA


@dataclasses.dataclass(frozen=True)
class Output:
    """What a program said of its run."""

    result: str
    times_us: dict  # By name, without the unit.


def parse_line(text, phases=()):
    """The Output in what a program printed, or ValueError, also if the time of
    a phase is not in it."""
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
    for phase in phases:
        if phase not in times_us:
            raise ValueError(f"no field {phase}_us")
    return Output(" ".join(result), times_us)


def parse_scheme(text):
    """The Output of a program of Scheme: its line, and maybe one of times
    behind it, from what ran the program."""
    program, *times = text.splitlines() or [""]
    output = parse_line(program)
    if not times:
        return output
    runner = parse_line("\n".join(times))
    if output.times_us or runner.result:
        raise ValueError("a line of results and one of times are mixed")
    return Output(output.result, runner.times_us)


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
