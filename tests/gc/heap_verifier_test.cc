#include "gc/heap_verifier.h"

#include <gtest/gtest.h>

#include "gc/heap.h"
#include "tests/support/model_traits.h"
#include "tests/support/plain_model.h"

namespace fledge::gc {
namespace {

using Traits = ModelTraits<PlainModel>;
using Value = PlainModel::Value;

HeapOptions Verified(bool protect) {
  HeapOptions options;
  options.max_heap_bytes = 32 * kMiB;
  options.verify = Verify::kOn;
  options.stress.protect = protect;
  return options;
}

Value MakeObject(Mutator<PlainModel>& mutator, std::size_t slots) {
  const Address object = mutator.Allocate(Traits::SizeFor(slots, 0));
  Traits::InitializeAt(object, slots, 0);
  return object;
}

Value MakeOldObject(Mutator<PlainModel>& mutator, std::size_t slots) {
  const Address object =
      mutator.Allocate(Traits::SizeFor(slots, 0), AllocationKind::kTracedOld);
  Traits::InitializeAt(object, slots, 0);
  return object;
}

// The three mistakes that embedders make. Each is a program that would run on
// for a while; the verifier says which of the three it was.

void LeaveOutABarrier() {
  Heap<PlainModel> heap(Verified(false));
  Mutator<PlainModel> mutator(heap);
  HandleScope<PlainModel> scope(mutator);
  Local<PlainModel> old(mutator, MakeOldObject(mutator, 1));
  mutator.Collect(CollectionKind::kMinor);  // The born-old cards are clean now.
  const Value young = MakeObject(mutator, 1);
  *Traits::Slot(old.get(), 0) = young;  // Not Write().
  mutator.Collect(CollectionKind::kMinor);
}

Value unregistered_root;

void LeaveARootUnregistered(bool protect) {
  Heap<PlainModel> heap(Verified(protect));
  Mutator<PlainModel> mutator(heap);
  HandleScope<PlainModel> scope(mutator);
  // The first object's address is also that of young space, which the heap
  // itself keeps in many places.
  MakeObject(mutator, 1);
  Local<PlainModel> kept(mutator, MakeObject(mutator, 1));
  unregistered_root = kept.get();
  mutator.Collect(CollectionKind::kMinor);
  if (protect) {
    *Traits::Slot(unregistered_root, 0) = Traits::Immediate(1);
  }
  Local<PlainModel> wrong(mutator, unregistered_root);
  mutator.Collect(CollectionKind::kMinor);
}

void HoldARawReference(bool protect) {
  Heap<PlainModel> heap(Verified(protect));
  Mutator<PlainModel> mutator(heap);
  HandleScope<PlainModel> scope(mutator);
  // The first object's address is also that of young space, which the heap
  // itself keeps in many places.
  MakeObject(mutator, 1);
  Local<PlainModel> kept(mutator, MakeObject(mutator, 1));
  volatile Value raw = kept.get();
  mutator.Collect(CollectionKind::kMinor);
  if (protect) *Traits::Slot(raw, 0) = Traits::Immediate(1);
  Local<PlainModel> wrong(mutator, raw);
  mutator.Collect(CollectionKind::kMinor);
}

TEST(HeapVerifierDeathTest, ALeftOutBarrierIsNamed) {
  EXPECT_DEATH(LeaveOutABarrier(),
               "clean card(.|\n)*array of 16 bytes in old space(.|\n)*card .* "
               "is clean(.|\n)*likely: a store without the write barrier");
}

TEST(HeapVerifierDeathTest, AnUnregisteredRootIsNamed) {
  EXPECT_DEATH(LeaveARootUnregistered(false),
               "a stale reference(.|\n)*the object moved(.|\n)*likely: a root "
               "that was not registered.*static data");
}

TEST(HeapVerifierDeathTest, AnUnregisteredRootIsNamedAtItsFirstUse) {
  EXPECT_DEATH(LeaveARootUnregistered(true),
               "an access to an object that has moved(.|\n)*likely: a root "
               "that was not registered.*static data");
}

TEST(HeapVerifierDeathTest, ARawReferenceIsNamed) {
  EXPECT_DEATH(HoldARawReference(false),
               "a stale reference(.|\n)*likely: a raw reference held across a "
               "collection");
}

TEST(HeapVerifierDeathTest, ARawReferenceIsNamedAtItsFirstUse) {
  EXPECT_DEATH(HoldARawReference(true),
               "an access to an object that has moved(.|\n)*likely: a raw "
               "reference held across a collection");
}

}  // namespace
}  // namespace fledge::gc
