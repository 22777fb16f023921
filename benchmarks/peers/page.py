"""The results as one self-contained page: bars, and the table behind them."""

import html
import math
import pathlib

import table

_CSS = pathlib.Path(__file__).with_name("page.css")

_KINDS = {
    "fledge": "Fledge",
    "collector": "other collectors",
    "malloc": "malloc and free",
}

# In percent of a bar's length: a shorter line would be a blot.
_LEAST_SPREAD = 0.5


def linear(most):
    """A scale from values to percent of a bar's length."""
    return lambda value: 100 * value / most if most else 0


def logarithmic(least, most):
    """As linear(), from the power of ten below `least`."""
    begin = math.floor(math.log10(max(least, 1)))
    length = math.log10(max(most, 1)) - begin
    return lambda value: (
        100 * (math.log10(max(value, 1)) - begin) / length if length > 0 else 0
    )


def _bar(peer, spread, scale, text):
    median, least, most = (scale(spread[x]) for x in ("median", "min", "max"))
    line = ""
    if most - least >= _LEAST_SPREAD:
        line = (
            f'<span class="spread" style="left:{least:.2f}%;'
            f'width:{most - least:.2f}%"></span>'
        )
    return (
        f'<li class="{peer["kind"]}" title="{html.escape(peer["about"])}">'
        f'<span class="name">{html.escape(peer["name"])}</span>'
        f'<span class="bar"><span class="median" style="width:{median:.2f}%">'
        f"</span>{line}</span>"
        f'<span class="value">{text}</span></li>\n'
    )


def _bars(title, about, workload, spread_of, scale_of, text_of):
    """A chart of one field, lowest first: low is good in all of them."""
    rows = [
        (spread_of(peer), peer) for peer in workload["peers"] if spread_of(peer)
    ]
    if not rows:
        return ""
    rows.sort(key=lambda row: row[0]["median"])
    scale = scale_of(
        min(spread["min"] for spread, _ in rows),
        max(spread["max"] for spread, _ in rows),
    )
    bars = "".join(
        _bar(peer, spread, scale, text_of(peer, spread["median"]))
        for spread, peer in rows
    )
    return (
        f'<h3>{title}</h3>\n<p class="about">{about}</p>\n'
        f'<ul class="bars">\n{bars}</ul>\n'
    )


def _time_text(peer, ns):
    ratio = table.times(peer["ratio"])
    return table.seconds(ns) + (f" <small>{ratio}</small>" if ratio else "")


def _row(tag, cells):
    first, *rest = map(html.escape, cells)
    return f'<th scope="row">{first}</th>' + "".join(
        f"<{tag}>{cell}</{tag}>" for cell in rest
    )


def _table(workload):
    peers = table.by_time(workload)
    if not peers:
        return ""
    head = "".join(
        f'<th scope="col">{heading}</th>'
        for heading in table.headings_of(workload)
    )
    rows = "".join(
        f'<tr class="{peer["kind"]}">'
        + _row("td", table.columns_of(peer, workload))
        + "</tr>\n"
        for peer in peers
    )
    return (
        "<details><summary>All figures</summary>\n"
        f'<div class="scroll"><table><thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{rows}</tbody></table></div></details>\n"
    )


def _phase(workload, name, about):
    def times_of(peer):
        return peer["phases_ns"][name]

    # From a millisecond to minutes: on a linear scale most would be a line.
    return _bars(
        name.capitalize(),
        f"{html.escape(about)} As the program measures it; the scale is "
        "logarithmic.",
        workload,
        times_of,
        logarithmic,
        lambda peer, ns: table.phase_text(times_of(peer)),
    )


def _workload(workload):
    rejected = "".join(
        f'<p class="rejected"><b>{html.escape(peer["name"])}</b> does not '
        f"count: {html.escape(peer['rejected'])}</p>\n"
        for peer in workload["peers"]
        if peer["rejected"]
    )
    remarks = "".join(
        f'<p class="about">{html.escape(remark)}.</p>\n'
        for remark in table.remarks_of(workload)
    )
    arguments = html.escape(" ".join(workload["arguments"]))
    return (
        f"<section><h2>{html.escape(workload['name'])} "
        f"<small>{arguments}</small></h2>\n"
        f'<p class="about">{html.escape(workload["about"])}</p>\n'
        + rejected
        + remarks
        + _bars(
            "Wall time",
            "Of the whole process: the median, with a line from the least to "
            "the most, and as a multiple of Fledge with its defaults.",
            workload,
            lambda peer: peer["wall_ns"],
            lambda least, most: linear(most),
            _time_text,
        )
        + _bars(
            "Longest operation",
            "What one use of the cache takes at worst. The scale is "
            "logarithmic.",
            workload,
            lambda peer: peer["worst_operation_ns"],
            logarithmic,
            lambda peer, ns: table.duration(ns),
        )
        + _bars(
            "Collections",
            "How long collections took, as the peer itself measures it.",
            workload,
            lambda peer: peer["gc_ns"],
            lambda least, most: linear(most),
            lambda peer, ns: table.phase_text(peer["gc_ns"]),
        )
        + "".join(
            _phase(workload, name, about)
            for name, about in workload["phases"].items()
        )
        + _bars(
            "Peak RSS",
            "The most memory that the process had at once.",
            workload,
            lambda peer: peer["peak_rss_bytes"],
            lambda least, most: linear(most),
            lambda peer, size_bytes: table.mebibytes(size_bytes),
        )
        + _table(workload)
        + "</section>\n"
    )


def _commands(document):
    """How each peer was run, with the arguments of the first workload."""
    if not document["workloads"]:
        return ""
    entries = ""
    for peer in document["workloads"][0]["peers"]:
        words = [f"{name}={x}" for name, x in peer["environment"].items()]
        command = html.escape(" ".join(words + peer["command"]))
        entries += (
            f"<dt>{html.escape(peer['name'])}</dt>"
            f"<dd>{html.escape(peer['about'])}<br><code>{command}</code></dd>\n"
        )
    return f"<section><h2>The peers</h2>\n<dl>\n{entries}</dl></section>\n"


def _conditions(document):
    machine = document["machine"]
    parts = [
        document["started_utc"],
        machine["processor"],
        f"{machine['cores']} cores",
        f"Linux {machine['kernel']}",
        f"rounds: {document['repetitions']}, in each of which all ran once",
    ]
    if document["size"] != "full":
        parts.append("small sizes: the times say little")
    return " · ".join(html.escape(part) for part in parts if part)


def of_document(document):
    keys = "".join(
        f'<li class="{kind}">{text}</li>' for kind, text in _KINDS.items()
    )
    skipped = "".join(
        f'<p class="about">{html.escape(table.skipped_line(one))}</p>\n'
        for one in document["skipped"]
    )
    packages = html.escape(", ".join(document["packages"]))
    return (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        "<title>Fledge and its peers</title>\n"
        f"<style>\n{_CSS.read_text(encoding='utf-8')}</style>\n"
        f"<h1>Fledge and its peers</h1>\n"
        f'<p class="about">{_conditions(document)}</p>\n'
        f'<ul class="keys">{keys}</ul>\n{skipped}'
        + "".join(map(_workload, document["workloads"]))
        + _commands(document)
        + f'<p class="about">Packages: {packages}.</p>\n</html>\n'
    )
