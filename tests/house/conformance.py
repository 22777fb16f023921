#!/usr/bin/env python3
"""docs/lambda_conformance.md says what the examples of the report say.

The page is made of the files in tests/runtime/lambda/report, whose format
tests/runtime/lambda/report_file.h shows. The check is that it is what
`tests/house/conformance.py --write` makes of them, and that each name has an
example that uses it.
"""

import dataclasses
import pathlib
import re
import sys

sys.dont_write_bytecode = True
import house  # noqa: E402

FOLDER = "tests/runtime/lambda/report"
PAGE = "docs/lambda_conformance.md"

_KINDS = ("procedure", "syntax", "auxiliary", "topic")
_ARROW = " ==> "
_DELIMITERS = re.compile(r"""[\s()'`,@"#;]+""")

_INTRODUCTION = """\
# Lambda and R7RS small

Made by `tests/house/conformance.py --write` from `tests/runtime/lambda/report/`, whose
examples `tests/runtime/lambda/report_test.cc` runs under every policy, and as objects move
all the time. Each is a program with the libraries of R7RS and nothing else. The same test
compares the names with appendix A of the report.

{names} names have {examples} examples in all; an example of several names counts for each in
the tables, and {topic_examples} more are about [what is not one name's](#corner-cases).

Lambda has all libraries of the report, and beside appendix A `(scheme r5rs)` has
`syntax-rules` and the auxiliary syntax `_`, `...`, `=>`, `else`, `unquote` and
`unquote-splicing`, without which a program that imports nothing else could not use its macros.
"""


@dataclasses.dataclass
class Entry:
    line: int
    section: str
    library: str
    kind: str
    names: list  # Of a topic, what it is about.
    examples: list = dataclasses.field(default_factory=list)
    remark: str = ""


def _read(root, path, problems):
    """The entries of a file."""
    section = library = ""
    entries = []
    example = ""
    for number, line in house.read_lines(root, path):
        if not line or line.startswith(";"):
            continue
        word, _, rest = line.strip().partition(" ")
        if line.startswith(" "):
            if not entries:
                problems.append(
                    house.Problem(path, number, "an example of no entry")
                )
            elif word == "remark" and not example:
                entries[-1].remark = rest
            else:
                example += line + "\n"
                if _ARROW in line:
                    entries[-1].examples.append(example)
                    example = ""
        elif word == "section":
            section = rest
        elif word == "library":
            library = rest
        elif word in _KINDS:
            names = [rest] if word == "topic" else rest.split()
            entries.append(Entry(number, section, library, word, names))
        else:
            problems.append(
                house.Problem(
                    path, number, f"{word} is none of {', '.join(_KINDS)}"
                )
            )
    return entries


def _count(entry, name):
    """How many of an entry's examples use the name."""
    if entry.kind == "topic":
        return len(entry.examples)
    short = {
        "quote": "'",
        "quasiquote": "`",
        "unquote": ",",
        "unquote-splicing": ",@",
    }.get(name)
    return sum(
        name in _DELIMITERS.split(example)
        or bool(short and short in example)
        for example in entry.examples
    )


def _row(*cells):
    return "| " + " | ".join(cells) + " |\n"


def _table(entries, with_names):
    """The table of names, or that of topics."""
    if with_names:
        text = _row("name", "library", "kind", "examples", "remark")
        text += _row(*["---"] * 5)
    else:
        text = _row("topic", "examples", "remark")
        text += _row(*["---"] * 3)
    for entry in entries:
        for name in entry.names:
            count = str(_count(entry, name))
            text += (
                _row(
                    f"`{name}`",
                    f"`{entry.library}`",
                    entry.kind,
                    count,
                    entry.remark,
                )
                if with_names
                else _row(name, count, entry.remark)
            ).replace("|  |", "| |")
    return text


def _section_key(section):
    return [int(part) for part in section.split()[0].split(".")]


def make_page(root, problems):
    """The page that the files say."""
    entries = []
    for path in house.find_files(root, (".txt",), (FOLDER,)):
        for entry in _read(root, path, problems):
            entries.append(entry)
            for name in entry.names:
                if _count(entry, name) == 0:
                    problems.append(
                        house.Problem(
                            path, entry.line, f"{name} has no example"
                        )
                    )
    named = [entry for entry in entries if entry.kind != "topic"]
    topics = [entry for entry in entries if entry.kind == "topic"]
    text = _INTRODUCTION.format(
        names=sum(len(entry.names) for entry in named),
        examples=sum(len(entry.examples) for entry in named),
        topic_examples=sum(len(entry.examples) for entry in topics),
    )
    sections = sorted({entry.section for entry in entries}, key=_section_key)
    for section in sections:
        of_section = [entry for entry in named if entry.section == section]
        text += f"\n## {section}\n\n" + _table(of_section, True)
    text += "\n## Corner cases\n\n"
    topics.sort(key=lambda entry: _section_key(entry.section))
    return text + _table(topics, False)


def check(root):
    root = pathlib.Path(root)
    problems = []
    made = make_page(root, problems).splitlines()
    page = root / PAGE
    found = []
    if page.exists():
        found = page.read_text(encoding="utf-8").splitlines()
    for number in range(1, max(len(made), len(found)) + 1):
        if made[number - 1 : number] != found[number - 1 : number]:
            problems.append(
                house.Problem(
                    PAGE,
                    number,
                    "is not what the examples say: run "
                    "tests/house/conformance.py --write",
                )
            )
            break
    return problems


def _write():
    root = pathlib.Path(__file__).resolve().parent.parent.parent
    problems = []
    (root / PAGE).write_text(make_page(root, problems), encoding="utf-8")
    for problem in problems:
        print(problem)
    if problems:
        sys.exit(1)


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        _write()
    else:
        house.main(check)
