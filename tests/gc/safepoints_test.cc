#include "gc/safepoints.h"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "gc/heap.h"
#include "tests/support/heap_objects.h"
#include "tests/support/plain_model.h"

namespace fledge::gc {
namespace {

using TestHeap = Heap<PlainModel>;
using TestMutator = Mutator<PlainModel>;

// A door that a test opens once, and threads wait at.
class Gate {
 public:
  void Open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    opened_.notify_all();
  }
  void Wait() {
    std::unique_lock lock(mutex_);
    opened_.wait(lock, [&] { return open_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable opened_;
  bool open_ = false;
};

class SafepointsTest : public ::testing::Test {
 protected:
  static HeapOptions Options() {
    HeapOptions options;
    options.max_heap_bytes = 32 * kMiB;
    options.nursery_bytes = 256 * kKiB;
    return options;
  }

  static bool Minor(TestMutator& mutator) {
    return mutator.Collect(CollectionKind::kMinor);
  }

  TestHeap heap_{Options()};
};

TEST_F(SafepointsTest, AHeapWithoutOtherThreadsIsStoppedAtOnce) {
  TestMutator mutator(heap_);
  EXPECT_TRUE(heap_.safepoints().TryStop(mutator));
  heap_.safepoints().Resume();
  EXPECT_TRUE(heap_.safepoints().TryStop(mutator));
  heap_.safepoints().Resume();
}

TEST_F(SafepointsTest, ARunningThreadStopsWhenItPolls) {
  TestMutator mutator(heap_);
  std::atomic<bool> done{false};
  // Set for all but the poll, which is a small part of the thread's time.
  std::atomic<bool> between_polls{false};
  std::atomic<std::uint64_t> work{0};
  Gate attached;
  std::thread thread([&] {
    TestMutator other(heap_);
    attached.Open();
    while (!done.load(std::memory_order_relaxed)) {
      between_polls = true;
      for (int i = 0; i < 1000; ++i) ++work;
      between_polls = false;
      other.Safepoint();
    }
  });
  attached.Wait();
  for (int i = 0; i < 200; ++i) {
    // Lest the world be stopped again before the thread has gone on.
    const std::uint64_t last = work;
    while (work == last) std::this_thread::yield();
    ASSERT_TRUE(heap_.safepoints().TryStop(mutator));
    // [sp.stop]
    EXPECT_FALSE(between_polls);
    const std::uint64_t before = work;
    for (int n = 0; n < 10; ++n) std::this_thread::yield();
    EXPECT_EQ(work, before);
    heap_.safepoints().Resume();
  }
  done = true;
  thread.join();
}

TEST_F(SafepointsTest, ARunningThreadStopsWhenItAllocates) {
  TestMutator mutator(heap_);
  std::atomic<bool> done{false};
  Gate attached;
  std::thread thread([&] {
    TestMutator other(heap_);
    attached.Open();
    while (!done.load(std::memory_order_relaxed)) MakeObject(other, 4);
  });
  attached.Wait();
  int collected = 0;
  while (collected < 100) collected += Minor(mutator);
  done = true;
  thread.join();
}

// The thread waits for something that happens only after the collection: if
// the collection waited for the thread, this would never end.
TEST_F(SafepointsTest, ABlockedThreadIsNeverWokenForACollection) {
  TestMutator mutator(heap_);
  Gate blocked;
  Gate collected;
  std::uint64_t parks = 0;
  std::thread thread([&] {
    TestMutator other(heap_);
    {
      const BlockingRegion region(other);
      blocked.Open();
      collected.Wait();
      ++parks;
    }
  });
  blocked.Wait();
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(Minor(mutator));
  EXPECT_EQ(parks, 0u);
  collected.Open();
  thread.join();
}

// The listener runs with the world stopped, and opens the gate that the thread
// needs to leave its region.
TEST_F(SafepointsTest, LeavingABlockingRegionWaitsForTheCollection) {
  class OpensGate : public CollectionListener {
   public:
    void OnCollection(const CollectionEvent&) override {
      gate.Open();
      for (int i = 0; i < 100; ++i) {
        std::this_thread::yield();
        EXPECT_FALSE(left.load());
      }
      last = true;
    }
    Gate gate;
    std::atomic<bool> left{false};
    bool last = false;  // Not atomic: leaving must come after it.
  };
  OpensGate listener;
  TestMutator mutator(heap_);
  heap_.AddListener(&listener);
  Gate blocked;
  std::thread thread([&] {
    TestMutator other(heap_);
    {
      const BlockingRegion region(other);
      blocked.Open();
      listener.gate.Wait();
    }
    listener.left = true;
    EXPECT_TRUE(listener.last);
  });
  blocked.Wait();
  EXPECT_TRUE(Minor(mutator));
  thread.join();
  heap_.RemoveListener(&listener);
}

TEST_F(SafepointsTest, ThreadsComeAndGoWhileOthersCollect) {
  constexpr int kThreads = 4;
  constexpr int kRounds = 200;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      for (int round = 0; round < kRounds; ++round) {
        TestMutator mutator(heap_);
        const HandleScope<PlainModel> scope(mutator);
        const Local<PlainModel> local(mutator, MakeObject(mutator, 1));
        mutator.Write(SlotOf(mutator, local.get(), 0), local.get());
        if ((round + i) % 4 == 0) Minor(mutator);
        if ((round + i) % 4 == 1) {
          const BlockingRegion region(mutator);
          std::this_thread::yield();
        }
        EXPECT_EQ(*SlotOf(mutator, local.get(), 0), local.get());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(heap_.safepoints().mutators().empty());
  EXPECT_EQ(heap_.allocated_bytes(),
            kThreads * kRounds * ModelTraits<PlainModel>::SizeFor(1, 0));
}

TEST_F(SafepointsTest, OfTwoThreadsThatCollectAtLeastOneDoes) {
  constexpr int kThreads = 4;
  constexpr int kRounds = 100;
  std::atomic<std::uint64_t> collected{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      TestMutator mutator(heap_);
      for (int round = 0; round < kRounds; ++round) {
        if (Minor(mutator)) ++collected;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(heap_.collections(CollectionKind::kMinor), collected.load());
  EXPECT_GE(collected.load(), std::uint64_t{kRounds});
}

TEST_F(SafepointsTest, HandlesOfABlockedThreadAreUpdated) {
  TestMutator mutator(heap_);
  Gate blocked;
  Gate collected;
  std::thread thread([&] {
    TestMutator other(heap_);
    const HandleScope<PlainModel> scope(other);
    const Local<PlainModel> local(other, MakeObject(other, 1));
    const auto before = local.get();
    *SlotOf(other, before, 0) = ModelTraits<PlainModel>::Immediate(7);
    {
      const BlockingRegion region(other);
      blocked.Open();
      collected.Wait();
    }
    EXPECT_NE(local.get(), before);
    EXPECT_EQ(*SlotOf(other, local.get(), 0),
              ModelTraits<PlainModel>::Immediate(7));
  });
  blocked.Wait();
  EXPECT_TRUE(Minor(mutator));
  collected.Open();
  thread.join();
}

TEST_F(SafepointsTest, ListenersComeAndGoWhileThreadsCollect) {
  class Counts : public CollectionListener {
   public:
    void OnCollection(const CollectionEvent&) override { ++count; }
    std::uint64_t count = 0;
  };
  std::atomic<bool> done{false};
  std::thread collector([&] {
    TestMutator mutator(heap_);
    while (!done.load(std::memory_order_relaxed)) Minor(mutator);
  });
  for (int i = 0; i < 200; ++i) {
    Counts listeners[8];
    for (Counts& listener : listeners) heap_.AddListener(&listener);
    std::this_thread::yield();
    for (Counts& listener : listeners) heap_.RemoveListener(&listener);
    // Not called any more: it may end.
  }
  done = true;
  collector.join();
}

TEST_F(SafepointsTest, RootsAreRegisteredWhileThreadsCollect) {
  std::atomic<bool> done{false};
  std::thread collector([&] {
    TestMutator mutator(heap_);
    while (!done.load(std::memory_order_relaxed)) Minor(mutator);
  });
  for (int i = 0; i < 200; ++i) {
    std::vector<PlainModel::Value> slots(100);
    const auto roots = heap_.RegisterRoots(slots);
    std::this_thread::yield();
  }
  done = true;
  collector.join();
}

}  // namespace
}  // namespace fledge::gc
