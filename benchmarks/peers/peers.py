"""The peers: how each is built, and how it runs a workload.

A toolchain builds the programs of one language or library, and a peer is a
toolchain with settings: Java with each of its collectors, C++ with each malloc.
Paths are from the root of the checkout, where all commands run.
"""

import dataclasses
import glob
import os
import shutil
import typing

import workloads

PROGRAMS = "benchmarks/peers/programs"
BUILD = "build/peers"
FLEDGE = "build/release/fledge"
FLEDGE_PROGRAMS = "build/release/peers"

_LIBRARIES = "/usr/lib/x86_64-linux-gnu"


@dataclasses.dataclass(frozen=True)
class Difference:
    """What a peer does otherwise, as its documentation says: no failure."""

    about: str
    # From a Size to the result that the peer must have instead.
    result: typing.Callable


# Compared by identity, which is also its hash.
@dataclasses.dataclass(frozen=True, eq=False)
class Toolchain:
    name: str  # Also of its folder below BUILD.
    # Names of programs, or patterns of files where they begin with '/'.
    needs: tuple
    # From workloads to commands, each a list of words.
    build: typing.Callable
    # From a workload and a tuple of flags to a command, which the workload's
    # arguments follow.
    run: typing.Callable
    # Names of the groups of workloads that it is there for.
    groups: tuple = ("programs", "weak")
    # Why it has no program for a workload, by the workload's name.
    lacks: dict = dataclasses.field(default_factory=dict)
    # A Difference, by the workload's name.
    differs: dict = dataclasses.field(default_factory=dict)

    @property
    def folder(self):
        return f"{BUILD}/{self.name}"

    def lack(self, workload):
        """Why it has no program for the workload, or None."""
        if workload.group not in self.groups:
            return f"it is not there for {workload.group}"
        return self.lacks.get(workload.name)

    def expected(self, workload, size):
        """The result that every run must have."""
        difference = self.differs.get(workload.name)
        return difference.result(size) if difference else size.result


@dataclasses.dataclass(frozen=True)
class Peer:
    name: str
    about: str
    toolchain: Toolchain
    flags: tuple = ()
    # From what is alive at most to further flags, for limits that follow it.
    flags_for: typing.Callable | None = None
    environment: dict = dataclasses.field(default_factory=dict)
    needs: tuple = ()  # Beside those of its toolchain.

    @property
    def is_ours(self):
        return self.toolchain is _FLEDGE

    @property
    def kind(self):
        """One of fledge, collector and malloc."""
        if self.is_ours:
            return "fledge"
        return "malloc" if self.toolchain is _MALLOC else "collector"

    def lack(self, workload):
        """Why it does not run the workload, or None."""
        if self.flags_for and any(
            size.live_bytes is None for size in workload.sizes.values()
        ):
            return "what is alive at once is not known"
        return self.toolchain.lack(workload)

    def command(self, workload, size):
        """The words of the command that runs the workload."""
        flags = self.flags
        if self.flags_for:
            flags += self.flags_for(size.live_bytes)
        return [*self.toolchain.run(workload, flags), *size.arguments]

    def missing(self):
        """What the peer needs and is not installed: names and patterns."""
        return [
            need
            for need in self.toolchain.needs + self.needs
            if not _is_installed(need)
        ]


def _is_installed(need):
    if need.startswith("/"):
        return bool(glob.glob(need))
    return shutil.which(need) is not None


def _no_weak_things(why):
    """What a toolchain lacks that has no program of the weak workloads."""
    return {workload.name: why for workload in workloads.WEAK}


# --- Fledge

_FLEDGE_OUT = f"{BUILD}/fledge"


def _run_fledge(workload, flags):
    # Options may stand before the workload's arguments.
    gc = ["--gc", ",".join(flags)] if flags else []
    if workload.is_profiled:
        return [FLEDGE, "profile", workload.name, "--out", _FLEDGE_OUT, *gc]
    if workload.is_scheme:
        return [FLEDGE, "run", workload.source, "--gc-time", *gc, "--"]
    return [f"{FLEDGE_PROGRAMS}/{workload.stem}", ",".join(flags)]


def _build_fledge(chosen):
    targets = [
        "fledge"
        if workload.is_profiled or workload.is_scheme
        else f"fledge_peers_{workload.stem}"
        for workload in chosen
    ]
    return [["tools/build", "release", *dict.fromkeys(targets)]]


