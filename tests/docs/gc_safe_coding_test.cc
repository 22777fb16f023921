// The code of docs/gc_safe_coding.md is in this file, and does what the page
// says: what is right survives a collection at every allocation, and what is
// wrong is found by the verifier.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "runtime/objects.h"
#include "tests/docs/page.h"

namespace fledge {
namespace {

using runtime::Box;
using runtime::Bytes;
using runtime::Float;
using runtime::HandleScope;
using runtime::Heap;
using runtime::Local;
using runtime::MakeBox;
using runtime::MakeBytes;
using runtime::MakeFloat;
using runtime::MakePair;
using runtime::MakeString;
using runtime::MakeSubstring;
using runtime::MakeVector;
using runtime::Mutator;
using runtime::Pair;
using runtime::Persistent;
using runtime::PinScope;
using runtime::SetCdr;
using runtime::SetItem;
using runtime::String;
using runtime::Value;
using runtime::Vector;

gc::HeapOptions Verified() {
  gc::HeapOptions options;
  options.max_heap_bytes = 32 * kMiB;
  options.verify = gc::Verify::kOn;
  return options;
}

// Collects, and so moves, at every allocation.
gc::HeapOptions Stressed() {
  gc::HeapOptions options = Verified();
  options.stress.every = 1;
  options.stress.major = 5;
  options.stress.seed = 1;
  return options;
}

// A heap, and the mutator of the thread that runs the test.
struct World {
  explicit World(const gc::HeapOptions& options = Stressed())
      : heap(options), mutator(heap), scope(mutator) {
    // The first object's address is also that of young space, which the heap
    // itself keeps in many places.
    MakeFloat(mutator, 0);
  }

