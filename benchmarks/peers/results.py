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
    """One median as a multiple of another, if there are both."""
    if walls is None or baseline is None:
        return None
    return round(walls["median"] / baseline["median"], 3)


def of_peer(series, workload, size, baseline):
    """The entry of a peer under a workload. `baseline` is the spread of wall
    times that the ratio refers to."""
    peer = series.peer
    walls = spread(run.wall_ns for run in series.runs)
    return {
        "name": peer.name,
        "kind": peer.kind,
        "about": peer.about,
        "command": peer.command(workload, size),
        "environment": peer.environment,
        "rejected": series.rejected,
        "wall_ns": walls,
        "ratio": ratio(walls, baseline),
        "cpu_ns": spread(run.cpu_ns for run in series.runs),
        "peak_rss_bytes": spread(run.peak_rss_bytes for run in series.runs),
        "worst_operation_ns": _times(series, "worst"),
        "p9999_operation_ns": _times(series, "p9999"),
        "workload_ns": _times(series, "workload"),
        "runs": [
            {
                "wall_ns": run.wall_ns,
                "cpu_ns": run.cpu_ns,
                "peak_rss_bytes": run.peak_rss_bytes,
            }
            for run in series.runs
        ],
    }


def of_workload(workload, size, all_series):
    """The entry of a workload."""
    baseline = next(
        (
            spread(run.wall_ns for run in series.runs)
            for series in all_series
            if series.peer.name == BASELINE
        ),
        None,
    )
    return {
        "name": workload.name,
        "about": workload.about,
        "arguments": list(size.arguments),
        "result": size.result,
        "peers": [
            of_peer(series, workload, size, baseline) for series in all_series
        ],
    }


def is_clean(document):
    """Whether no peer was rejected. Skipped ones do not count."""
    return not any(
        peer["rejected"]
        for workload in document["workloads"]
        for peer in workload["peers"]
    )
