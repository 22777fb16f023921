"""From runs to what peers.json holds; docs/peers.md has its fields."""

import statistics

SCHEMA = "fledge-peers/1"

# What the others are compared with.
BASELINE = "fledge"


def spread(values):
    """Median, least and most of some values, none of them for none."""
    values = list(values)
    if not values:
        return None
    return {
        "median": round(statistics.median(values)),
        "min": min(values),
        "max": max(values),
    }


def _times(series, name):
    return spread(
        run.times_ns[name] for run in series.runs if name in run.times_ns
    )


def ratio(walls, baseline):
    """One median as a multiple of another, if there are both and it is one."""
    if walls is None or baseline is None or baseline["median"] == 0:
        return None
    return round(walls["median"] / baseline["median"], 3)


def _with_ratio(series, name, baseline):
    """The spread of some times, with the ratio to the baseline's."""
    times = _times(series, name)
    if times is None:
        return None
    return {**times, "ratio": ratio(times, baseline and _times(baseline, name))}


def _walls(series):
    return spread(run.wall_ns for run in series.runs)


def of_peer(series, workload, size, baseline):
    """The entry of a peer under a workload. `baseline` is the Series that
    ratios refer to, or None."""
    peer = series.peer
    difference = peer.toolchain.differs.get(workload.name)
    walls = _walls(series)
    return {
        "name": peer.name,
        "kind": peer.kind,
        "about": peer.about,
        "command": peer.command(workload, size),
        "environment": peer.environment,
        "result": peer.toolchain.expected(workload, size),
        "differs": difference and difference.about,
        "rejected": series.rejected,
        "wall_ns": walls,
        "ratio": ratio(walls, baseline and _walls(baseline)),
        "cpu_ns": spread(run.cpu_ns for run in series.runs),
        "peak_rss_bytes": spread(run.peak_rss_bytes for run in series.runs),
        "worst_operation_ns": _times(series, "worst"),
        "p9999_operation_ns": _times(series, "p9999"),
        "workload_ns": _times(series, "workload"),
        "gc_ns": _with_ratio(series, "gc", baseline),
        "phases_ns": {
            name: _with_ratio(series, name, baseline)
            for name in workload.phases
        },
        "runs": [
            {
                "wall_ns": run.wall_ns,
                "cpu_ns": run.cpu_ns,
                "peak_rss_bytes": run.peak_rss_bytes,
            }
            for run in series.runs
        ],
    }


def of_workload(workload, size, all_series, without=()):
    """The entry of a workload. `without` are the peers that have no program
    for it."""
    baseline = next(
        (one for one in all_series if one.peer.name == BASELINE), None
    )
    return {
        "name": workload.name,
        "about": workload.about,
        "arguments": list(size.arguments),
        "result": size.result,
        "phases": workload.phases,
        "peers": [
            of_peer(series, workload, size, baseline) for series in all_series
        ],
        "without": [
            {"peer": peer.name, "why": peer.lack(workload)}
            for peer in without
        ],
    }


def is_clean(document):
    """Whether no peer was rejected. Skipped ones do not count, nor those
    without a program."""
    return not any(
        peer["rejected"]
        for workload in document["workloads"]
        for peer in workload["peers"]
    )
