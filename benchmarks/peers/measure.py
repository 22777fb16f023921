"""Running programs by turns, and believing those with the right result."""

import dataclasses
import os
import pathlib
import subprocess
import tempfile
import threading
import time

import peers
import workloads


@dataclasses.dataclass(frozen=True)
class Process:
    """What is known of a process that ended."""

    status: int  # As of subprocess: negative for a signal.
    output: str
    errors: str
    wall_ns: int
    cpu_ns: int  # Of all of its threads, in the kernel too.
    peak_rss_bytes: int
    timed_out: bool = False  # Whether it was killed for that.


@dataclasses.dataclass(frozen=True)
class Run:
    """What a run took whose result was right."""

    wall_ns: int
    cpu_ns: int
    peak_rss_bytes: int
    times_ns: dict  # What the program measured of itself, by name.


class Rejected(Exception):
    """A run that does not count, with the reason."""


@dataclasses.dataclass
class Series:
    """The runs of a peer on a workload."""

    peer: peers.Peer
    runs: list = dataclasses.field(default_factory=list)
    # Why none of the runs counts, or None.
    rejected: str | None = None


def execute(command, environment, timeout_s):
    """Runs a command to its end, and the Process that it was.

    The wall time is that of the whole process: a runtime's start and end are
    part of it. A command that takes longer than the timeout is killed.
    """
    timed_out = threading.Event()
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        began_ns = time.monotonic_ns()
        process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
        )

        def end():
            timed_out.set()
            process.kill()

        timer = threading.Timer(timeout_s, end)
        timer.start()
        try:
            # wait4() knows of this one process; getrusage() would mix it with
            # all that ran before.
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            process.wait()
            raise
        finally:
            timer.cancel()
        wall_ns = time.monotonic_ns() - began_ns
        process.returncode = os.waitstatus_to_exitcode(status)
        texts = []
        for file in (output, errors):
            file.seek(0)
            texts.append(file.read().decode(errors="replace"))
    return Process(
        process.returncode,
        *texts,
        wall_ns,
        round((usage.ru_utime + usage.ru_stime) * 1e9),
        usage.ru_maxrss * 1024,
        timed_out.is_set(),
    )


def accept(process, expected, parse):
    """The Run that a process was, or Rejected: first its exit status has to be
    right, then its result; only then its times count."""
    if process.status != 0 and process.timed_out:
        raise Rejected(f"no result within {process.wall_ns / 1e9:.0f} s")
    if process.status != 0:
        why = process.errors.strip().splitlines()
        last = f": {why[-1]}" if why else ""
        raise Rejected(f"exit status {process.status}{last}")
    try:
        output = parse(process.output)
    except (ValueError, KeyError, OSError) as error:
        raise Rejected(f"output not understood: {error}") from error
    if output.result != expected:
        raise Rejected(f"result '{output.result}' instead of '{expected}'")
    return Run(
        process.wall_ns,
        process.cpu_ns,
        process.peak_rss_bytes,
        {name: round(us * 1e3) for name, us in output.times_us.items()},
    )


def run_once(peer, workload, size, timeout_s):
    """One run of a peer: a Run, or Rejected."""

    def parse(text):
        if workload.is_scheme:
            return workloads.parse_scheme(text)
        return workloads.parse_line(text, workload.phases)

    if peer.is_ours and workload.is_profiled:
        summary = pathlib.Path(peers.SUMMARY)
        # An old one must not be taken for this run's.
        summary.unlink(missing_ok=True)

        def parse(_):
            return workloads.parse_summary(summary.read_text(encoding="utf-8"))

    process = execute(
        peer.command(workload, size), peers.environment_of(peer), timeout_s
    )
    return accept(process, peer.toolchain.expected(workload, size), parse)


def by_turns(all_series, repetitions, take, progress):
    """Adds runs to each Series, whose peers all run once in each round.

    The machine's speed drifts over minutes, and this way it drifts for all.
    A peer with a rejected run does not run again. `take` makes a Run of a
    peer, or raises Rejected; `progress` hears of each.
    """
    for repetition in range(repetitions):
        for one in all_series:
            if one.rejected is not None:
                continue
            try:
                run = take(one.peer)
            except Rejected as rejected:
                one.rejected = str(rejected)
                # Nothing of a peer that fails now and then is to be believed.
                one.runs.clear()
                progress(repetition, one.peer, one.rejected)
            else:
                one.runs.append(run)
                progress(repetition, one.peer, f"{run.wall_ns / 1e9:.2f} s")
