// A heap after fork(): usable in the child, without the helper thread.

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gc/heap.h"
#include "tests/support/heap_objects.h"
#include "tests/support/plain_model.h"

namespace fledge::gc {
namespace {

using Traits = ModelTraits<PlainModel>;

// A list of `length` objects, each with an immediate beside the next.
void MakeList(Mutator<PlainModel>& mutator, Local<PlainModel> list,
              int length) {
  for (int i = 0; i < length; ++i) {
    const PlainModel::Value object = MakeObject(mutator, 2, 0);
    mutator.Write(Traits::Slot(object, 0), list.get());
    mutator.Write(Traits::Slot(object, 1), Traits::Immediate(i));
    list.set(object);
  }
}

int LengthOf(PlainModel::Value list) {
  int length = 0;
  for (; list != Traits::NullValue(); list = *Traits::Slot(list, 0)) ++length;
  return length;
}

TEST(ForkTest, TheChildGoesOnWithTheHeap) {
  constexpr int kLength = 200'000;
  Heap<PlainModel> heap({.max_heap_bytes = 256 * kMiB});
  Mutator<PlainModel> mutator(heap);
  HandleScope<PlainModel> scope(mutator);
  Local<PlainModel> list(mutator, Traits::NullValue());
  MakeList(mutator, list, kLength);
  const pid_t child = fork();
  ASSERT_NE(child, -1);
  if (child == 0) {
    // Promotes enough that a helper would be asked for memory.
    MakeList(mutator, list, kLength);
    mutator.Collect(CollectionKind::kMajor);
    const bool right = LengthOf(list.get()) == 2 * kLength;
    { Heap<PlainModel> another({.max_heap_bytes = 16 * kMiB}); }
    _exit(right ? 0 : 1);
  }
  MakeList(mutator, list, kLength);
  EXPECT_EQ(LengthOf(list.get()), 2 * kLength);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(ForkTest, AHeapOfTheParentIsDestroyedInTheChild) {
  auto heap = std::make_unique<Heap<PlainModel>>(
      HeapOptions{.max_heap_bytes = 256 * kMiB});
  {
    Mutator<PlainModel> mutator(*heap);
    HandleScope<PlainModel> scope(mutator);
    Local<PlainModel> list(mutator, Traits::NullValue());
    MakeList(mutator, list, 400'000);  // The helper runs by now.
  }
  const pid_t child = fork();
  ASSERT_NE(child, -1);
  if (child == 0) {
    heap.reset();
    _exit(0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace fledge::gc