SUMMARY = f"{_FLEDGE_OUT}/summary.json"

_FLEDGE = Toolchain(
    "fledge",
    ("cmake", "g++"),
    _build_fledge,
    _run_fledge,
    groups=("programs", "weak", "lambda"),
)

# --- C++: malloc and the Boehm-Demers-Weiser collector


def _cpp(name, needs, lacks, flags=(), libraries=()):
    folder = f"{BUILD}/{name}"
    return Toolchain(
        name,
        ("g++", *needs),
        lambda chosen: [
            ["g++", "-std=c++20", "-O2", *flags, "-I."]
            + [f"{PROGRAMS}/cpp/{workload.stem}.cc"]
            + ["-o", f"{folder}/{workload.stem}", *libraries]
            for workload in chosen
        ],
        lambda workload, flags: [f"{folder}/{workload.stem}"],
        lacks=lacks,
    )


_MALLOC = _cpp("malloc", needs=(), lacks=_no_weak_things("it collects nothing"))
_BDWGC = _cpp(
    "bdwgc",
    needs=("/usr/include/gc/gc.h",),
    lacks=_no_weak_things("not written"),
    flags=("-DPEERS_BDWGC",),
    libraries=("-lgc",),
)


def _preload(library):
    return {"LD_PRELOAD": f"{_LIBRARIES}/{library}"}


# --- Node: JavaScript, and cppgc by way of an add-on


def _run_node(workload, flags):
    if workload.phases:
        # To request collections, and to ask for the size of a WeakMap.
        flags += ("--expose-gc", "--allow-natives-syntax")
    return ["node", *flags, f"{PROGRAMS}/javascript/{workload.stem}.js"]


_NODE = Toolchain("node", ("node",), lambda chosen: [], _run_node)

_ADDON = f"{BUILD}/cppgc/workloads.node"
_CPPGC = Toolchain(
    "cppgc",
    ("node", "g++", "/usr/include/node/cppgc/heap.h"),
    lambda chosen: [
        ["g++", "-std=c++20", "-O2", "-fno-rtti", "-fno-exceptions"]
        + ["-fPIC", "-shared", "-I.", "-isystem", "/usr/include/node"]
        + sorted(glob.glob(f"{PROGRAMS}/cppgc/*.cc"))
        + ["-o", _ADDON]
    ],
    lambda workload, flags: [
        "node", f"{PROGRAMS}/cppgc/main.js", _ADDON, workload.name
    ],
    lacks=_no_weak_things("not written"),
)

# --- Java

_CLASSES = {
    "binary-trees": "BinaryTrees",
    "gcbench": "GcBench",
    "lru": "Lru",
    "ephemeron-chain": "EphemeronChain",
    "finalizers": "Finalizers",
}


def _java_class(workload):
    return _CLASSES[workload.name]


_JAVA = Toolchain(
    "java",
    ("java", "javac"),
    lambda chosen: [
        ["javac", "-d", f"{BUILD}/java"]
        + [
            f"{PROGRAMS}/java/{_java_class(workload)}.java"
            for workload in chosen
        ]
    ],
    lambda workload, flags: [
        "java", *flags, "-cp", f"{BUILD}/java", _java_class(workload)
    ],
    differs={
        "ephemeron-chain": Difference(
            "a WeakHashMap holds its values, which are its keys here, so that "
            "a collection rids it of one entry; Java has no ephemerons",
            workloads.chain_of_strong_values,
        )
    },
)

# --- OCaml


def _build_ocaml(chosen):
    # The compiler writes beside its sources, so it is given copies.
    folder = f"{BUILD}/ocaml"
    commands = [
        ["cp", *sorted(glob.glob(f"{PROGRAMS}/ocaml/*.[cm]*")), folder]
    ]
    for workload in chosen:
        sources = [f"{folder}/{workload.stem}.ml"]
        if workload.times_operations or workload.phases:
            clock = f"{folder}/clock.o"
            commands.append(
                ["ocamlopt", "-c", "-o", clock, f"{folder}/clock.c"]
            )
            sources.insert(0, clock)
        commands.append(
            ["ocamlopt", "-unsafe", "-inline", "200", *sources]
            + ["-o", f"{folder}/{workload.stem}"]
        )
    return commands


