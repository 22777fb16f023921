// In which order a copying collector had best copy: what it costs to copy, and
// what the program then pays to walk the copies.
//
// Prototypes on a heap of their own, so that nothing but the order differs:
// 32-byte objects with a header, two references and a number.
//
//   BreadthFirst       Cheney: scan what was copied, in the order of copying;
//                      and the same, prefetching some objects ahead of the
//                      scan.
//   DepthFirst<0>      a stack of slots.
//   DepthFirst<N>      the same behind a queue of N slots whose targets are
//                      being prefetched: what gc/tracer.h does.
//   Hierarchical<N>    breadth first within a block of N bytes, and blocks
//                      breadth first: Wilson, Lam and Moher, PLDI 1991.
//   NearFirst<N>       as DepthFirst<N>, but the stack's top does not queue if
//                      its target lies a little behind the last object: it is
//                      in the cache.
//   HotFirst<N>        as DepthFirst<N>, but the one field that the program
//                      uses most is followed at once, so that its target comes
//                      right behind the object: Huang et al., OOPSLA 2004.
//
// Arguments: shape (0 a tree, 1 lists, 2 a graph), whether objects lie in
// allocation order (0) or anywhere (1), and KiB of objects. Time is that of
// copying; "copy", "walk" and "path" are seconds for one object: copied,
// visited depth first in the copy, and visited on the hot path (random descents
// in the tree, spines of lists, random walks in the graph).
//
// docs/design/tracing.md has the table.
//
// Making a large heap takes longer than to copy it, and one is kept for all
// orders: choose one shape, place and size for a run that interleaves orders.
//
//   build/release/fledge_benchmarks --benchmark_filter='CopyOrder.*/0/1/262144'

#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <numeric>
#include <random>
#include <tuple>
#include <utility>
#include <vector>

#include "allocator/base/address.h"
#include "allocator/base/check.h"

namespace fledge {
namespace {

struct Object {
  std::uint64_t header;  // 0, or the copy's address plus 1.
  Object* first;
  Object* second;
  std::uint64_t number;

  bool is_forwarded() const { return (header & 1) != 0; }
  Object* copy() const { return reinterpret_cast<Object*>(header & ~1ull); }
};
static_assert(sizeof(Object) == 32);

enum class Shape : std::uint8_t { kTree, kLists, kGraph };
enum class Place : std::uint8_t { kAllocationOrder, kAnywhere };

constexpr std::size_t kLists = 64;

// A slot to visit, with what was seen in it: as gc/work_stack.h has them.
struct Item {
  Object** slot;
  Object* target;
};

class Space {
 public:
  Space(Shape shape, Place place, std::size_t bytes)
      : shape_(shape),
        from_(bytes / sizeof(Object)),
        to_(from_.size()),
        stack_(from_.size() + kLists),
        places_(from_.size()) {
    std::iota(places_.begin(), places_.end(), 0);
    if (place == Place::kAnywhere) {
      std::shuffle(places_.begin(), places_.end(), random_);
    }
    if (shape == Shape::kLists) {
      for (std::size_t i = 0; i < kLists; ++i) {
        roots_.push_back(MakeList(from_.size() / kLists / 2));
      }
    } else {
      roots_.push_back(MakeTree(from_.size()));
    }
    objects_ = next_;
    if (shape == Shape::kGraph) AddCrossEdges();
    places_ = {};
    image_ = from_;
    first_roots_ = roots_;
  }

  // As before the copy.
  void Restore() {
    std::memcpy(from_.data(), image_.data(), image_.size() * sizeof(Object));
    roots_ = first_roots_;
  }

  std::size_t objects() const { return objects_; }
  std::vector<Object*>& roots() { return roots_; }
  Object* to() { return to_.data(); }
  Item* stack() { return stack_.data(); }
  // The slot that the program follows most.
  bool is_second_hot() const { return shape_ == Shape::kLists; }

