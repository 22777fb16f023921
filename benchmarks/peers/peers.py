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
    # Why it has no program for a workload, by the workload's name.
    lacks: dict = dataclasses.field(default_factory=dict)
    # A Difference, by the workload's name.
    differs: dict = dataclasses.field(default_factory=dict)

    @property
    def folder(self):
        return f"{BUILD}/{self.name}"

    def lack(self, workload):
        """Why it has no program for the workload, or None."""
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
    # From a Size to further flags, for limits that follow what is alive.
    flags_for: typing.Callable = lambda size: ()
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

    def command(self, workload, size):
        """The words of the command that runs the workload."""
        flags = self.flags + tuple(self.flags_for(size))
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
    if not workload.is_profiled:
        return [f"{FLEDGE_PROGRAMS}/{workload.stem}", ",".join(flags)]
    gc = ["--gc", ",".join(flags)] if flags else []
    return [FLEDGE, "profile", workload.name, "--out", _FLEDGE_OUT, *gc]


def _build_fledge(chosen):
    targets = [
        "fledge" if workload.is_profiled else f"fledge_peers_{workload.stem}"
        for workload in chosen
    ]
    return [["tools/build", "release", *dict.fromkeys(targets)]]


SUMMARY = f"{_FLEDGE_OUT}/summary.json"

_FLEDGE = Toolchain(
    "fledge",
    ("cmake", "g++"),
    _build_fledge,
    _run_fledge,
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
        lacks,
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
    _no_weak_things("not written"),
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

_COMPILE_CHEZ = f"{PROGRAMS}/chez/compile.ss"

_CHEZ = Toolchain(
    "chez",
    ("scheme",),
    lambda chosen: [
        ["scheme", "--script", _COMPILE_CHEZ]
        + [f"{PROGRAMS}/chez/{workload.stem}.ss"]
        + [f"{BUILD}/chez/{workload.stem}.so"]
        for workload in chosen
    ],
    lambda workload, flags: [
        "scheme", "--program", f"{BUILD}/chez/{workload.stem}.so"
    ],
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


def _limit_fledge(times):
    return lambda size: (f"max-heap={_mebibytes(size.live_bytes, times)}M",)


def _limit_java(times):
    return lambda size: (f"-Xmx{_mebibytes(size.live_bytes, times)}m",)


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
        "fledge-1.5x",
        "Fledge, heap limited to 1.5 times what is alive",
        _FLEDGE,
        flags_for=_limit_fledge(1.5),
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
    Peer("chez", "Chez Scheme", _CHEZ),
    Peer("go", "Go", _GO),
)


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