_OCAML = Toolchain(
    "ocaml",
    ("ocamlopt",),
    _build_ocaml,
    lambda workload, flags: [f"{BUILD}/ocaml/{workload.stem}"],
)

# --- Chez Scheme

_CHEZ_FOLDER = f"{BUILD}/chez"


def _build_chez(chosen):
    commands = []
    for workload in chosen:
        if workload.is_scheme:
            # Its libraries of R7RS, and where they are compiled to.
            compiler = ["--libdirs", f"{PROGRAMS}/chez::{_CHEZ_FOLDER}"]
            compiler += ["--compile-imported-libraries"]
            compiler += ["--script", f"{PROGRAMS}/chez/compile_r7rs.ss"]
            source = workload.source
        else:
            compiler = ["--script", f"{PROGRAMS}/chez/compile.ss"]
            source = f"{PROGRAMS}/chez/{workload.stem}.ss"
        compiled = f"{_CHEZ_FOLDER}/{workload.stem}.so"
        commands.append(["scheme", *compiler, source, compiled])
    return commands


def _run_chez(workload, flags):
    compiled = f"{_CHEZ_FOLDER}/{workload.stem}.so"
    if workload.is_scheme:
        # Without the libraries' sources, which might be newer.
        runner = ["--libdirs", _CHEZ_FOLDER]
        runner += ["--script", f"{PROGRAMS}/chez/run_r7rs.ss"]
        return ["scheme", *runner, compiled]
    return ["scheme", "--program", compiled]


_CHEZ = Toolchain(
    "chez",
    ("scheme",),
    _build_chez,
    _run_chez,
    groups=("programs", "weak", "lambda"),
)

# --- Other Schemes

_GUILE = Toolchain(
    "guile",
    ("guile",),
    lambda chosen: [
        ["guile", "--no-auto-compile", "--r7rs"]
        + [f"{PROGRAMS}/guile/compile.scm"]
        + [workload.source, f"{BUILD}/guile/{workload.stem}.go"]
        for workload in chosen
    ],
    lambda workload, flags: [
        "guile", "--no-auto-compile", "--r7rs", f"{PROGRAMS}/guile/run.scm",
        f"{BUILD}/guile/{workload.stem}.go",
    ],
    groups=("lambda",),
)

_SCHEME48_IMAGE = f"{BUILD}/scheme48/run.image"
_SCHEME48_COMMANDS = f"{PROGRAMS}/scheme48/build.commands"

_SCHEME48 = Toolchain(
    "scheme48",
    ("scheme48",),
    # An image that runs a program; it reads its commands from where one types.
    lambda chosen: [
        ["sh", "-c", f"scheme48 -a batch < {_SCHEME48_COMMANDS}"],
        ["test", "-e", _SCHEME48_IMAGE],
    ],
    # A heap that may grow as the others' do.
    lambda workload, flags: [
        "scheme48", "-i", _SCHEME48_IMAGE, "-h", "0", "-a", workload.source
    ],
    groups=("lambda",),
)

_GAMBIT = Toolchain(
    "gambit",
    ("gsi",),
    lambda chosen: [],
    # Errors end it, and files and output are in UTF-8.
    lambda workload, flags: [
        "gsi", "-:dq-,f8,-8", f"{PROGRAMS}/gambit/run.scm", workload.source
    ],
    groups=("lambda",),
)

# --- Go

_GO = Toolchain(
    "go",
    ("go",),
    lambda chosen: [
        ["go", "build", "-o", f"{BUILD}/go/{workload.stem}"]
        + [f"{PROGRAMS}/go/{workload.stem}.go"]
        for workload in chosen
    ],
    lambda workload, flags: [f"{BUILD}/go/{workload.stem}"],
    lacks={"ephemeron-chain": "Go has no ephemerons"},
    differs={
        "finalizers": Difference(
            "runtime.SetFinalizer leaves out the objects in cycles, which are "
            "not freed either",
            workloads.finalized_without_cycles,
        )
    },
)

# --- All


def _mebibytes(live_bytes, times):
    """A limit of so many times what is alive, or the least that makes sense."""
    return max(16, round(live_bytes * times / 2**20))


def _limit_fledge(times, more=""):
    return lambda live_bytes: (
        f"max-heap={_mebibytes(live_bytes, times)}M{more}",
    )


