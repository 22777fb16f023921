// Many more threads than processors come, go, block and allocate in one heap,
// while it is stressed and verified.

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdint>
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

template <typename M>
class ChaosTest : public ::testing::Test {
 protected:
  // What a thread does from when it attaches until it detaches.
  static void Stay(gc::Heap<M>& heap, Exchange<M>& exchange,
                   std::uint64_t seed) {
    Random random(seed);
    gc::Mutator<M> mutator(heap);
    for (int i = 0; i < 4; ++i) {
      switch (random.Below(4)) {
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
        default:
          for (int trades = 0; trades < 20; ++trades) {
            EXPECT_TRUE(exchange.Trade(mutator, random)) << "seed " << seed;
          }
      }
    }
  }
};

TYPED_TEST_SUITE(ChaosTest, FakeModels, ModelNames);

TYPED_TEST(ChaosTest, ThirtyTwoThreadsLoseNothing) {
  for (const gc::Policy policy : kPolicies) {
    SCOPED_TRACE(NameOf(policy));
    gc::HeapOptions options;
    options.policy = policy;
    options.max_heap_bytes = policy == gc::Policy::kNoGc ? kGiB : 64 * kMiB;
    options.nursery_bytes = 256 * kKiB;
    options.verify = gc::Verify::kOn;
    options.stress.random = 200;
    options.stress.major = 4;
    options.stress.seed = TestSeed();
    gc::Heap<TypeParam> heap(options);
    {
      Exchange<TypeParam> exchange(heap);
      std::vector<std::thread> threads;
      for (std::uint64_t i = 0; i < kThreads; ++i) {
        threads.emplace_back([&heap, &exchange, i] {
          for (int stay = 0; stay < kStays; ++stay) {
            TestFixture::Stay(
                heap, exchange,
                TestSeed() + i * kStays + static_cast<std::uint64_t>(stay));
          }
        });
      }
      for (std::thread& thread : threads) thread.join();
    }
    if (!heap.policy().collects) continue;
    EXPECT_GT(heap.collections(gc::CollectionKind::kMajor), 10u);
    gc::Mutator<TypeParam> last(heap);
    EXPECT_EQ(heap.Summarize(last).objects, 0u);
  }
}

}  // namespace
}  // namespace fledge
