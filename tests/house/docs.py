#!/usr/bin/env python3
"""Documents and code agree: every tag, link, path and test named exists.

- A tag, as in [rs.cover], that a comment or a page cites is defined once, in
  a page of docs/design/: at the start of a table row, list item, heading or
  paragraph.
- A relative link leads to a file, and its #fragment to a heading there.
- A path in backticks, or in a comment, leads to a file or folder. Patterns
  (gc/*_linux.cc, gc/heap.{h,cc}) lead to at least one each.
- A name in the column "test" of a table is a test's.
"""

import re
import sys

sys.dont_write_bytecode = True
import house  # noqa: E402

_TAG = r"\[([a-z][a-z0-9]{1,9}(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)+)\]"
# Not an index into something, and not the text of a link.
_CITATION = re.compile(r"(?<![\w\])])" + _TAG + r"(?!\()")
_DEFINITION = re.compile(
    r"^\s*([-*+]\s+|\d+\.\s+|\|\s*|#+\s+|)(?:\*\*|`)?" + _TAG + r"(?![(:])"
)

_LINK = re.compile(r"\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)")
_LINK_REFERENCE = re.compile(r"^\s*\[[^\]]+\]:\s*<?(\S+?)>?(?:\s|$)")
_HTML_LINK = re.compile(r"""<(?:a|img)\s[^>]*?(?:href|src)=["']([^"']+)""")
_HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$")
_FENCE = re.compile(r"^\s*(```|~~~)")
_CODE_SPAN = re.compile(r"(`+)(.+?)\1")

_PATH = re.compile(r"^[\w.*{},+-]+(?:/[\w.*{},+-]+)+/?$")
_LINE_SUFFIX = re.compile(r":\d+(?:-\d+)?$")
# Paths in comments have to name a file by its suffix: prose has slashes too.
_PATH_IN_COMMENT = re.compile(
    r"(?<![\w/.<-])((?:"
    + "|".join(house.CODE_FOLDERS + ("docs", "cmake", "third_party"))
    + r")/[\w./+-]*\.(?:h|cc|md|py|cmake|lisp|scm|html|css|js))\b"
)
_FILE_SUFFIXES = tuple(
    ".h .cc .md .py .cmake .lisp .scm .html .js .css".split()
)
# What a build, a run or an installation makes, and what is not a path of ours.
_ELSEWHERE = {"build", "fledge-out", "include", "lib", "bin", "usr", "share"}

_TEST = re.compile(
    r"^\s*(?:TYPED_)?TEST(?:_F|_P)?\(\s*\w+\s*,\s*(\w+)\s*\)", re.MULTILINE
)


class Page:
    """A markdown page: its lines, and what of them is not a code block."""

    def __init__(self, root, path):
        self.path = path
        self.lines = []  # Of (number, line), without code blocks.
        self.anchors = set()
        fence = None
        seen = {}
        for number, line in house.read_lines(root, path):
            mark = _FENCE.match(line)
            if mark and fence in (None, mark[1]):
                fence = None if fence else mark[1]
                continue
            if fence:
                continue
            self.lines.append((number, line))
            heading = _HEADING.match(line)
            if heading:
                anchor = _anchor_of(heading[1])
                count = seen.get(anchor, 0)
                seen[anchor] = count + 1
                self.anchors.add(f"{anchor}-{count}" if count else anchor)


def _anchor_of(heading):
    """The fragment that GitHub gives a heading."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
    text = re.sub(r"[^\w\- ]", "", text.lower())
    return text.strip().replace(" ", "-")


def _comments(root, path):
    """Yields (number, text) of a source file's comments, line by line."""
    in_block = False
    for number, line in house.read_lines(root, path):
        text = ""
        rest = line
        while rest:
            if in_block:
                body, end, rest = rest.partition("*/")
                text += body
                in_block = not end
                continue
            # A string or character constant is passed over whole, so that
            # what looks like a comment in it is not taken for one.
            token = re.search(
                r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|//|/\*', rest
            )
            if token is None:
                break
            if token[0] == "//":
                text += rest[token.end() :]
                break
            rest = rest[token.end() :]
            in_block = token[0] == "/*"
        if text:
            yield number, text


def _expand_braces(path):
    brace = re.search(r"\{([^{}]*)\}", path)
    if brace is None:
        return [path]
    return [
        result
        for choice in brace[1].split(",")
        for result in _expand_braces(
            path[: brace.start()] + choice + path[brace.end() :]
        )
    ]