  Heap heap;
  Mutator mutator;
  HandleScope scope;
};

// Raw references.

Value WrongPairOfBoxes(Mutator& mutator, Local content) {
  const HandleScope scope(mutator);
  const Value first = MakeBox(mutator, content);
  const Value second = MakeBox(mutator, content);  // May move `first`.
  return MakePair(mutator, Local(mutator, first), Local(mutator, second));
}

Value RightPairOfBoxes(Mutator& mutator, Local content) {
  const HandleScope scope(mutator);
  const Local first(mutator, MakeBox(mutator, content));
  const Local second(mutator, MakeBox(mutator, content));
  return MakePair(mutator, first, second);
}

TEST(GcSafeCodingTest, ReferencesInHandlesSurvive) {
  World world;
  const Local content(world.mutator, Value::SmallInteger(7));
  const Pair pair(RightPairOfBoxes(world.mutator, content));
  EXPECT_EQ(Box(pair.car()).content(), Value::SmallInteger(7));
  EXPECT_EQ(Box(pair.cdr()).content(), Value::SmallInteger(7));
}

TEST(GcSafeCodingDeathTest, ARawReferenceIsFound) {
  const auto make_it = [] {
    World world;
    const Local content(world.mutator, Value::SmallInteger(7));
    WrongPairOfBoxes(world.mutator, content);
  };
  EXPECT_DEATH(make_it(), "a stale reference(.|\n)*in      a handle");
}

// Handles read before the allocation of the same expression.

constexpr std::size_t kPairBytes = SizeOf(runtime::ObjectType::kPair);

Value MaybeWrongCons(Mutator& mutator, Local car, Local cdr) {
  // The compiler may call get() first and Allocate() last.
  return Pair::Initialize(mutator.Allocate(kPairBytes), car.get(), cdr.get())
      .value();
}

Value RightCons(Mutator& mutator, Local car, Local cdr) {
  const Address pair = mutator.Allocate(kPairBytes);
  return Pair::Initialize(pair, car.get(), cdr.get()).value();
}

TEST(GcSafeCodingTest, HandlesReadAfterTheAllocationAreGood) {
  World world;
  const Local car(world.mutator, MakeFloat(world.mutator, 1));
  const Local cdr(world.mutator, MakeFloat(world.mutator, 2));
  const Pair pair(RightCons(world.mutator, car, cdr));
  EXPECT_EQ(pair.car(), car.get());
  EXPECT_EQ(pair.cdr(), cdr.get());
}

TEST(GcSafeCodingTest, WithoutACollectionTheWrongOrderDoesNotShow) {
  World world(Verified());
  const Local car(world.mutator, MakeFloat(world.mutator, 1));
  const Local cdr(world.mutator, MakeFloat(world.mutator, 2));
  EXPECT_EQ(Pair(MaybeWrongCons(world.mutator, car, cdr)).car(), car.get());
}

// Stores without the barrier.

void WrongAppend(Local last, Local next) {
  *Pair(last.get()).cdr_slot() = next.get().word();
}

void RightAppend(Mutator& mutator, Local last, Local next) {
  mutator.Write(Pair(last.get()).cdr_slot(), next.get().word());
}

void RightFill(Mutator& mutator, Local vector, Local item) {
  const Vector view(vector.get());
  for (std::size_t i = 0; i < view.length(); ++i) {
    *view.item_slot(i) = item.get().word();
  }
  mutator.WroteObject(view.object());
}

template <typename Store>
void StoreIntoAnOldObject(Mutator& mutator, Local old, Store&& store) {
  mutator.Collect(gc::CollectionKind::kMajor);  // Now it is old,
  const Local young(mutator, MakeFloat(mutator, 1));
  store(old, young);  // and now it refers to a young object,
  mutator.Collect(gc::CollectionKind::kMinor);  // which moves.
}

TEST(GcSafeCodingTest, StoresWithTheBarrierAreSeen) {
  World world(Verified());
  Mutator& mutator = world.mutator;
  const Local nil(mutator, Value::Nil());
  const Local pair(mutator, MakePair(mutator, nil, nil));
  StoreIntoAnOldObject(mutator, pair, [&](Local last, Local next) {
    RightAppend(mutator, last, next);
  });
  EXPECT_EQ(Float(Pair(pair.get()).cdr()).number(), 1);
  const Local vector(mutator, MakeVector(mutator, 1000, nil));
  StoreIntoAnOldObject(mutator, vector, [&](Local old, Local item) {
    RightFill(mutator, old, item);
  });
  EXPECT_EQ(Float(Vector(vector.get()).item(999)).number(), 1);
}

TEST(GcSafeCodingDeathTest, AMissingBarrierIsFound) {
  const auto make_it = [] {
    World world(Verified());
    const Local nil(world.mutator, Value::Nil());
    const Local pair(world.mutator, MakePair(world.mutator, nil, nil));
    StoreIntoAnOldObject(world.mutator, pair, [&](Local last, Local next) {
      WrongAppend(last, next);
    });
  };
  EXPECT_DEATH(make_it(), "likely: a store without the write barrier");
}

// Barriers that may be left out.

Value RightTriple(Mutator& mutator, Local a, Local b, Local c) {
  const Address object =
      mutator.Allocate(SizeOf(runtime::ObjectType::kVector, 3));
  const Vector triple = Vector::Initialize(object, 3, Value::Nil());
  *triple.item_slot(0) = a.get().word();  // Fresh: no call that may collect
  *triple.item_slot(1) = b.get().word();  // since Allocate().
  *triple.item_slot(2) = c.get().word();
  return triple.value();
}

void RightReset(Local pair) {
  *Pair(pair.get()).cdr_slot() = Value::Nil().word();  // An immediate.
}

TEST(GcSafeCodingTest, FreshObjectsAndImmediatesNeedNoBarrier) {
  World world;
  Mutator& mutator = world.mutator;
  const Local a(mutator, MakeFloat(mutator, 1));
  const Local triple(mutator, RightTriple(mutator, a, a, a));
  mutator.Collect(gc::CollectionKind::kMinor);
  EXPECT_EQ(Vector(triple.get()).item(2), a.get());
  const Local pair(mutator, MakePair(mutator, a, a));
  mutator.Collect(gc::CollectionKind::kMajor);
  RightReset(pair);
  mutator.Collect(gc::CollectionKind::kMajor);
  EXPECT_TRUE(Pair(pair.get()).cdr().IsNil());
}

// Roots.

Value wrong_global;

void WrongRemember(Local value) { wrong_global = value.get(); }

class RightGlobals {
 public:
  explicit RightGlobals(Heap& heap) : roots_(heap.RegisterRoots(slots_)) {}

  void Set(Mutator& mutator, std::size_t i, Local value) {
    mutator.WriteRoot(*roots_, &slots_[i], value.get().word());
  }
  Value Get(std::size_t i) const { return Value::FromWord(slots_[i]); }