  // Visits every object of the copy, depth first. Returns a sum.
  std::uint64_t Walk() {
    std::uint64_t sum = 0;
    Object** const bottom = reinterpret_cast<Object**>(stack_.data());
    for (Object* root : roots_) {
      Object** top = bottom;
      *top++ = root;
      while (top != bottom) {
        Object* const object = *--top;
        if (shape_ == Shape::kGraph) {
          if (std::exchange(object->header, 2) == 2) continue;
        }
        sum += object->number;
        if (object->second != nullptr) *top++ = object->second;
        if (object->first != nullptr) *top++ = object->first;
      }
    }
    return sum;
  }

  // Visits as many objects by the paths that the shape's program takes, and
  // returns how many that were.
  std::size_t WalkPaths() {
    std::uint64_t sum = 0;
    std::size_t visited = 0;
    if (shape_ == Shape::kLists) {
      for (const Object* root : roots_) {
        for (; root != nullptr; root = root->second, ++visited) {
          sum += root->number;
        }
      }
    } else {
      constexpr std::size_t kMostVisits = 1'000'000;
      std::uint64_t bits = 88172645463325252;
      const Object* object = roots_[0];
      for (; visited < std::min(objects_, kMostVisits); ++visited) {
        bits ^= bits << 13;
        bits ^= bits >> 7;
        bits ^= bits << 17;
        sum += object->number;
        object = (bits & 1) != 0 ? object->first : object->second;
        if (object == nullptr) object = roots_[0];
      }
    }
    benchmark::DoNotOptimize(sum);
    return visited;
  }

 private:
  Object* Take() {
    Object* const object = &from_[places_[next_++]];
    *object = {0, nullptr, nullptr, next_};
    return object;
  }
  Object* MakeTree(std::size_t count) {
    if (count == 0) return nullptr;
    Object* const object = Take();
    const std::size_t left = (count - 1) / 2;
    object->first = MakeTree(left);
    object->second = MakeTree(count - 1 - left);
    return object;
  }
  // Cells whose first field is an item and whose second is the next cell.
  Object* MakeList(std::size_t cells) {
    Object* head = nullptr;
    Object** end = &head;
    for (std::size_t i = 0; i < cells; ++i) {
      Object* const cell = Take();
      cell->first = Take();
      *end = cell;
      end = &cell->second;
    }
    return head;
  }
  // Leaves of the tree refer to objects anywhere.
  void AddCrossEdges() {
    for (Object& object : from_) {
      for (Object** slot : {&object.first, &object.second}) {
        if (*slot == nullptr) *slot = &from_[random_() % from_.size()];
      }
    }
  }

  const Shape shape_;
  std::vector<Object> from_;
  std::vector<Object> to_;
  std::vector<Object> image_;
  std::vector<Item> stack_;
  std::vector<std::uint32_t> places_;
  std::vector<Object*> roots_;
  std::vector<Object*> first_roots_;
  std::mt19937_64 random_{1};
  std::size_t next_ = 0;
  std::size_t objects_ = 0;
};

// Copies to `free`, which advances, and leaves the address behind.
[[gnu::always_inline]] inline Object* Evacuate(Object* object, Object*& free) {
  Object* const to = free++;
  *to = *object;
  object->header = reinterpret_cast<std::uint64_t>(to) + 1;
  return to;
}

[[gnu::always_inline]] inline void Forward(Object** slot, Object*& free) {
  Object* const object = *slot;
  if (object == nullptr) return;
  *slot = object->is_forwarded() ? object->copy() : Evacuate(object, free);
}

// The orders. Each copies everything and returns the end of the copies.

template <std::size_t kAhead>
struct BreadthFirst {
  [[gnu::noinline]] static Object* Copy(Space& space) {
    Object* scan = space.to();
    Object* free = scan;
    for (Object*& root : space.roots()) Forward(&root, free);
    for (; scan != free; ++scan) {
      if (kAhead != 0 && scan + kAhead < free) {
        __builtin_prefetch(scan[kAhead].first, 1);
        __builtin_prefetch(scan[kAhead].second, 1);
      }
      Forward(&scan->first, free);
      Forward(&scan->second, free);
    }
    return free;
  }
};

// A stack of items behind a ring of `kSize` whose targets are prefetched.
template <std::size_t kSize>
class Items {
 public:
  explicit Items(Item* bottom) : bottom_(bottom), top_(bottom) {}

