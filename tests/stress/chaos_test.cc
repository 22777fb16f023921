// Many more threads than processors come, go, block, allocate and refer weakly
// in one heap, while it is stressed and verified.

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gc/handles.h"
#include "gc/heap.h"
#include "gc/heap_options.h"
#include "gc/mutator.h"
#include "tests/support/fake_models.h"
#include "tests/support/fake_programs.h"
#include "tests/support/heap_objects.h"
#include "tests/support/model_traits.h"
#include "tests/support/program_settings.h"
#include "tests/support/random.h"
#include "tests/support/sanitizers.h"
#include "tests/support/seed.h"
#include "tests/support/shadow_graph.h"
#include "tests/support/weak_entries.h"

namespace fledge {
namespace {

constexpr std::uint64_t kThreads = 32;
// Of a thread, each with a mutator of its own.
constexpr int kStays = kSanitized ? 2 : 6;
constexpr std::size_t kPayloadBytes = 40;

// Objects that threads hand to each other: registered roots under a mutex. A
// thread waits for it in a blocking region, as for anything else.
template <typename M>
class Exchange {
 public:
  using Value = typename M::Value;
  using Traits = ModelTraits<M>;

  explicit Exchange(gc::Heap<M>& heap) : roots_(heap.RegisterRoots(slots_)) {}

  // Puts a new object in a place and takes out what was there: whether it is
  // what some thread had put in.
  bool Trade(gc::Mutator<M>& mutator, Random& random) {
    const gc::HandleScope<M> scope(mutator);
    const NodeId id = 1 + random.Below(1'000'000);
    const Value made =
        TryMakeObject(mutator, 1, kPayloadBytes,
                      random.OneIn(4) ? gc::AllocationKind::kTracedOld
                                      : gc::AllocationKind::kTraced);
    if (made == Traits::NullValue()) return true;
    const gc::Local<M> mine(mutator, made);
    const Address object = Traits::ObjectOf(mutator.model(), made);
    FillPayload(id, Traits::Raw(object));

    gc::Local<M> theirs(mutator, Traits::NullValue());
    std::optional<gc::PinScope<M>> pin;
    std::unique_lock lock(mutex_, std::defer_lock);
    {
      const gc::BlockingRegion region(mutator);
      // So long that others collect meanwhile, and are not done yet.
      std::this_thread::sleep_for(std::chrono::microseconds(random.Below(200)));
      lock.lock();
    }
    const std::size_t i = random.Below(kPlaces);
    const NodeId their_id = std::exchange(ids_[i], id);
    theirs.set(slots_[i]);
    mutator.WriteRoot(*roots_, &slots_[i], mine.get());
    lock.unlock();

    if (their_id == 0) return theirs.get() == Traits::NullValue();
    if (random.OneIn(4)) pin.emplace(mutator, theirs);
    // What they refer to from now on is one more thing to keep alive.
    mutator.Write(SlotOf(mutator, theirs.get(), 0), mine.get());
    if (random.OneIn(4)) mutator.Collect(gc::CollectionKind::kMinor);
    const Address found = Traits::ObjectOf(mutator.model(), theirs.get());
    return !FirstWrongByte(their_id, Traits::Raw(found)).has_value() &&
           *Traits::Slot(found, 0) == mine.get() &&
           (!pin.has_value() || pin->object() == found);
  }

 private:
  static constexpr std::size_t kPlaces = 100;

  std::mutex mutex_;
  std::array<Value, kPlaces> slots_{};
  std::array<NodeId, kPlaces> ids_{};  // Of the objects in them.
  const decltype(std::declval<gc::Heap<M>&>().RegisterRoots({})) roots_;
};

// Objects that threads refer to weakly: as keys of a table, and guarded. A
// mutex makes both any thread's, as in runtime/finalizers.h; it is never held
// where a collection may run, so that who waits for it needs no blocking
// region.
template <typename M>
class WeakExchange {
 public:
  using Value = typename M::Value;
  using Traits = ModelTraits<M>;

  explicit WeakExchange(gc::Heap<M>& heap)
      : registered_table_(heap.RegisterWeakSet(table_)),
        registered_guardian_(heap.RegisterWeakSet(guardian_)) {}

