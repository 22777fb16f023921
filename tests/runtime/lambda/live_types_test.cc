#include "runtime/lambda/live_types.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>

#include "runtime/lambda/session.h"
#include "tests/runtime/lambda/machine.h"

namespace fledge::lambda {
namespace {

std::map<std::string, LiveType> TypesAfter(const gc::HeapOptions& options,
                                           std::string_view text) {
  runtime::Heap heap(options);
  runtime::Mutator mutator(heap);
  Vm vm(heap, mutator);
  Session session(vm);
  EXPECT_FALSE(session.Run(text, "test").IsEmpty());
  std::map<std::string, LiveType> types;
  std::uint64_t bytes = 0;
  for (LiveType& type : LiveTypes(heap, mutator)) {
    bytes += type.bytes;
    types[type.name] = std::move(type);
  }
  const gc::LiveSummary all = heap.Summarize(mutator);
  EXPECT_EQ(bytes, all.bytes);
  return types;
}

TEST(LiveTypesTest, WhatIsKeptIsCountedExactlyUnderEveryPolicy) {
  Machine::UnderEveryPolicy([](gc::HeapOptions options) {
    if (options.policy == gc::Policy::kNoGc) return;
    // A session makes thousands of objects before it begins.
    if (options.stress.enabled()) options.stress.every = 53;
    auto none = TypesAfter(options, "(define kept #f)");
    auto some = TypesAfter(
        options,
        "(define kept #f) (define-record-type point (make-point x y) point?"
        " (x point-x) (y point-y))"
        "(define kept (list (make-point 1 2) (make-point 3 4)"
        " (make-vector 100 1.5) 2.5 (make-bytevector 8 0)))");
    EXPECT_EQ(some["record point"].objects, 2u);
    EXPECT_EQ(some["record point"].bytes, 2 * 32u);
    EXPECT_EQ(some["pair"].objects - none["pair"].objects, 5u);
    EXPECT_EQ(some["flonum"].objects - none["flonum"].objects, 2u);
  });
}

TEST(LiveTypesTest, PartsCountWithTheirOwner) {
  const gc::HeapOptions options = Machine::Quiet();
  auto none = TypesAfter(options, "(define kept #f)");
  auto some = TypesAfter(options,
                         "(define kept (make-equal-hash-table))"
                         "(let loop ((i 0)) (if (< i 500) (begin"
                         " (hash-table-set! kept i i) (loop (+ i 1)))))");
  EXPECT_EQ(some["hash table"].objects - none["hash table"].objects, 1u);
  EXPECT_GT(some["hash table"].bytes, none["hash table"].bytes + 500 * 16);
  EXPECT_LT(some["vector"].bytes, none["vector"].bytes + 500 * 16);
}

TEST(LiveTypesTest, NothingIsLiveWhereNothingCollects) {
  EXPECT_TRUE(
      TypesAfter(Machine::Quiet(gc::Policy::kNoGc), "(list 1 2)").empty());
}

}  // namespace
}  // namespace fledge::lambda
