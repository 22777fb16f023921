#!/usr/bin/env python3
"""Proves that layers.py fails where it should, and only there."""

import sys
import unittest

sys.dont_write_bytecode = True
import layers  # noqa: E402
import tree_case  # noqa: E402


class LayersTest(tree_case.TreeCase):
    def setUp(self):
        super().setUp()
        for header in (
            "allocator/os.h",
            "gc/heap.h",
            "runtime/value.h",
            "tools/fledge/report.h",
            "tests/support/fake.h",
            "tests/runtime/machine.h",
        ):
            self.write(header)

    def expect(self, path, include, what):
        self.write(path, f"// A comment.\n#include {include}\n")
        self.expect_problem(layers.check, f"{path}:2", what)

    def test_arrows_downwards_are_clean(self):
        self.write("gc/heap.cc", '#include "allocator/os.h"\n#include <new>\n')
        self.write("runtime/value.cc", '#include "gc/heap.h"\n')
        self.write("tools/fledge/main.cc", '#include "runtime/value.h"\n')
        self.write("benchmarks/copy.cc", '#include "runtime/value.h"\n')
        self.write("tests/gc/heap_test.cc", '#include "tests/support/fake.h"\n')
        self.write("tests/stress/a_test.cc", '#include "runtime/value.h"\n')
        self.expect_clean(layers.check)

    def test_arrows_upwards_are_found(self):
        upwards = {
            "allocator/os.cc": "gc/heap.h",
            "gc/heap.cc": "runtime/value.h",
            "runtime/c/api.cc": "tools/fledge/report.h",
            "tests/allocator/os_test.cc": "gc/heap.h",
            "tests/gc/heap_test.cc": "runtime/value.h",
            "tests/support/fake.cc": "runtime/value.h",
            "benchmarks/copy.cc": "tests/support/fake.h",
        }
        for path, target in upwards.items():
            with self.subTest(path):
                self.expect(path, f'"{target}"', "may not include")
                (self.root / path).unlink()

    def test_tests_do_not_include_the_tests_of_a_higher_layer(self):
        self.expect(
            "tests/gc/a_test.cc", '"tests/runtime/machine.h"', "may not include"
        )

    def test_an_include_resolves_from_the_root(self):
        self.expect("gc/heap.cc", '"heap.h"', "seen from the root")

    def test_an_include_does_not_climb(self):
        self.expect("gc/heap.cc", '"gc/../gc/heap.h"', "seen from the root")

    def test_our_headers_are_quoted(self):
        self.expect("gc/heap.cc", "<allocator/os.h>", "write")

    def test_installed_names_are_for_embedders(self):
        self.expect("gc/heap.cc", "<fledge/allocator/os.h>", "embedders")

    def test_private_libraries_stay_out_of_installed_headers(self):
        self.write("gc/a.cc", "#include <absl/container/flat_hash_map.h>\n")
        self.expect("gc/a.h", "<absl/container/flat_hash_map.h>", "installed")

    def test_libraries_are_in_angle_brackets(self):
        self.expect("gc/a.cc", '"absl/container/flat_hash_map.h"', "library")


if __name__ == "__main__":
    unittest.main()