 private:
  std::array<Value::Word, 16> slots_{};
  decltype(std::declval<Heap>().RegisterRoots({})) roots_;
};

TEST(GcSafeCodingTest, RegisteredRootsAndPersistentsFollowTheirObjects) {
  World world;
  Mutator& mutator = world.mutator;
  RightGlobals globals(world.heap);
  const Local number(mutator, MakeFloat(mutator, 3));
  globals.Set(mutator, 5, number);
  Persistent last_result(mutator, number.get().word());
  mutator.Collect(gc::CollectionKind::kMajor);
  EXPECT_EQ(Float(globals.Get(5)).number(), 3);
  EXPECT_EQ(Float(Value::FromWord(last_result.get())).number(), 3);
}

TEST(GcSafeCodingDeathTest, AnUnregisteredRootIsFound) {
  const auto make_it = [] {
    World world(Verified());
    Mutator& mutator = world.mutator;
    const Local number(mutator, MakeFloat(mutator, 3));
    WrongRemember(number);
    mutator.Collect(gc::CollectionKind::kMinor);
    const Local stale(mutator, wrong_global);
    mutator.Collect(gc::CollectionKind::kMinor);
  };
  EXPECT_DEATH(make_it(), "likely: a root that was not registered");
}

// Objects that are not initialised at a safepoint.

Value WrongVectorOfFloats(Mutator& mutator, std::size_t length) {
  const HandleScope scope(mutator);
  const std::size_t size = SizeOf(runtime::ObjectType::kVector, length);
  const Local vector(mutator, Value::Reference(mutator.Allocate(size)));
  for (std::size_t i = 0; i < length; ++i) {
    const Value item = MakeFloat(mutator, 1);  // A safepoint.
    SetItem(mutator, Vector(vector.get()), i, item);
  }
  return vector.get();
}

Value RightVectorOfFloats(Mutator& mutator, std::size_t length) {
  const HandleScope scope(mutator);
  const Local zero(mutator, Value::SmallInteger(0));
  const Local vector(mutator, MakeVector(mutator, length, zero));
  for (std::size_t i = 0; i < length; ++i) {
    const Value item = MakeFloat(mutator, 1);
    SetItem(mutator, Vector(vector.get()), i, item);
  }
  return vector.get();
}

TEST(GcSafeCodingTest, AnInitialisedVectorIsFilledBetweenCollections) {
  World world;
  const Vector vector(RightVectorOfFloats(world.mutator, 10));
  for (std::size_t i = 0; i < 10; ++i) {
    EXPECT_EQ(Float(vector.item(i)).number(), 1);
  }
}

TEST(GcSafeCodingDeathTest, AnUninitialisedObjectIsFound) {
  const auto make_it = [] {
    World world;
    WrongVectorOfFloats(world.mutator, 10);
  };
  EXPECT_DEATH(make_it(), "heap verifier: before a collection");
}

// Locals and their scopes.

Local WrongMakeNumber(Mutator& mutator) {
  const HandleScope scope(mutator);
  return Local(mutator, MakeFloat(mutator, 1));  // Its slot ends with `scope`.
}

Value RightMakeNumber(Mutator& mutator) {
  const HandleScope scope(mutator);
  const Local number(mutator, MakeFloat(mutator, 1));
  return number.get();  // Leaving a scope does not collect.
}

Value RightCountdown(Mutator& mutator, std::int64_t from) {
  const HandleScope scope(mutator);
  Local list(mutator, Value::Nil());
  for (std::int64_t i = 0; i <= from; ++i) {
    const HandleScope each(mutator);  // Frees `number` in each round.
    const Local number(mutator, Value::SmallInteger(i));
    list.set(MakePair(mutator, number, list));
  }
  return list.get();
}

TEST(GcSafeCodingTest, AValueOutlivesItsScopeUntilTheNextCollection) {
  World world;
  Mutator& mutator = world.mutator;
  const Local number(mutator, RightMakeNumber(mutator));
  MakeFloat(mutator, 0);
  EXPECT_EQ(Float(number.get()).number(), 1);
}

TEST(GcSafeCodingTest, AnInnerScopeKeepsTheHandleStackSmall) {
  World world;
  Mutator& mutator = world.mutator;
  const std::size_t before = mutator.handles().bytes;
  const Local list(mutator, RightCountdown(mutator, 100));
  EXPECT_EQ(Pair(list.get()).car(), Value::SmallInteger(100));
  EXPECT_LE(mutator.handles().bytes, before + 2 * sizeof(Value));
}

TEST(GcSafeCodingTest, ALocalThatOutlivesItsScopeNamesAnothersSlot) {
  World world(Verified());
  Mutator& mutator = world.mutator;
  const Local lost = WrongMakeNumber(mutator);
  const Local other(mutator, Value::SmallInteger(2));
  EXPECT_EQ(lost.get(), other.get());
}

// Pointers into objects.

Value WrongGreeting(Mutator& mutator, Local name) {
  // The text lies in the heap, and the string is allocated before it is read.
  return MakeString(mutator, String(name.get()).text());
}

Value RightGreeting(Mutator& mutator, Local name) {
  const std::string text(String(name.get()).text());
  return MakeString(mutator, "hello " + text);
}

void RightReadInto(Mutator& mutator, Local buffer, std::FILE* file) {
  const PinScope pin(mutator, buffer);
  const auto bytes = Bytes(buffer.get()).bytes();
  std::size_t read = 0;
  {
    const gc::BlockingRegion blocking(mutator);
    read = std::fread(bytes.data(), 1, bytes.size(), file);
  }
  std::fill(bytes.begin() + read, bytes.end(), 0);
}

TEST(GcSafeCodingTest, TextIsCopiedOutBeforeAnAllocation) {
  World world;
  Mutator& mutator = world.mutator;
  const Local name(mutator, MakeString(mutator, "world"));
  EXPECT_EQ(String(RightGreeting(mutator, name)).text(), "hello world");
  EXPECT_NE(&WrongGreeting, nullptr);
}

TEST(GcSafeCodingTest, APinnedObjectStaysWhileOthersMove) {
  World world;
  Mutator& mutator = world.mutator;
  const Local buffer(mutator, MakeBytes(mutator, 4));
  std::FILE* const file = std::tmpfile();
  ASSERT_NE(file, nullptr);
  std::fputs("ab", file);
  std::rewind(file);
  RightReadInto(mutator, buffer, file);
  std::fclose(file);
  EXPECT_EQ(Bytes(buffer.get()).bytes()[1], 'b');
  EXPECT_EQ(Bytes(buffer.get()).bytes()[3], 0);

  const PinScope pin(mutator, buffer);
  const Address home = buffer.get().object();
  mutator.Collect(gc::CollectionKind::kMajor);
  EXPECT_EQ(buffer.get().object(), home);
}

// Threads.

void RightWait(Mutator& mutator, std::thread& worker) {
  const gc::BlockingRegion blocking(mutator);
  worker.join();
}

double RightSum(Mutator& mutator, Local numbers) {
  double sum = 0;
  for (std::size_t i = 0; i < Vector(numbers.get()).length(); ++i) {
    sum += Float(Vector(numbers.get()).item(i)).number();
    mutator.Safepoint();  // Lets others collect: all views are stale now.
  }
  return sum;
}

TEST(GcSafeCodingTest, AThreadThatWaitsLetsOthersCollect) {
  World world(Verified());
  Mutator& mutator = world.mutator;
  const Local number(mutator, MakeFloat(mutator, 1));
  std::thread worker([&] {
    Mutator own(world.heap);
    own.Collect(gc::CollectionKind::kMajor);
  });
  RightWait(mutator, worker);
  EXPECT_EQ(Float(number.get()).number(), 1);
  EXPECT_EQ(world.heap.collections(gc::CollectionKind::kMajor), 1u);
}

TEST(GcSafeCodingTest, ALoopThatPollsReadsItsHandleAgain) {
  World world;
  Mutator& mutator = world.mutator;
  const Local numbers(mutator, RightVectorOfFloats(mutator, 10));
  EXPECT_EQ(RightSum(mutator, numbers), 10);
}

// Running out of memory.

Value RightTryPairs(Mutator& mutator, std::size_t count) {
  const HandleScope scope(mutator);
  Local list(mutator, Value::Nil());
  for (std::size_t i = 0; i < count; ++i) {
    const Value pair = TryMakePair(mutator, list, list);
    if (pair.IsEmpty()) return Value::Nil();  // And everything is as it was.
    list.set(pair);
  }
  return list.get();
}

TEST(GcSafeCodingTest, RunningOutOfMemoryIsAnAnswer) {
  gc::HeapOptions options;
  options.max_heap_bytes = 8 * kMiB;
  World world(options);
  const std::size_t too_many = options.max_heap_bytes / kPairBytes;
  EXPECT_TRUE(RightTryPairs(world.mutator, too_many).IsNil());
  EXPECT_FALSE(RightTryPairs(world.mutator, 4).IsNil());
}

// The page.

TEST(GcSafeCodingPageTest, ShowsCodeOfThisFile) {
  const std::string code =
      Flattened(ReadCheckoutFile("tests/docs/gc_safe_coding_test.cc"));
  const auto blocks =
      CodeBlocks(ReadCheckoutFile("docs/gc_safe_coding.md"), "cpp");
  EXPECT_GT(blocks.size(), 10u);
  for (const std::string& block : blocks) {
    EXPECT_NE(code.find(Flattened(block)), std::string::npos)
        << "no such lines:\n"
        << block;
  }
}

}  // namespace
}  // namespace fledge
