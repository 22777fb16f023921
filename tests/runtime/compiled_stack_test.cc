#include "runtime/compiled_stack.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <functional>

#include "gc/heap.h"
#include "tests/runtime/compiled_code.h"
#include "tests/runtime/compiled_machine.h"
#include "tests/support/collection_test.h"
#include "tests/support/fake_models.h"
#include "tests/support/test_heap.h"

namespace fledge::runtime {
namespace {

template <typename M>
class CompiledStackTest : public CollectionTest<M> {};

TYPED_TEST_SUITE(CompiledStackTest, FakeModels, ModelNames);

TYPED_TEST(CompiledStackTest, PolledFramesRest) {
  this->Quietly([](auto& heap) {
    constexpr std::size_t kDeep = 100;
    PolledMachine machine(heap.heap());
    const auto calls = machine.Run(NewObjects(heap, 0, kDeep), [&] {
      EXPECT_EQ(heap.Minor().root_slots, 2 * kDeep);  // All ran.
      EXPECT_EQ(heap.Minor().root_slots, 2 * kDeep);  // All are noted.
      EXPECT_EQ(heap.Minor().root_slots, 2u);         // The newest runs.
      const auto inner = machine.Run(NewObjects(heap, 1000, kDeep), [&] {
        // Those that are new, and the one that called what called them.
        EXPECT_EQ(heap.Minor().root_slots, 2 * kDeep + 2);
        heap.Minor();
        EXPECT_EQ(heap.Minor().root_slots, 2u);
        EXPECT_EQ(heap.Major().root_slots, 4 * kDeep);
        EXPECT_EQ(heap.Minor().root_slots, 2u);
      });
      EXPECT_EQ(heap.Minor().root_slots, 0u);  // It has not run since.
      EXPECT_EQ(heap.Minor().root_slots, 2u);
      ExpectObjects(heap, inner, 1000);
    });
    ExpectObjects(heap, calls, 0);
    EXPECT_EQ(heap.Minor().root_slots, 0u);
  });
}

TYPED_TEST(CompiledStackTest, RandomPolledCallsLoseNothing) {
  this->Everywhere([](auto& heap) {
    PolledMachine machine(heap.heap());
    std::uint32_t random = 12345;
    const auto next = [&](std::uint32_t below) {
      random = random * 1664525 + 1013904223;
      return (random >> 8) % below;
    };
    int number = 0;
    int left = 300;
    std::function<void(int)> descend = [&](int depth) {
      while (left-- > 0) {
        const std::uint32_t choice = next(10);
        if (choice < 4 && depth < 12) {
          const int first = number;
          const std::size_t count = 1 + next(4);
          number += static_cast<int>(count);
          const auto calls = machine.Run(NewObjects(heap, first, count),
                                         [&] { descend(depth + 1); });
          ExpectObjects(heap, calls, first);
        } else if (choice < 6 && depth > 0) {
          return;
        } else {
          choice == 9 ? heap.Major() : heap.Minor();
        }
      }
    };
    descend(0);
  });
}

void ReturnWithoutPoll() {
  TestHeap<PlainModel> heap;
  CodeRegistry registry(heap.heap());
  CodeRegistry::Registration registrations[2];
  EXPECT_FALSE(registry.RegisterCode(kWithBoth.Describe(FrameWalk::kBoth),
                                     registrations[0]));
  EXPECT_FALSE(registry.RegisterCode(
      kWithTable.Describe(FrameWalk::kUnwindTable), registrations[1]));
  CompiledFrames frames(registry, Returns::kPolled);
  NativeCall collect{frames, [&] { heap.Minor(); }};
  CompiledCall inner{{}, &Native, &collect, nullptr};
  for (const CompiledFunction* function : {&kWithBoth, &kWithTable}) {
    CompiledCall outer{{}, function->function, &inner, nullptr};
    function->function(&outer);
  }
}

TEST(CompiledStackDeathTest, AReturnThatIsNotPolledIsNamed) {
  EXPECT_DEATH(ReturnWithoutPoll(),
               "stack walk: table\\+0x[0-9a-f]+: it counts as resting, but was "
               "not there when it came to rest");
}

}  // namespace
}  // namespace fledge::runtime