  // Puts a new object into a place of both, and looks there after a while:
  // whether they have it as long as this thread holds it, and what other
  // threads put there is what they made.
  bool Use(gc::Mutator<M>& mutator, Random& random) {
    const gc::HandleScope<M> scope(mutator);
    const NodeId id = next_id_.fetch_add(2);
    const gc::Local<M> key(mutator, Make(mutator, random, id));
    gc::Local<M> value(mutator, Make(mutator, random, id + 1));
    if (key.get() == Traits::NullValue() ||
        value.get() == Traits::NullValue()) {
      return true;
    }
    const auto i = static_cast<std::uint32_t>(random.Below(kPlaces));
    {
      const std::lock_guard lock(mutex_);
      table_.Put(mutator, i, key.get(), value.get());
      in_table_[i] = id;
      if (guardian_[i].state == State::kUnused) {
        guardian_.Put(mutator, i, key.get(), Traits::NullValue());
        guarded_[i] = id;
      }
    }
    value.set(Traits::NullValue());  // From here on the key alone keeps it.
    DoSomethingElse(mutator, random);

    gc::Local<M> returned(mutator, Traits::NullValue());
    NodeId returned_id = 0;
    {
      const std::lock_guard lock(mutex_);
      if (!IsRight(mutator, i)) return false;
      if (in_table_[i] == id &&
          !(table_.IsThere(i) && table_[i].key == key.get())) {
        return false;
      }
      if (guarded_[i] == id &&
          !(guardian_.IsThere(i) && guardian_[i].key == key.get())) {
        return false;
      }
      if (guardian_[i].state == State::kReturned) {
        returned.set(guardian_[i].key);
        returned_id = std::exchange(guarded_[i], 0);
        guardian_.Remove(i);
      }
    }
    if (returned_id == 0) return true;
    DoSomethingElse(mutator, random);
    return Is(mutator, returned.get(), returned_id);
  }

  // When nobody holds anything any more: whether all that is guarded is
  // returned, and the table has nothing after that. REQUIRES: the heap
  // collects.
  bool EndsEmpty(gc::Mutator<M>& mutator) {
    mutator.Collect(gc::CollectionKind::kMajor);
    for (std::uint32_t i = 0; i < kPlaces; ++i) {
      if (guardian_.IsThere(i) || !IsRight(mutator, i)) return false;
      guardian_.Remove(i);
    }
    mutator.Collect(gc::CollectionKind::kMajor);
    for (std::uint32_t i = 0; i < kPlaces; ++i) {
      if (table_.IsThere(i)) return false;
    }
    return true;
  }

 private:
  using Entries = WeakEntries<M>;
  using State = typename Entries::State;
  using Registration =
      std::unique_ptr<gc::WeakSet<M>, std::function<void(gc::WeakSet<M>*)>>;

  // So few that threads meet.
  static constexpr std::size_t kPlaces = 40;

  // Null if there is no memory.
  static Value Make(gc::Mutator<M>& mutator, Random& random, NodeId id) {
    const Value made =
        TryMakeObject(mutator, 1, kPayloadBytes,
                      random.OneIn(4) ? gc::AllocationKind::kTracedOld
                                      : gc::AllocationKind::kTraced);
    if (made != Traits::NullValue()) {
      FillPayload(id, Traits::Raw(Traits::ObjectOf(mutator.model(), made)));
    }
    return made;
  }
  static bool Is(gc::Mutator<M>& mutator, Value value, NodeId id) {
    const Address object = Traits::ObjectOf(mutator.model(), value);
    return object != kNullAddress &&
           !FirstWrongByte(id, Traits::Raw(object)).has_value();
  }
  static void DoSomethingElse(gc::Mutator<M>& mutator, Random& random) {
    switch (random.Below(4)) {
      case 0:
        mutator.Collect(gc::CollectionKind::kMinor);
        return;
      case 1: {
        const gc::BlockingRegion region(mutator);
        std::this_thread::sleep_for(
            std::chrono::microseconds(random.Below(200)));
        return;
      }
      default:
        mutator.Safepoint();
    }
  }

  // Under the lock: whether what is in a place is what was put there.
  bool IsRight(gc::Mutator<M>& mutator, std::uint32_t i) const {
    const bool is_in_table = table_.IsThere(i);
    if (is_in_table && !(Is(mutator, table_[i].key, in_table_[i]) &&
                         Is(mutator, table_[i].value, in_table_[i] + 1))) {
      return false;
    }
    if (guardian_[i].state == State::kUnused) return true;
    // What the guardian keeps, the table has.
    return Is(mutator, guardian_[i].key, guarded_[i]) &&
           (is_in_table || guarded_[i] != in_table_[i]);
  }