def _limit_java(times):
    return lambda live_bytes: (f"-Xmx{_mebibytes(live_bytes, times)}m",)


# Every round runs them in this order.
ALL = (
    Peer("fledge", "Fledge with its defaults", _FLEDGE),
    Peer(
        "fledge-100ms",
        "Fledge, minor pauses of up to 100 ms",
        _FLEDGE,
        flags=("pause-target=100ms",),
    ),
    Peer(
        "fledge-24m",
        "Fledge, nursery of 24 MiB, old space growing by 70%",
        _FLEDGE,
        flags=("nursery=24M,growth=70",),
    ),
    Peer(
        "fledge-1.3x",
        "Fledge, heap limited to 1.3 times what is alive, nursery of 6 MiB",
        _FLEDGE,
        flags_for=_limit_fledge(1.3, ",nursery=6M"),
    ),
    Peer(
        "fledge-2.5x",
        "Fledge, heap limited to 2.5 times what is alive, nursery of 64 MiB",
        _FLEDGE,
        flags_for=_limit_fledge(2.5, ",nursery=64M"),
    ),
    Peer("glibc", "C++, malloc of glibc", _MALLOC),
    Peer(
        "jemalloc",
        "C++, malloc of jemalloc",
        _MALLOC,
        environment=_preload("libjemalloc.so.2"),
        needs=(f"{_LIBRARIES}/libjemalloc.so.2",),
    ),
    Peer(
        "mimalloc",
        "C++, malloc of mimalloc",
        _MALLOC,
        environment=_preload("libmimalloc.so.2"),
        needs=(f"{_LIBRARIES}/libmimalloc.so.2",),
    ),
    Peer("bdwgc", "C++, Boehm-Demers-Weiser collector", _BDWGC),
    Peer("cppgc", "C++, cppgc of the V8 in Node", _CPPGC),
    Peer("node", "JavaScript in Node", _NODE),
    Peer(
        "node-64m",
        "JavaScript in Node, semispace of 64 MiB",
        _NODE,
        flags=("--max-semi-space-size=64",),
    ),
    Peer(
        "java-serial",
        "Java, Serial collector",
        _JAVA,
        flags=("-XX:+UseSerialGC",),
    ),
    Peer(
        "java-serial-2x",
        "Java, Serial, heap limited to 2 times what is alive",
        _JAVA,
        flags=("-XX:+UseSerialGC",),
        flags_for=_limit_java(2),
    ),
    Peer(
        "java-parallel",
        "Java, Parallel collector",
        _JAVA,
        flags=("-XX:+UseParallelGC",),
    ),
    Peer("java-g1", "Java, G1", _JAVA, flags=("-XX:+UseG1GC",)),
    Peer(
        "java-g1-2x",
        "Java, G1, heap limited to 2 times what is alive",
        _JAVA,
        flags=("-XX:+UseG1GC",),
        flags_for=_limit_java(2),
    ),
    Peer("java-zgc", "Java, ZGC", _JAVA, flags=("-XX:+UseZGC",)),
    Peer("ocaml", "OCaml with its defaults", _OCAML),
    Peer(
        "ocaml-32m",
        "OCaml, nursery of 32 MiB",
        _OCAML,
        environment={"OCAMLRUNPARAM": "s=4M"},  # In words.
    ),
    Peer("chez", "Chez Scheme, compiled to native code", _CHEZ),
    Peer("go", "Go", _GO),
    Peer(
        "guile",
        "Guile, compiled to native code",
        _GUILE,
        environment={"LC_ALL": "C.UTF-8"},  # Of its files.
    ),
    Peer("scheme48", "Scheme 48, compiled to byte code", _SCHEME48),
    Peer("gambit", "Gambit's interpreter", _GAMBIT),
)


def for_workloads(chosen):
    """The peers that are there for one of the workloads' groups."""
    groups = {workload.group for workload in chosen}
    return [
        peer for peer in ALL if not groups.isdisjoint(peer.toolchain.groups)
    ]


def environment_of(peer):
    """The variables that a peer runs with.

    Nothing else of the caller's is passed on: many runtimes, ours too, take
    settings from variables.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in ("PATH", "HOME")
    }
    return {**kept, "LC_ALL": "C", **peer.environment}
