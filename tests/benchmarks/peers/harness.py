"""Lets the tests import the harness, and makes up what they give it."""

import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent.parent
FOLDER = ROOT / "benchmarks" / "peers"
sys.path.insert(0, str(FOLDER))

import measure  # noqa: E402
import peers  # noqa: E402
import results  # noqa: E402
import workloads  # noqa: E402

SIZE = workloads.Size(("9",), "sum=1", 1 << 20)
WORKLOAD = workloads.Workload("lru", "A cache.", {"full": SIZE}, True)
PHASED = workloads.Workload(
    "weak",
    "Weak things.",
    {"full": SIZE},
    phases={"keep": "All <kept>.", "drop": "All dropped."},
    group="weak",
)
SCHEME = workloads.Workload(
    "prover",
    "A prover.",
    {"full": workloads.Size(("9",), "sum=1", None)},
    group="lambda",
)


def toolchain(name="tools", needs=(), **fields):
    return peers.Toolchain(
        name,
        needs,
        lambda chosen: [],
        lambda workload, flags: ["program", workload.name, *flags],
        **fields,
    )


def collecting(name, wall_ns, gc_ns):
    """A Series of one run on SCHEME; `gc_ns` may be None."""
    times_ns = {} if gc_ns is None else {"gc": gc_ns}
    made = run(wall_ns, times_ns=times_ns)
    return measure.Series(peer(name, toolchain(groups=("lambda",))), [made])


def differing(about, result):
    """A toolchain that gives another result on PHASED."""
    difference = peers.Difference(about, lambda size: result)
    return toolchain(differs={PHASED.name: difference})


def peer(name, tools=None, **fields):
    return peers.Peer(name, f"About {name}", tools or toolchain(), **fields)


def run(wall_ns, **fields):
    values = {"cpu_ns": wall_ns, "peak_rss_bytes": 1 << 20, "times_ns": {}}
    return measure.Run(wall_ns, **{**values, **fields})


def series(name, *walls_ns, rejected=None, **fields):
    runs = [run(wall_ns, **fields) for wall_ns in walls_ns]
    return measure.Series(peer(name), runs, rejected)


def phased(name, keep_ns, drop_ns, tools=None):
    """A Series of one run on PHASED."""
    times_ns = {"keep": keep_ns, "drop": drop_ns}
    return measure.Series(peer(name, tools), [run(1, times_ns=times_ns)])


def document(*all_series, skipped=(), workload=WORKLOAD, without=()):
    """As peers.json holds it."""
    return {
        "schema": results.SCHEMA,
        "started_utc": "2026-01-01T00:00:00+00:00",
        "commit": None,
        "machine": {
            "processor": "Some & Sons",
            "cores": 2,
            "memory_bytes": 1 << 30,
            "kernel": "6.1",
        },
        "packages": ["node 20"],
        "size": "full",
        "repetitions": 3,
        "skipped": list(skipped),
        "workloads": [
            results.of_workload(workload, SIZE, all_series, without)
        ],
    }
