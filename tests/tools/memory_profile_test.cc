#include "tools/fledge/memory_profile.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "runtime/heap.h"
#include "runtime/lambda/session.h"
#include "runtime/lambda/vm.h"

namespace fledge::tools {
namespace {

// With an interval of a byte: each object is a sample.
MemoryProfile ProfileOf(std::string_view text, gc::Policy policy) {
  gc::HeapOptions options;
  options.policy = policy;
  options.max_heap_bytes = 64 * kMiB;
  runtime::Heap heap(options);
  runtime::Mutator mutator(heap);
  lambda::Vm vm(heap, mutator);
  lambda::AllocationProfile samples(vm, {.interval_bytes = 1});
  lambda::Session session(vm);
  samples.SetSources(session.sources());
  EXPECT_FALSE(session.Run(text, "lists.scm").IsEmpty());
  samples.End();
  return MakeMemoryProfile(samples, session.sources(),
                           lambda::LiveTypes(heap, mutator));
}

constexpr std::string_view kProgram =
    "(define (numbers n)\n"
    "  (if (= n 0) '() (cons n (numbers (- n 1)))))\n"
    "(define (texts n)\n"
    "  (if (= n 0) '() (cons (number->string n) (texts (- n 1)))))\n"
    "(define kept (numbers 3000))\n"
    "(texts 1000)\n";

template <typename Items>
auto Named(const Items& items, std::string_view name) {
  const auto found =
      std::find_if(items.begin(), items.end(),
                   [&](const auto& item) { return item.name == name; });
  EXPECT_NE(found, items.end()) << name;
  return found == items.end() ? typename Items::value_type() : *found;
}

TEST(MemoryProfileTest, FunctionsHaveWhatTheyAllocatedAndKeep) {
  for (const gc::Policy policy :
       {gc::Policy::kSemispace, gc::Policy::kGenCopy, gc::Policy::kGenImmix}) {
    SCOPED_TRACE(std::string(NameOf(policy)));
    const MemoryProfile profile = ProfileOf(kProgram, policy);
    const auto numbers = Named(profile.functions, "numbers");
    EXPECT_EQ(numbers.place, "lists.scm:1");
    EXPECT_EQ(numbers.sampled.allocated.bytes, 72'000u);
    EXPECT_EQ(numbers.sampled.live.bytes, 72'000u);
    EXPECT_GE(numbers.sampled.peak.bytes, 71'000u);
    ASSERT_EQ(numbers.places.size(), 1u);
    EXPECT_EQ(numbers.places[0].type, "pair");
    EXPECT_TRUE(numbers.places[0].at.starts_with("lists.scm:2:"));
    const auto texts = Named(profile.functions, "texts");
    EXPECT_EQ(texts.place, "lists.scm:3");
    EXPECT_EQ(texts.sampled.live.bytes, 0u);
    ASSERT_EQ(texts.places.size(), 2u);
    EXPECT_EQ(texts.places[0].type, "pair");
    EXPECT_EQ(texts.places[1].type, "string");
    EXPECT_EQ(texts.places[1].through, "number->string");
  }
}

TEST(MemoryProfileTest, SumsAreOfAllRows) {
  const MemoryProfile profile = ProfileOf(kProgram, gc::Policy::kGenImmix);
  std::uint64_t by_type = 0, by_function = 0, by_place = 0, live = 0;
  for (const auto& type : profile.types) {
    by_type += type.sampled.allocated.samples;
    live += type.live_bytes;
  }
  for (const auto& function : profile.functions) {
    by_function += function.sampled.allocated.samples;
    for (const auto& place : function.places) {
      by_place += place.sampled.allocated.samples;
    }
  }
  EXPECT_EQ(by_type, profile.sampled.allocated.samples);
  EXPECT_EQ(by_function, profile.sampled.allocated.samples);
  EXPECT_EQ(by_place, profile.sampled.allocated.samples);
  EXPECT_EQ(live, profile.live_bytes);
  EXPECT_TRUE(profile.has_heap);
  // Each is sampled, so what is estimated is what is there.
  EXPECT_NEAR(static_cast<double>(profile.sampled.live.bytes),
              static_cast<double>(live), 0.01 * static_cast<double>(live));
}

TEST(MemoryProfileTest, WhatAllocatedMostComesFirst) {
  const MemoryProfile profile = ProfileOf(kProgram, gc::Policy::kGenImmix);
  const auto is_sorted = [](const auto& items) {
    return std::is_sorted(
        items.begin(), items.end(), [](const auto& a, const auto& b) {
          return a.sampled.allocated.bytes > b.sampled.allocated.bytes;
        });
  };
  EXPECT_TRUE(is_sorted(profile.types));
  EXPECT_TRUE(is_sorted(profile.functions));
  EXPECT_EQ(profile.types.front().name, "pair");
}

TEST(MemoryProfileTest, WithoutACollectorThereIsNoHeapOfTheLiving) {
  const MemoryProfile profile = ProfileOf(kProgram, gc::Policy::kNoGc);
  EXPECT_FALSE(profile.has_heap);
  EXPECT_EQ(Named(profile.functions, "numbers").sampled.allocated.bytes,
            72'000u);
}

TEST(MemoryProfileTest, WhatHasNoNameIsCalledAFormOrAProcedure) {
  const MemoryProfile profile = ProfileOf(
      "(define list-of (cons 1 2))\n((lambda () (cons 3 4)))\n"
      "(for-each (lambda (x) (vector x)) '(1))",
      gc::Policy::kGenImmix);
  EXPECT_EQ(Named(profile.functions, "a form").place, "lists.scm:1");
  EXPECT_EQ(Named(profile.functions, "a procedure").place, "lists.scm:3");
  EXPECT_EQ(Named(profile.functions, "(Lambda itself)").place, "");
}

}  // namespace
}  // namespace fledge::tools