  void Push(Object** slot) {
    if (*slot != nullptr) *top_++ = {slot, *slot};
  }
  // Takes the last item pushed if its target begins less than `bytes` behind
  // the target of `item`.
  bool PopNear(Item& item, std::size_t bytes) {
    if (top_ == bottom_) return false;
    const Address distance = reinterpret_cast<Address>(top_[-1].target) -
                             reinterpret_cast<Address>(item.target);
    if (distance >= bytes) return false;
    item = *--top_;
    return true;
  }
  bool Pop(Item& item) {
    if constexpr (kSize == 0) {
      if (top_ == bottom_) return false;
      item = *--top_;
      return true;
    } else {
      while (top_ != bottom_) {
        const Item next = *--top_;
        __builtin_prefetch(next.target, 1);
        if (count_ == kSize) {
          item = std::exchange(ring_[head_], next);
          head_ = (head_ + 1) % kSize;
          return true;
        }
        ring_[(head_ + count_++) % kSize] = next;
      }
      if (count_ == 0) return false;
      item = ring_[head_];
      head_ = (head_ + 1) % kSize;
      --count_;
      return true;
    }
  }

 private:
  Item* const bottom_;
  Item* top_;
  std::array<Item, kSize> ring_;
  std::size_t head_ = 0;
  std::size_t count_ = 0;
};

template <std::size_t kQueue>
struct DepthFirst {
  [[gnu::noinline]] static Object* Copy(Space& space) {
    Object* free = space.to();
    Items<kQueue> items(space.stack());
    for (Object*& root : space.roots()) items.Push(&root);
    for (Item item; items.Pop(item);) {
      if (item.target->is_forwarded()) {
        *item.slot = item.target->copy();
        continue;
      }
      Object* const copy = Evacuate(item.target, free);
      *item.slot = copy;
      items.Push(&copy->second);
      items.Push(&copy->first);
    }
    return free;
  }
};

template <std::size_t kQueue>
struct NearFirst {
  static constexpr std::size_t kNearBytes = 256;

  [[gnu::noinline]] static Object* Copy(Space& space) {
    Object* free = space.to();
    Items<kQueue> items(space.stack());
    for (Object*& root : space.roots()) items.Push(&root);
    for (Item item; items.Pop(item);) {
      do {
        if (item.target->is_forwarded()) {
          *item.slot = item.target->copy();
          continue;
        }
        Object* const copy = Evacuate(item.target, free);
        *item.slot = copy;
        items.Push(&copy->second);
        items.Push(&copy->first);
      } while (items.PopNear(item, kNearBytes));
    }
    return free;
  }
};

template <std::size_t kQueue>
struct HotFirst {
  [[gnu::noinline]] static Object* Copy(Space& space) {
    Object* free = space.to();
    const bool is_second_hot = space.is_second_hot();
    Items<kQueue> items(space.stack());
    for (Object*& root : space.roots()) items.Push(&root);
    for (Item item; items.Pop(item);) {
      // Along the hot fields, until there is nothing new.
      while (item.target != nullptr) {
        if (item.target->is_forwarded()) {
          *item.slot = item.target->copy();
          break;
        }
        Object* const copy = Evacuate(item.target, free);
        *item.slot = copy;
        Object** hot = &copy->first;
        Object** cold = &copy->second;
        if (is_second_hot) std::swap(hot, cold);
        items.Push(cold);
        item = {hot, *hot};
      }
    }
    return free;
  }
};

template <std::size_t kBlockBytes>
struct Hierarchical {
  static constexpr std::size_t kObjects = kBlockBytes / sizeof(Object);