def _exists(root, path):
    if "*" in path:
        return any(root.glob(path.rstrip("/")))
    target = root / path
    return target.is_dir() if path.endswith("/") else target.exists()


def _missing_paths(root, page, span):
    """Yields the paths named by a code span that lead nowhere."""
    words = span.split()
    word = _LINE_SUFFIX.sub("", words[0]) if words else ""
    if not _PATH.match(word):
        return
    first = word.split("/")[0]
    if first in _ELSEWHERE:
        return
    if not (root / first).exists() and not word.endswith(_FILE_SUFFIXES):
        return
    here = (root / page.path).parent
    for path in _expand_braces(word):
        if not _exists(root, path) and not _exists(here, path):
            yield path


def _bad_links(root, page, pages, text):
    """Yields what is wrong with the links in a line."""
    links = _LINK.findall(text) + _HTML_LINK.findall(text)
    reference = _LINK_REFERENCE.match(text)
    if reference:
        links.append(reference[1])
    for link in links:
        if re.match(r"[a-z][a-z0-9+.-]*:|//", link):
            continue
        path, _, fragment = link.partition("#")
        target = (root / page.path).parent / path if path else root / page.path
        target = target.resolve()
        if not target.exists():
            yield f"link to {link}: there is no {path}"
            continue
        try:
            name = target.relative_to(root.resolve()).as_posix()
        except ValueError:
            yield f"link to {link}: outside of the checkout"
            continue
        if fragment and name in pages:
            if fragment not in pages[name].anchors:
                yield f"link to {link}: no such heading in {name}"


def _test_column(cells):
    names = [cell.strip().lower() for cell in cells]
    return names.index("test") if "test" in names else None


def _unknown_tests(page, tests):
    """Yields (number, name) of tests that tables name and no file defines."""
    column = None
    in_table = False
    for number, line in page.lines:
        if not line.lstrip().startswith("|"):
            in_table = False
            continue
        cells = line.strip().strip("|").split("|")
        if not in_table:
            in_table = True
            column = _test_column(cells)
            continue
        if column is None or column >= len(cells):
            continue
        for name in re.findall(r"`(?:\w+\.)*([A-Z]\w+)`", cells[column]):
            if name not in tests:
                yield number, name


def _definitions(pages):
    """The pages' tags, with where, and problems with tags defined twice."""
    defined = {}
    problems = []
    for page in pages.values():
        if not page.path.startswith("docs/design/"):
            continue
        previous = ""
        for number, line in page.lines:
            match = _DEFINITION.match(line)
            starts_paragraph = not previous.strip()
            previous = line
            if not match or not (match[1] or starts_paragraph):
                continue
            tag = match[2]
            if tag in defined:
                problems.append(
                    house.Problem(
                        page.path,
                        number,
                        f"[{tag}] is defined already, at {defined[tag]}",
                    )
                )
            else:
                defined[tag] = f"{page.path}:{number}"
    return defined, problems


def _check_page(root, page, pages, defined, tests):
    for number, line in page.lines:
        for _, span in _CODE_SPAN.findall(line):
            for path in _missing_paths(root, page, span):
                yield number, f"`{path}` does not exist"
        text = _CODE_SPAN.sub("", line)
        for tag in _CITATION.findall(text):
            if tag not in defined:
                yield number, f"[{tag}] is not defined in docs/design/"
        for message in _bad_links(root, page, pages, text):
            yield number, message
    for number, name in _unknown_tests(page, tests):
        yield number, f"there is no test {name}"


def _check_source(root, path, defined):
    for number, text in _comments(root, path):
        for tag in _CITATION.findall(text):
            if tag not in defined:
                yield number, f"[{tag}] is not defined in docs/design/"
        for named in _PATH_IN_COMMENT.findall(text):
            if not _exists(root, named):
                yield number, f"{named} does not exist"


def check(root):
    pages = {
        path: Page(root, path) for path in house.find_files(root, (".md",))
    }
    tests = set()
    for path in house.find_files(root, (".cc", ".h"), ("tests",)):
        tests.update(_TEST.findall((root / path).read_text(encoding="utf-8")))

    defined, problems = _definitions(pages)
    yield from problems
    for page in pages.values():
        for number, message in _check_page(root, page, pages, defined, tests):
            yield house.Problem(page.path, number, message)
    for path in house.find_files(root, (".h", ".cc"), house.CODE_FOLDERS):
        for number, message in _check_source(root, path, defined):
            yield house.Problem(path, number, message)


if __name__ == "__main__":
    house.main(check)