  std::atomic<NodeId> next_id_{1};
  std::mutex mutex_;
  Entries table_{WeakKind::kEphemeron, kPlaces};
  Entries guardian_{WeakKind::kGuardian, kPlaces};
  std::array<NodeId, kPlaces> in_table_{};  // Of what was put there.
  std::array<NodeId, kPlaces> guarded_{};
  const Registration registered_table_;
  const Registration registered_guardian_;
};

template <typename M>
class ChaosTest : public ::testing::Test {
 protected:
  // What a thread does from when it attaches until it detaches.
  static void Stay(gc::Heap<M>& heap, Exchange<M>& exchange,
                   WeakExchange<M>& shared, std::uint64_t seed) {
    Random random(seed);
    gc::Mutator<M> mutator(heap);
    WeakExchange<M> own(heap);
    for (int i = 0; i < 5; ++i) {
      switch (random.Below(5)) {
        case 0: {
          const auto difference =
              RandomProgram<M>(heap, mutator,
                               {.seed = random.Next(),
                                .operations = 200,
                                .most_live_bytes = 16 * kKiB,
                                .shapes = {.largest_object_bytes = 64 * kKiB},
                                .company = Company::kShared,
                                .one_in_compares = 100})
                  .Run();
          EXPECT_FALSE(difference.has_value()) << *difference;
          break;
        }
        case 1: {
          const gc::BlockingRegion region(mutator);
          std::this_thread::sleep_for(
              std::chrono::microseconds(random.Below(500)));
          break;
        }
        case 2:
          std::this_thread::yield();
          mutator.Safepoint();
          break;
        case 3:
          for (int uses = 0; uses < 20; ++uses) {
            EXPECT_TRUE(shared.Use(mutator, random)) << "seed " << seed;
            EXPECT_TRUE(own.Use(mutator, random)) << "seed " << seed;
          }
          break;
        default:
          for (int trades = 0; trades < 20; ++trades) {
            EXPECT_TRUE(exchange.Trade(mutator, random)) << "seed " << seed;
          }
      }
    }
  }

  static void Run(gc::Policy policy, gc::Pretenure pretenure) {
    gc::HeapOptions options;
    options.policy = policy;
    options.pretenure = pretenure;
    options.max_heap_bytes = policy == gc::Policy::kNoGc ? kGiB : 64 * kMiB;
    options.nursery_bytes = 256 * kKiB;
    options.verify = gc::Verify::kOn;
    options.stress.random = 200;
    options.stress.major = 4;
    options.stress.seed = TestSeed();
    gc::Heap<M> heap(options);
    {
      Exchange<M> exchange(heap);
      WeakExchange<M> shared(heap);
      std::vector<std::thread> threads;
      for (std::uint64_t i = 0; i < kThreads; ++i) {
        threads.emplace_back([&heap, &exchange, &shared, i] {
          for (int stay = 0; stay < kStays; ++stay) {
            Stay(heap, exchange, shared,
                 TestSeed() + i * kStays + static_cast<std::uint64_t>(stay));
          }
        });
      }
      for (std::thread& thread : threads) thread.join();
      if (heap.policy().collects) {
        gc::Mutator<M> last(heap);
        EXPECT_TRUE(shared.EndsEmpty(last));
      }
    }
    if (!heap.policy().collects) return;
    EXPECT_GT(heap.collections(gc::CollectionKind::kMajor), 10u);
    gc::Mutator<M> last(heap);
    EXPECT_EQ(heap.Summarize(last).objects, 0u);
  }
};

TYPED_TEST_SUITE(ChaosTest, FakeModels, ModelNames);

TYPED_TEST(ChaosTest, ThirtyTwoThreadsLoseNothing) {
  for (const gc::Policy policy : kPolicies) {
    SCOPED_TRACE(NameOf(policy));
    this->Run(policy, gc::Pretenure::kOff);
  }
}

TYPED_TEST(ChaosTest, ThirtyTwoThreadsLoseNothingThatIsBornOld) {
  for (const gc::Policy policy :
       {gc::Policy::kGenCopy, gc::Policy::kGenImmix}) {
    SCOPED_TRACE(NameOf(policy));
    this->Run(policy, gc::Pretenure::kOn);
  }
}

}  // namespace
}  // namespace fledge
