#!/usr/bin/env python3
"""Proves that docs.py fails where it should, and only there."""

import sys
import unittest

sys.dont_write_bytecode = True
import docs  # noqa: E402
import tree_case  # noqa: E402

PAGE = "docs/design/cards.md"


class DocsTest(tree_case.TreeCase):
    def setUp(self):
        super().setUp()
        self.write("gc/card_table.h", "// [rs.cover], docs/design/cards.md.\n")
        self.write("tests/gc/card_table_test.cc", "TEST_F(Cards,\n  Cover) {}")
        self.page = (
            "# Cards\n"
            "\n"
            "| tag | statement | test |\n"
            "| --- | --- | --- |\n"
            "| [rs.cover] | Slots are on cards. | `Cover` |\n"
            "\n"
            "## In one paragraph\n"
        )
        self.write(PAGE, self.page)

    def add(self, text):
        """Adds a line, line 8, to the page."""
        self.write(PAGE, self.page + text + "\n")

    def expect_at_8(self, text, what):
        self.add(text)
        self.expect_problem(docs.check, f"{PAGE}:8", what)

    def test_what_agrees_is_clean(self):
        self.write("README.md", "See [cards](docs/design/cards.md#cards).\n")
        for line in (
            "- [rs.fast] Defined in a list; [rs.cover] is cited.",
            "[up](../../README.md), [here](#in-one-paragraph)",
            "[web](https://example.org/x.md) <mailto:a@example.org>",
            "`gc/card_table.h:12`, `gc/*.h`, `gc/card_table.{h,h}`, `gc/`",
            "`card_table.h --flag`, `and/or`, `/proc/self/maps`, `KEY=a/b`",
            "`build/release/fledge`, `<fledge/gc/heap.h>`, `gc/<name>.h`",
            "```\n[no](link.md) `gc/none.h` [rs.none]\n```",
            "| name | test |\n| --- | --- |\n| x | `Cards.Cover`, as a word |",
        ):
            with self.subTest(line):
                self.add(line)
                self.expect_clean(docs.check)

    def test_code_may_index(self):
        self.write(
            "gc/a.cc",
            'int i = a[rs.none];  // b[rs.none]\nauto s = "// [rs.none]";\n',
        )
        self.expect_clean(docs.check)

    def test_a_tag_in_a_comment_has_to_be_defined(self):
        for text in ("int a;  // See [rs.none].", "/* a\n [rs.none] */ int a;"):
            with self.subTest(text):
                self.write("gc/a.h", text)
                line = text.count("\n") + 1
                self.expect_problem(docs.check, f"gc/a.h:{line}", "[rs.none]")

    def test_a_definition_counts_only_in_design_pages(self):
        self.write("docs/manual.md", "- [rs.none] Not here.\n")
        self.expect_problem(docs.check, "docs/manual.md:1", "[rs.none]")

    def test_a_mention_in_a_sentence_is_no_definition(self):
        self.expect_at_8("As [rs.none] says.", "[rs.none] is not defined")

    def test_a_line_that_begins_with_a_tag_is_no_definition(self):
        self.add("As is said in\n[rs.none].")
        self.expect_problem(docs.check, f"{PAGE}:9", "[rs.none]")

    def test_a_tag_is_defined_once(self):
        self.expect_at_8("- [rs.cover] Again.", f"already, at {PAGE}:5")

    def test_a_link_has_to_resolve(self):
        self.expect_at_8("[a](none.md)", "link to none.md")

    def test_a_link_definition_has_to_resolve(self):
        self.expect_at_8("[a]: none.md", "link to none.md")

    def test_an_image_has_to_resolve(self):
        self.expect_at_8('<img src="none.svg">', "link to none.svg")

    def test_a_fragment_has_to_resolve(self):
        self.expect_at_8("[a](cards.md#none)", "no such heading")

    def test_a_link_stays_in_the_checkout(self):
        self.expect_at_8("[a](../../..)", "outside")

    def test_a_path_in_backticks_has_to_resolve(self):
        for path in ("gc/none.h", "gc/none/", "gc/*.cc", "none/a.cc"):
            with self.subTest(path):
                self.expect_at_8(f"In `{path}`.", f"`{path}` does not exist")

    def test_every_alternative_of_a_path_has_to_resolve(self):
        self.expect_at_8("`gc/card_table.{h,cc}`", "gc/card_table.cc")

    def test_a_path_in_a_comment_has_to_resolve(self):
        self.write("gc/a.h", "// Design: docs/design/none.md.\n")
        self.expect_problem(docs.check, "gc/a.h:1", "docs/design/none.md")

    def test_a_test_in_a_table_has_to_exist(self):
        self.page = self.page.replace("`Cover`", "`Covers`")
        self.add("")
        self.expect_problem(docs.check, f"{PAGE}:5", "no test Covers")


if __name__ == "__main__":
    unittest.main()
