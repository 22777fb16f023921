"""The results as text."""


def seconds(ns):
    return f"{ns / 1e9:.2f} s"


def duration(ns):
    """With three digits, in the unit that suits."""
    for unit, in_ns in (("s", 1e9), ("ms", 1e6), ("µs", 1e3)):
        if ns >= in_ns:
            return f"{_three_digits(ns / in_ns)} {unit}"
    return f"{ns} ns"


def mebibytes(size_bytes):
    return f"{size_bytes / 2**20:.0f} MiB"


def _three_digits(number):
    decimals = 2 if number < 10 else 1 if number < 100 else 0
    return f"{number:.{decimals}f}"


def times(ratio):
    return "" if ratio is None else f"{ratio:.2f}×"


HEADINGS = ("peer", "median", "ratio", "min", "max", "CPU", "peak RSS")
OPERATION_HEADINGS = ("worst op", "p99.99 op")
COLLECTION_HEADING = "GC"
# In the place of a time that a peer does not tell.
UNKNOWN = "–"


def headings_of(workload):
    return (
        HEADINGS
        + ((COLLECTION_HEADING,) if has_collections(workload) else ())
        + (OPERATION_HEADINGS if has_operations(workload) else ())
        + tuple(workload["phases"])
    )


def phase_text(times_of_phase):
    ratio = times(times_of_phase["ratio"])
    return f"{duration(times_of_phase['median'])} {ratio}".rstrip()


def columns_of(peer, workload):
    """The cells of a row, as headings_of() names them."""
    walls = peer["wall_ns"]
    cells = [
        peer["name"],
        seconds(walls["median"]),
        times(peer["ratio"]),
        seconds(walls["min"]),
        seconds(walls["max"]),
        seconds(peer["cpu_ns"]["median"]),
        mebibytes(peer["peak_rss_bytes"]["median"]),
    ]
    if has_collections(workload):
        gc = peer["gc_ns"]
        cells.append(phase_text(gc) if gc else UNKNOWN)
    if has_operations(workload):
        cells += [
            duration(peer[name]["median"])
            for name in ("worst_operation_ns", "p9999_operation_ns")
        ]
    return cells + [
        phase_text(peer["phases_ns"][name]) for name in workload["phases"]
    ]


def has_operations(workload):
    return any(peer["worst_operation_ns"] for peer in workload["peers"])


def has_collections(workload):
    return any(peer["gc_ns"] for peer in workload["peers"])


def by_time(workload):
    """The peers with times, fastest first."""
    timed = [peer for peer in workload["peers"] if peer["wall_ns"]]
    return sorted(timed, key=lambda peer: peer["wall_ns"]["median"])


def _align(rows):
    widths = [max(map(len, column)) for column in zip(*rows)]
    for first, *rest in rows:
        cells = [first.ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(rest, widths[1:])]
        yield "  " + "  ".join(cells).rstrip()


def of_workload(workload):
    """A workload's table, with what was rejected behind it."""
    lines = [" ".join([workload["name"], *workload["arguments"]])]
    rows = [columns_of(peer, workload) for peer in by_time(workload)]
    if rows:
        lines += _align([headings_of(workload), *rows])
    for peer in workload["peers"]:
        if peer["rejected"]:
            lines.append(f"  {peer['name']} does not count: {peer['rejected']}")
    lines += [f"  {remark}" for remark in remarks_of(workload)]
    return "\n".join(lines) + "\n"


def _names_by_text(pairs):
    """For each text the names that it is said of, in order."""
    names_by_text = {}
    for name, text in pairs:
        names_by_text.setdefault(text, []).append(name)
    return [
        (", ".join(names), text) for text, names in names_by_text.items()
    ]


def remarks_of(workload):
    """What is said of peers that do otherwise or have no program."""
    differing = _names_by_text(
        (peer["name"], f"{peer['result']}: {peer['differs']}")
        for peer in workload["peers"]
        if peer["differs"] and not peer["rejected"]
    )
    without = _names_by_text(
        (one["peer"], one["why"]) for one in workload["without"]
    )
    return [f"{names}: {text}" for names, text in differing] + [
        f"{names}: no program ({why})" for names, why in without
    ]


def skipped_line(skipped):
    """What to say of a peer that is not installed."""
    return f"{skipped['peer']} is skipped: no {', '.join(skipped['missing'])}"
