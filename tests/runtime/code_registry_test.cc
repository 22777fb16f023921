#include "runtime/code_registry.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gc/heap.h"
#include "tests/support/compressed_model.h"
#include "tests/support/plain_model.h"
#include "tests/support/test_heap.h"

namespace fledge::runtime {
namespace {

constexpr Address kBegin = 0x400000;
constexpr std::size_t kBytes = 0x1000;

// Of a function at `begin` with calls that return at these offsets.
Code MakeCode(Address begin, std::vector<std::uint64_t> offsets,
              std::string name = "jit block 7") {
  Code code{
      {begin, kBytes}, StackMap(), FrameWalk::kFramePointer, std::move(name)};
  code.map.AddFunction(begin, 40, "fib");
  for (const std::uint64_t offset : offsets) {
    const std::vector<FrameSlot> slots = {
        {FrameRegister::kStackPointer, static_cast<std::int32_t>(8 * offset)}};
    EXPECT_FALSE(code.map.AddSite(begin + offset, slots, {}));
  }
  return code;
}

class CodeRegistryTest : public ::testing::Test {
 protected:
  std::string Problem(Code code) {
    CodeRegistry::Registration registration;
    const auto error = registry_.RegisterCode(std::move(code), registration);
    EXPECT_EQ(registration == nullptr, error.has_value());
    return error ? error->message : "";
  }
  CodeRegistry::Registration Register(Code code) {
    CodeRegistry::Registration registration;
    const auto error = registry_.RegisterCode(std::move(code), registration);
    EXPECT_FALSE(error) << error->message;
    return registration;
  }

  TestHeap<PlainModel> heap_;
  CodeRegistry registry_{heap_.heap()};
};

TEST_F(CodeRegistryTest, SitesAreFoundByTheirReturnAddress) {
  const auto a = Register(MakeCode(kBegin, {5, 9}));
  const auto b = Register(MakeCode(kBegin + kBytes, {5}));
  const auto found = registry_.Find(kBegin + 9);
  ASSERT_TRUE(found);
  EXPECT_EQ(found.code, a.get());
  EXPECT_EQ(found.site->return_address, kBegin + 9);
  EXPECT_EQ(found.code->map.SlotsOf(*found.site)[0].offset, 72);
  EXPECT_EQ(found.Place(), "fib+0x9");
  EXPECT_EQ(registry_.Find(kBegin + kBytes + 5).code, b.get());
  EXPECT_FALSE(registry_.Find(kBegin + 6));
  EXPECT_EQ(registry_.site_count(), 3u);
}

TEST_F(CodeRegistryTest, CodeIsFoundByWhereItsCallsAre) {
  const auto a = Register(MakeCode(kBegin, {}));
  const auto b = Register(MakeCode(kBegin + 2 * kBytes, {}));
  EXPECT_EQ(registry_.CodeAt(kBegin), nullptr);  // Nothing was called before.
  EXPECT_EQ(registry_.CodeAt(kBegin + 1), a.get());
  EXPECT_EQ(registry_.CodeAt(kBegin + kBytes), a.get());
  EXPECT_EQ(registry_.CodeAt(kBegin + kBytes + 1), nullptr);
  EXPECT_EQ(registry_.CodeAt(kBegin + 2 * kBytes + 1), b.get());
  EXPECT_EQ(registry_.CodeAt(0), nullptr);
  EXPECT_EQ(registry_.Place(kBegin + 7), "fib+0x7");
  EXPECT_EQ(registry_.Place(0x99), "0x99, in no registered code");
}

TEST_F(CodeRegistryTest, RemovedCodeIsNotFound) {
  auto a = Register(MakeCode(kBegin, {5, 9}));
  const auto b = Register(MakeCode(kBegin + kBytes, {5}));
  a.reset();
  EXPECT_FALSE(registry_.Find(kBegin + 5));
  EXPECT_EQ(registry_.CodeAt(kBegin + 5), nullptr);
  EXPECT_EQ(registry_.site_count(), 1u);
  EXPECT_TRUE(registry_.Find(kBegin + kBytes + 5));
  // Its memory, and its number, are used again.
  a = Register(MakeCode(kBegin, {7}));
  EXPECT_EQ(registry_.Find(kBegin + 7).code, a.get());
  EXPECT_EQ(registry_.Find(kBegin + kBytes + 5).code, b.get());
}

TEST_F(CodeRegistryTest, ARegistrationThatReplacesAnotherEndsIt) {
  auto registration = Register(MakeCode(kBegin, {5}));
  EXPECT_FALSE(
      registry_.RegisterCode(MakeCode(kBegin + kBytes, {5}), registration));
  EXPECT_FALSE(registry_.Find(kBegin + 5));
  EXPECT_TRUE(registry_.Find(kBegin + kBytes + 5));
}

TEST_F(CodeRegistryTest, RangesDoNotOverlap) {
  const auto a = Register(MakeCode(kBegin, {5}, "a"));
  const auto problem = [&](Address begin, std::size_t bytes) {
    Code code = MakeCode(begin, {}, "b");
    code.range.bytes = bytes;
    return Problem(std::move(code));
  };
  EXPECT_EQ(problem(kBegin, kBytes), "code b: its range overlaps that of a");
  EXPECT_NE(problem(kBegin + kBytes - 1, 1), "");
  EXPECT_NE(problem(kBegin + 1, 1), "");
  EXPECT_NE(problem(kBegin - 1, 2), "");
  EXPECT_NE(problem(kBegin - 1, kBytes + 2), "");
  EXPECT_EQ(problem(kBegin + kBytes, 1), "");
  EXPECT_EQ(problem(kBegin - 1, 1), "");
  EXPECT_TRUE(registry_.Find(kBegin + 5));
}

TEST_F(CodeRegistryTest, AMapFitsItsCodeAndItsHeap) {
  EXPECT_EQ(
      Problem({{kBegin, 0}, StackMap(), FrameWalk::kFramePointer, "none"}),
      "code none: its range is empty");
  EXPECT_EQ(
      Problem({{kBegin, 1}, StackMap(4), FrameWalk::kFramePointer, "narrow"}),
      "code narrow: its map is for slots of 4 bytes, those of the heap "
      "have 8");
  EXPECT_EQ(Problem(MakeCode(kBegin, {kBytes + 1}, "long")),
            "code long: fib+0x1001 is outside of its range");
  EXPECT_NE(Problem(MakeCode(kBegin, {0}, "short")), "");
  EXPECT_EQ(Problem(MakeCode(kBegin, {kBytes})), "");
  EXPECT_EQ(Problem(MakeCode(kBegin, {5, 9, 5}, "twice")),
            "code twice: fib+0x5 has two sites");
  EXPECT_EQ(registry_.site_count(), 0u);
}

TEST(CodeRegistryCompressedTest, CompressedSlotsHaveFourBytes) {
  TestHeap<CompressedModel> heap;
  CodeRegistry registry(heap.heap());
  CodeRegistry::Registration registration;
  EXPECT_FALSE(registry.RegisterCode(
      {{kBegin, 1}, StackMap(4), FrameWalk::kFramePointer, "narrow"},
      registration));
  EXPECT_TRUE(registry.RegisterCode(
      {{kBegin + 1, 1}, StackMap(), FrameWalk::kFramePointer, "wide"},
      registration));
}

// Reads the registry in each collection, as a walker does.
class Reader : public gc::RootSource {
 public:
  explicit Reader(CodeRegistry& registry) : registry_(registry) {}
  void AddSlots(gc::RootSlots&) override {
    for (Address at = kBegin; at < kBegin + 64 * kBytes; at += kBytes) {
      const auto found = registry_.Find(at + 5);
      if (!found) continue;
      EXPECT_EQ(registry_.CodeAt(at + 5), found.code);
      EXPECT_EQ(found.code->range.begin, at);
      ++found_;
    }
  }
  std::size_t found() const { return found_; }