  [[gnu::noinline]] static Object* Copy(Space& space) {
    Object* const to = space.to();
    Object* free = to;
    // How far each block is scanned.
    std::vector<Object*> scanned(space.objects() / kObjects + 2);
    for (std::size_t i = 0; i < scanned.size(); ++i) {
      scanned[i] = to + i * kObjects;
    }
    std::size_t oldest = 0;  // The first block not wholly scanned.
    std::size_t newest = 0;  // The block being filled.
    for (Object*& root : space.roots()) Forward(&root, free);
    for (;;) {
      newest = static_cast<std::size_t>(free - to) / kObjects;
      std::size_t block = newest;
      if (scanned[newest] == free) {
        while (oldest < newest &&
               scanned[oldest] == to + (oldest + 1) * kObjects) {
          ++oldest;
        }
        if (oldest == newest) return free;
        block = oldest;
      }
      // When the copies reach another block, that one is scanned next.
      Object*& scan = scanned[block];
      Object* const object = scan++;
      Forward(&object->first, free);
      Forward(&object->second, free);
    }
  }
};

// One at a time, kept for the next order that wants the same.
Space* SpaceFor(std::int64_t shape, std::int64_t place, std::int64_t kib) {
  static std::unique_ptr<Space> space;
  static std::tuple<std::int64_t, std::int64_t, std::int64_t> made;
  const std::tuple wanted(shape, place, kib);
  if (space == nullptr || made != wanted) {
    space.reset();
    space = std::make_unique<Space>(static_cast<Shape>(shape),
                                    static_cast<Place>(place),
                                    static_cast<std::size_t>(kib) * kKiB);
    made = wanted;
  }
  return space.get();
}

template <typename Order>
void CopyOrder(benchmark::State& state) {
  using Clock = std::chrono::steady_clock;
  using Seconds = std::chrono::duration<double>;
  Space* const space = SpaceFor(state.range(0), state.range(1), state.range(2));
  const auto objects = static_cast<double>(space->objects());
  double copy_seconds = 0;
  double walk_seconds = 0;
  double path_seconds = 0;
  for (auto _ : state) {
    space->Restore();
    const auto start = Clock::now();
    const Object* const end = Order::Copy(*space);
    const auto copied = Clock::now();
    FLEDGE_CHECK(end == space->to() + space->objects(), "objects are lost");
    const auto walk = Clock::now();
    benchmark::DoNotOptimize(space->Walk());
    const auto walked = Clock::now();
    const auto visits = static_cast<double>(space->WalkPaths());
    path_seconds += Seconds(Clock::now() - walked).count() / visits;
    walk_seconds += Seconds(walked - walk).count() / objects;
    copy_seconds += Seconds(copied - start).count() / objects;
    state.SetIterationTime(Seconds(copied - start).count());
  }
  const auto per_iteration = benchmark::Counter::kAvgIterations;
  state.counters["copy"] = benchmark::Counter(copy_seconds, per_iteration);
  state.counters["walk"] = benchmark::Counter(walk_seconds, per_iteration);
  state.counters["path"] = benchmark::Counter(path_seconds, per_iteration);
}

// In cache, and far beyond it.
#define FLEDGE_COPY_ORDER_BENCHMARK(...)               \
  BENCHMARK_TEMPLATE(CopyOrder, __VA_ARGS__)           \
      ->ArgsProduct({{0, 1, 2}, {0, 1}, {256}})        \
      ->Iterations(200)                                \
      ->UseManualTime();                               \
  BENCHMARK_TEMPLATE(CopyOrder, __VA_ARGS__)           \
      ->ArgsProduct({{0, 1, 2}, {0, 1}, {256 * 1024}}) \
      ->Iterations(1)                                  \
      ->UseManualTime()

FLEDGE_COPY_ORDER_BENCHMARK(BreadthFirst<0>);
FLEDGE_COPY_ORDER_BENCHMARK(BreadthFirst<8>);
FLEDGE_COPY_ORDER_BENCHMARK(DepthFirst<0>);
FLEDGE_COPY_ORDER_BENCHMARK(DepthFirst<16>);
FLEDGE_COPY_ORDER_BENCHMARK(DepthFirst<32>);
FLEDGE_COPY_ORDER_BENCHMARK(Hierarchical<4096>);
FLEDGE_COPY_ORDER_BENCHMARK(NearFirst<16>);
FLEDGE_COPY_ORDER_BENCHMARK(HotFirst<0>);
FLEDGE_COPY_ORDER_BENCHMARK(HotFirst<16>);

}  // namespace
}  // namespace fledge
