#include "runtime/identity_hash.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "runtime/heap.h"
#include "runtime/objects.h"

namespace fledge::runtime {
namespace {

gc::HeapOptions Under(gc::Policy policy) {
  gc::HeapOptions options;
  options.policy = policy;
  options.max_heap_bytes = 32 * kMiB;
  options.nursery_bytes = 256 * kKiB;
  options.verify = gc::Verify::kOn;
  return options;
}

// One object of each type.
std::vector<Local> OneOfEach(Mutator& mutator) {
  std::vector<Local> made;
  const auto add = [&](Value value) { made.emplace_back(mutator, value); };
  add(Value::SmallInteger(7));
  const Local seven = made.front();
  made.clear();
  add(MakeFloat(mutator, 1.5));
  add(MakeString(mutator, "thirteen byte"));
  add(MakeString(mutator, ""));
  add(MakeSymbol(mutator, made[1]));
  add(MakeBytes(mutator, 5));
  add(MakePair(mutator, seven, seven));
  add(MakeBox(mutator, seven));
  add(MakeVector(mutator, 3, seven));
  add(MakeVector(mutator, 0, seven));
  add(MakeMap(mutator));
  return made;
}

TEST(IdentityHashTest, IsTheSameWhereverTheObjectMoves) {
  for (const gc::Policy policy :
       {gc::Policy::kSemispace, gc::Policy::kGenCopy, gc::Policy::kGenImmix}) {
    SCOPED_TRACE(std::string(NameOf(policy)));
    Heap heap(Under(policy));
    Mutator mutator(heap);
    const HandleScope scope(mutator);
    const std::vector<Local> objects = OneOfEach(mutator);
    std::vector<std::uint32_t> hashes;
    for (const Local& object : objects) {
      hashes.push_back(IdentityHash(object.get().object()));
    }
    for (int i = 0; i < 4; ++i) {
      for (std::size_t at = 0; at < objects.size(); ++at) {
        EXPECT_EQ(IdentityHash(objects[at].get().object()), hashes[at]) << at;
      }
      mutator.Collect(i % 2 == 0 ? gc::CollectionKind::kMinor
                                 : gc::CollectionKind::kMajor);
    }
    EXPECT_EQ(std::set(hashes.begin(), hashes.end()).size(), hashes.size());
  }
}

TEST(IdentityHashTest, AnObjectGrowsByAWordOnceAndIsWhatItWas) {
  Heap heap(Under(gc::Policy::kGenImmix));
  Mutator mutator(heap);
  const HandleScope scope(mutator);
  const std::vector<Local> objects = OneOfEach(mutator);
  std::vector<std::size_t> sizes;
  const auto size_of = [](const Local& object) {
    return SizeFrom(gc::LoadHeader(object.get().object()));
  };
  for (const Local& object : objects) {
    sizes.push_back(size_of(object));
    IdentityHash(object.get().object());
    EXPECT_EQ(size_of(object), sizes.back());
  }
  for (int i = 0; i < 3; ++i) {
    mutator.Collect(gc::CollectionKind::kMinor);
    for (std::size_t at = 0; at < objects.size(); ++at) {
      EXPECT_EQ(size_of(objects[at]), sizes[at] + kWordBytes) << at;
    }
  }
  EXPECT_EQ(Float(objects[0].get()).number(), 1.5);
  EXPECT_EQ(String(objects[1].get()).text(), "thirteen byte");
  EXPECT_EQ(String(objects[2].get()).text(), "");
  EXPECT_EQ(Symbol(objects[3].get()).name().text(), "thirteen byte");
  EXPECT_EQ(Symbol(objects[3].get()).hash(), HashText("thirteen byte"));
  EXPECT_EQ(Bytes(objects[4].get()).bytes().size(), 5u);
  EXPECT_EQ(Pair(objects[5].get()).cdr(), Value::SmallInteger(7));
  EXPECT_EQ(Box(objects[6].get()).content(), Value::SmallInteger(7));
  EXPECT_EQ(Vector(objects[7].get()).length(), 3u);
  EXPECT_EQ(Vector(objects[7].get()).item(2), Value::SmallInteger(7));
  EXPECT_EQ(Vector(objects[8].get()).length(), 0u);
  EXPECT_EQ(Map(objects[9].get()).count(), 0u);
}

// With the salt in its header, and with the hash as its last word.
TEST(IdentityHashTest, ATruncatedObjectKeepsItsHash) {
  for (const int collections : {0, 1}) {
    Heap heap(Under(gc::Policy::kGenImmix));
    Mutator mutator(heap);
    const HandleScope scope(mutator);
    const Local nil(mutator, Value::Nil());
    const Local vector(mutator, MakeVector(mutator, 5, nil));
    const std::uint32_t hash = IdentityHash(vector.get().object());
    for (int i = 0; i < collections; ++i) {
      mutator.Collect(gc::CollectionKind::kMinor);
    }
    const Address object = vector.get().object();
    mutator.ChangeLayout(
        object, KeepIdentityHash(object, MakeHeader(ObjectType::kVector, 2)));
    for (int i = 0; i < 3; ++i) {
      EXPECT_EQ(IdentityHash(vector.get().object()), hash);
      EXPECT_EQ(Vector(vector.get()).length(), 2u);
      mutator.Collect(gc::CollectionKind::kMajor);
    }
  }
}

TEST(IdentityHashTest, WhoDoesNotAskDoesNotPay) {
  Heap heap(Under(gc::Policy::kGenImmix));
  Mutator mutator(heap);
  const HandleScope scope(mutator);
  const Local box(mutator, MakeBox(mutator, Local(mutator, Value::Nil())));
  mutator.Collect(gc::CollectionKind::kMinor);
  EXPECT_EQ(SizeFrom(gc::LoadHeader(box.get().object())), 16u);
}

// Many objects that were hashed at the same few addresses.
TEST(IdentityHashTest, YoungObjectsRarelyShareAHash) {
  gc::HeapOptions options = Under(gc::Policy::kGenImmix);
  options.verify = gc::Verify::kOff;
  Heap heap(options);
  Mutator mutator(heap);
  const HandleScope scope(mutator);
  const Local nil(mutator, Value::Nil());
  std::set<std::uint32_t> hashes;
  constexpr std::size_t kObjects = 200'000;
  for (std::size_t i = 0; i < kObjects; ++i) {
    hashes.insert(IdentityHash(MakeBox(mutator, nil).object()));
  }
  // Of 200,000 numbers of 32 bits at random, five are met twice.
  EXPECT_GT(hashes.size(), kObjects - 1000);
}

TEST(IdentityHashTest, ThreadsThatAskAtOnceHearTheSame) {
  Heap heap(Under(gc::Policy::kGenImmix));
  Mutator mutator(heap);
  for (int round = 0; round < 100; ++round) {
    const HandleScope scope(mutator);
    const Local box(mutator, MakeBox(mutator, Local(mutator, Value::Nil())));
    const PinScope pin(mutator, box);
    const Address object = pin.object();
    std::uint32_t heard[2];
    {
      std::thread other([&] { heard[0] = IdentityHash(object); });
      heard[1] = IdentityHash(object);
      other.join();
    }
    ASSERT_EQ(heard[0], heard[1]);
  }
}

}  // namespace
}  // namespace fledge::runtime