 private:
  CodeRegistry& registry_;
  std::size_t found_ = 0;
};

TEST_F(CodeRegistryTest, CodeComesAndGoesWhileOthersCollect) {
  Reader reader(registry_);
  const auto reads = heap_.heap().RegisterRootSource(reader);
  const auto forever = Register(MakeCode(kBegin, {5}));
  std::atomic<bool> done{false};
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < 2; ++t) {
    threads.emplace_back([&, t] {
      // One of them is attached, and polls.
      std::unique_ptr<gc::Mutator<PlainModel>> mutator;
      if (t == 0)
        mutator = std::make_unique<gc::Mutator<PlainModel>>(heap_.heap());
      std::vector<CodeRegistry::Registration> registrations(20);
      for (unsigned i = 0; !done; ++i) {
        const unsigned slot = i % 20;
        registrations[slot].reset();
        const Address begin = kBegin + (1 + t * 20 + slot) * kBytes;
        registrations[slot] = Register(MakeCode(begin, {5, 6, 7}));
        if (mutator) mutator->Safepoint();
      }
    });
  }
  for (int i = 0; i < 200; ++i) {
    heap_.mutator().Collect(gc::CollectionKind::kMinor);
  }
  done = true;
  // The last of them may wait for this thread to come to a safepoint.
  {
    const gc::BlockingRegion blocking(heap_.mutator());
    for (std::thread& thread : threads) thread.join();
  }
  EXPECT_GE(reader.found(), 200u);
}

TEST(CodeRegistryDeathTest, RegistrationsEndBeforeTheRegistry) {
  EXPECT_DEATH(
      {
        TestHeap<PlainModel> heap;
        CodeRegistry::Registration registration;
        CodeRegistry registry(heap.heap());
        static_cast<void>(
            registry.RegisterCode(MakeCode(kBegin, {}), registration));
      },
      "destroyed before a registration of code");
}

}  // namespace
}  // namespace fledge::runtime
