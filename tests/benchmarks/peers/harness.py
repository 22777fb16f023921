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


def toolchain(name="tools", needs=()):
    return peers.Toolchain(
        name,
        needs,
        lambda chosen: [],
        lambda workload, flags: ["program", workload.name, *flags],
    )


def peer(name, **fields):
    return peers.Peer(name, f"About {name}", toolchain(), **fields)


def run(wall_ns, **fields):
    values = {"cpu_ns": wall_ns, "peak_rss_bytes": 1 << 20, "times_ns": {}}
    return measure.Run(wall_ns, **{**values, **fields})


def series(name, *walls_ns, rejected=None, **fields):
    runs = [run(wall_ns, **fields) for wall_ns in walls_ns]
    return measure.Series(peer(name), runs, rejected)


def document(*all_series, skipped=()):
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
        "workloads": [results.of_workload(WORKLOAD, SIZE, all_series)],
    }
