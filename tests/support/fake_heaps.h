// FakeHeaps: heaps of the fake object models, compiled once for all tests.
//
// Most of what a test of the collector takes to compile are the collections
// of its heaps. Their code is in fake_heaps.cc.
#pragma once

#include "gc/heap.h"
#include "tests/support/compressed_model.h"
#include "tests/support/ocaml_like_model.h"
#include "tests/support/plain_model.h"

namespace fledge::gc {

extern template class Heap<PlainModel>;
extern template class Heap<OcamlLikeModel>;
extern template class Heap<CompressedModel>;

}  // namespace fledge::gc
