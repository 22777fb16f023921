#include "runtime/symbol_table.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <fstream>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "runtime/objects.h"
#include "tests/runtime/moving_heap.h"
#include "tests/support/sanitizers.h"

namespace fledge::runtime {
namespace {

TEST(SymbolTableTest, ThereIsOneSymbolForAName) {
  MovingHeap h(MovingHeap::Moving());
  SymbolTable symbols(h.heap);
  const Local car(h.mutator, symbols.Intern(h.mutator, "car"));
  const Local cdr(h.mutator, symbols.Intern(h.mutator, "cdr"));
  EXPECT_NE(car.get(), cdr.get());
  EXPECT_EQ(symbols.Intern(h.mutator, "car"), car.get());
  h.Major();
  EXPECT_EQ(symbols.Intern(h.mutator, "car"), car.get());
  EXPECT_EQ(symbols.Find("cdr"), cdr.get());
  EXPECT_TRUE(symbols.Find("cons").IsEmpty());
  EXPECT_EQ(Symbol(car.get()).name().text(), "car");
  EXPECT_EQ(symbols.count(), 2u);
}

TEST(SymbolTableTest, NamesMayHoldAnyBytes) {
  MovingHeap h;
  SymbolTable symbols(h.heap);
  const std::string zero("a\0b", 3);
  const Local empty(h.mutator, symbols.Intern(h.mutator, ""));
  const Local with_zero(h.mutator, symbols.Intern(h.mutator, zero));
  EXPECT_EQ(symbols.Find(""), empty.get());
  EXPECT_EQ(symbols.Find(zero), with_zero.get());
  EXPECT_TRUE(symbols.Find("a").IsEmpty());
}

// {old, young} x {held, not}.
TEST(SymbolTableTest, ASymbolIsThereAsLongAsSomebodyHasIt) {
  MovingHeap::UnderEveryPolicy([](const gc::HeapOptions& options) {
    for (const bool old : {false, true}) {
      MovingHeap h(options);
      SymbolTable symbols(h.heap);
      std::vector<Local> held;
      for (int i = 0; i < 20; ++i) {
        held.emplace_back(h.mutator,
                          symbols.Intern(h.mutator, std::to_string(i)));
      }
      if (old) h.Major();
      for (std::size_t i = 0; i < 20; i += 2) held[i].set(Value());
      h.Minor();
      h.Major();
      EXPECT_EQ(symbols.count(), 10u);
      for (std::size_t i = 0; i < 20; ++i) {
        EXPECT_EQ(symbols.Find(std::to_string(i)), held[i].get()) << i;
      }
      // Those that are gone are made anew, those that are not are the same.
      for (std::size_t i = 0; i < 20; ++i) {
        const Value symbol = symbols.Intern(h.mutator, std::to_string(i));
        if (i % 2 == 0) held[i].set(symbol);
        EXPECT_EQ(symbol, held[i].get());
        EXPECT_EQ(Symbol(symbol).name().text(), std::to_string(i));
      }
      EXPECT_EQ(symbols.count(), 20u);
    }
  });
}

TEST(SymbolTableTest, ForgottenNamesAreGoneAndTheirRoomIsUsedAgain) {
  MovingHeap h;
  SymbolTable symbols(h.heap);
  const Local kept(h.mutator, symbols.Intern(h.mutator, "kept"));
  for (int round = 0; round < 5; ++round) {
    for (int i = 0; i < 10'000; ++i) {
      symbols.Intern(h.mutator,
                     std::to_string(round) + "-" + std::to_string(i));
    }
    h.Major();
    EXPECT_EQ(symbols.count(), 1u);
    EXPECT_LE(symbols.size(), 16'384u + 64u);
  }
  EXPECT_EQ(symbols.Find("kept"), kept.get());
}

// Held to the last, and then dropped at once: the table, and the memory of the
// process, are after ten rounds what they were after the first.
TEST(SymbolTableTest, AMillionNamesComeAndGoTenTimes) {
  constexpr std::uint64_t kNames = kSanitized ? 50'000 : 1'000'000;
  Heap heap({.max_heap_bytes = kGiB});
  Mutator mutator(heap);
  SymbolTable symbols(heap);
  const auto resident_bytes = [] {
    std::ifstream statm("/proc/self/statm");
    std::uint64_t pages = 0;
    std::uint64_t resident_pages = 0;
    statm >> pages >> resident_pages;
    return resident_pages * kPageBytes;
  };
  std::uint64_t first_resident = 0;
  std::uint32_t first_size = 0;
  for (int round = 0; round < 10; ++round) {
    {
      const HandleScope scope(mutator);
      const Local nil(mutator, Value::Nil());
      const Local all(mutator, MakeVector(mutator, kNames, nil));
      for (std::uint64_t i = 0; i < kNames; ++i) {
        const Value symbol = symbols.Intern(
            mutator, std::to_string(round) + "-" + std::to_string(i));
        SetItem(mutator, Vector(all.get()), i, symbol);
      }
      ASSERT_EQ(symbols.count(), kNames);
    }
    mutator.Collect(gc::CollectionKind::kMajor);
    ASSERT_EQ(symbols.count(), 0u);
    if (round == 0) {
      first_resident = resident_bytes();
      first_size = symbols.size();
    }
  }
  EXPECT_LE(symbols.size(), first_size + first_size / 10);
  // A sanitizer holds on to what is freed; others give it back by and by.
  for (int i = 0; i < 500 && !kSanitized; ++i) {
    if (resident_bytes() <= first_resident + 16 * kMiB) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  EXPECT_TRUE(kSanitized) << resident_bytes() << " bytes are resident, "
                          << first_resident << " were after the first round";
}

TEST(SymbolTableTest, ThreadsThatInternAtOnceGetTheSameSymbols) {
  gc::HeapOptions options = MovingHeap::Quiet();
  options.verify = gc::Verify::kOff;
  MovingHeap h(options);
  SymbolTable symbols(h.heap);
  constexpr int kThreads = 4;
  constexpr int kNames = 500;
  // Kept, so that there is something to compare.
  std::vector<Persistent> kept[kThreads];
  {
    const gc::BlockingRegion region(h.mutator);
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&, t] {
        Mutator mutator(h.heap);
        for (int i = 0; i < kNames; ++i) {
          const HandleScope scope(mutator);
          const Local symbol(
              mutator, symbols.Intern(mutator, "name " + std::to_string(i)));
          kept[t].emplace_back(mutator, symbol.get().word());
          if (i % 100 == t) mutator.Collect(gc::CollectionKind::kMinor);
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  for (int i = 0; i < kNames; ++i) {
    const auto at = static_cast<std::size_t>(i);
    for (int t = 1; t < kThreads; ++t) {
      ASSERT_EQ(kept[t][at].get(), kept[0][at].get()) << i;
    }
  }
  EXPECT_EQ(symbols.count(), static_cast<std::size_t>(kNames));
  for (auto& persistents : kept) persistents.clear();
}

}  // namespace
}  // namespace fledge::runtime
