// RandomProgram: heap operations at random, each also done on a shadow.
//
// Allocates objects of all sizes, kinds and shapes, writes slots in every way
// that a program may, holds roots of every kind in nested scopes, pins, asks
// for collections, runs out of memory, and compares heap and shadow as it goes.
// What it does follows from its choices alone, but for what stress and other
// threads add. It uses only what an embedder may use.
//
// Under a policy that does not collect it ends when memory does.
//
// The file is longer than others: any step may follow any other, and all share
// the shadow, the roots and the choices.
//
// Threads: one program for each mutator; several may share a heap, as their
// objects have nothing to do with each other.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "allocator/base/address.h"
#include "allocator/base/check.h"
#include "gc/collection.h"
#include "gc/heap.h"
#include "tests/support/crash_note.h"
#include "tests/support/graph_comparison.h"
#include "tests/support/heap_objects.h"
#include "tests/support/model_traits.h"
#include "tests/support/random.h"
#include "tests/support/random_frame.h"
#include "tests/support/random_shapes.h"
#include "tests/support/random_weak_sets.h"
#include "tests/support/seed.h"
#include "tests/support/shadow_graph.h"

namespace fledge {

// Whether a program may use more memory than its heap has.
enum class Memory : std::uint8_t {
  kAmple,  // The heap has room for several times most_live_bytes.
  kTight,  // It may not: the program drops roots when it runs out. Then it is
           // alone in its heap, whose out-of-memory handler it sets.
};

// Whether other programs share the heap: alone, a program knows how many
// objects are live in it.
enum class Company : std::uint8_t { kAlone, kShared };

struct RandomProgramOptions {
  // For messages; must live as long as the program.
  const char* name = "a random program";
  std::uint64_t seed = TestSeed();
  std::uint64_t operations = 20'000;
  // Beyond about so many live bytes the program drops roots.
  std::size_t most_live_bytes = kMiB;
  ShapeOptions shapes = {};
  Memory memory = Memory::kAmple;
  Company company = Company::kAlone;
  // One in so many operations, on average.
  std::uint64_t one_in_compares = 1'000;
  std::uint64_t one_in_collects = 200;  // Each fourth of them is major.
};

template <HasModelTraits M, typename Source = Random>
class RandomProgram {
 public:
  using Value = typename M::Value;

  // Borrows both.
  RandomProgram(gc::Heap<M>& heap, gc::Mutator<M>& mutator,
                const RandomProgramOptions& options)
      : RandomProgram(heap, mutator, options, Source(options.seed)) {}
  // The same, with choices from elsewhere; it ends when there are no more.
  RandomProgram(gc::Heap<M>& heap, gc::Mutator<M>& mutator,
                const RandomProgramOptions& options, Source choices)
      : heap_(heap),
        mutator_(mutator),
        options_(options),
        random_(std::move(choices)),
        note_(options.name, options.seed),
        weak_(heap, mutator, shadow_) {}

  // Runs the program. Returns nothing, or the first difference between heap
  // and shadow, which ends it, with seed and number of the operation.
  [[nodiscard]] std::optional<std::string> Run() {
    if (options_.memory == Memory::kTight) {
      heap_.SetOutOfMemoryHandler(
          [this](const gc::OutOfMemory&) { MakeRoom(); });
    }
    {
      const gc::HandleScope<M> scope(mutator_);
      const auto stack = heap_.RegisterStack(stack_.data(), &stack_top_);
      const auto frame = heap_.RegisterRootSource(frame_);
      for (std::size_t i = 0; i < kPersistents; ++i) {
        persistents_.emplace_back(mutator_, Traits::NullValue());
      }
      shadow_.roots().resize(kFixedRoots);
      for (std::size_t i = 0; i < kOutsideObjects; ++i) AddOutsideObject();
      RunFrame(0);
    }
    shadow_.roots().clear();
    persistents_.clear();
    outside_.clear();
    return difference_;
  }

  // Done so far.
  std::uint64_t operations() const { return operation_; }

 private:
  using Traits = ModelTraits<M>;
  using Comparison = GraphComparison<M>;

  static constexpr std::size_t kPersistents = 70;  // More than one chunk's.
  static constexpr std::size_t kOutsideObjects = 2;
  static constexpr std::size_t kOutsideSlots = 70;
  static constexpr std::size_t kStackSlots = 40;
  static constexpr std::size_t kFrameSlots = RandomFrame<M>::kSlots;
  // The shadow's roots: persistents, stack, frame, then locals.
  static constexpr std::size_t kFirstFrameSlot = kPersistents + kStackSlots;
  static constexpr std::size_t kFixedRoots = kFirstFrameSlot + kFrameSlots;
  // A pin takes a whole block, which tight memory may not have.
  static constexpr std::size_t kLargestPinnedBytes = 4 * kKiB;
  static constexpr int kDeepestFrame = 6;
  static constexpr std::size_t kLongestWalk = 12;

  // An object and its node; of a walk that led nowhere, nothing.
  struct Place {
    Address object = kNullAddress;
    NodeId node = 0;
  };
  // A value and what the shadow knows of it.
  using Known = typename RandomWeakSets<M>::Known;
  struct LocalRoot {
    gc::Local<M> local;
    bool is_constant;
  };
  using Registration = decltype(std::declval<gc::Heap<M>&>().RegisterRoots({}));
  // Memory for an object outside the heap.
  struct alignas(M::kAlignment) OutsideUnit {
    std::byte bytes[M::kAlignment];
  };
  // Static data that refers into the heap.
  struct OutsideObject {
    std::vector<OutsideUnit> memory;
    NodeId node;
    Registration roots;
  };

  bool failed() const { return difference_.has_value(); }
  bool done() const {
    return failed() || full_ || operation_ == options_.operations ||
           random_.exhausted();
  }

  void Fail(const std::string& what) {
    if (failed()) return;
    difference_ = what + "; operation " + std::to_string(operation_) + " of " +
                  options_.name + "; repeat with FLEDGE_TEST_SEED=" +
                  std::to_string(options_.seed);
  }
  // True if there is nothing wrong.
  bool Check(const std::optional<std::string>& wrong) {
    if (wrong.has_value()) Fail(*wrong);
    return !wrong.has_value();
  }

  // A function of the program: some roots of its own, operations, calls.
  void RunFrame(int depth) {
    const gc::HandleScope<M> scope(mutator_);
    const std::size_t first_local = locals_.size();
    for (std::uint64_t i = random_.Between(2, 10); i > 0; --i) {
      AddLocal(RandomValue());
    }
    std::optional<gc::PinScope<M>> pin;
    Place pinned;
    if (random_.OneIn(2)) {
      pinned = Walk();
      if (CanBePinned(pinned)) {
        AddLocal(KnownOf(pinned), /*is_constant=*/true);
        pin.emplace(mutator_, locals_.back().local);
        pinned_.push_back(pinned);
      }
    }

    while (!done()) {
      Operate();
      if (depth < deepest_frame() && random_.OneIn(100)) RunFrame(depth + 1);
      if (depth > 0 && random_.OneIn(100)) break;
    }
    if (depth == 0) CollectAndCompare();

    if (pin.has_value()) {
      if (!failed()) CheckPinned(*pin, pinned);
      pinned_.pop_back();
    }
    while (locals_.size() > first_local) locals_.pop_back();
    shadow_.roots().resize(kFixedRoots + first_local);
  }

  // The last local refers to `pinned` too.
  void CheckPinned(const gc::PinScope<M>& pin, Place pinned) {
    if (pin.object() != pinned.object ||
        ObjectOf(locals_.back().local.get()) != pinned.object) {
      Fail("pinned node " + std::to_string(pinned.node) + " has moved");
      return;
    }
    Check(Comparison(model(), shadow_).CheckObject(pinned.object, pinned.node));
  }

  void Operate() {
    ++operation_;
    note_.set_operation(operation_);
    const std::uint64_t choice = random_.Below(100);
    if (choice < 45) {
      Allocate();
    } else if (choice < 65) {
      WriteSlot();
    } else if (choice < 70) {
      CopySlots();
    } else if (choice < 74) {
      RewriteObject();
    } else if (choice < 75) {
      ShrinkObject();
    } else if (choice < 83) {
      SetRoot(RandomRoot(), RandomValue());
    } else if (choice < 86) {
      SetRoot(RandomRoot(), {});
    } else if (choice < 87) {
      random_.OneIn(8) ? RenewRegistration() : RenewPersistent();
    } else if (choice < 94) {
      ReadObject();
    } else if (choice < 95) {
      MoveStackTop();
    } else if (choice < 97) {
      AskForHash();
    } else if (choice < 98) {
      UseWeakSets();
    } else if (choice < 99) {
      if (!failed()) mutator_.Safepoint();
    } else {
      const gc::BlockingRegion region(mutator_);
    }
    if (random_.OneIn(options_.one_in_collects)) RandomCollection();
    if (random_.OneIn(options_.one_in_compares)) Compare();
    if (allocated_bytes_ > options_.most_live_bytes / 4) DropRoots();
  }

  void Allocate() {
    if (failed()) return;
    const Shape shape = RandomShape<M>(random_, options_.shapes);
    const gc::AllocationKind kind = RandomKind(random_, shape);
    const Value value =
        random_.OneIn(4) || !IsSureToFit(shape, kind)
            ? TryMakeObject(mutator_, shape.slots, shape.raw_bytes, kind)
            : MakeObject(mutator_, shape.slots, shape.raw_bytes, kind);
    rooms_made_ = 0;
    if (value == Traits::NullValue()) {
      full_ = !heap_.policy().collects;
      if (options_.memory == Memory::kTight) DropSomeRoots();
      return;
    }
    allocated_bytes_ += Traits::SizeFor(shape.slots, shape.raw_bytes);

    const Place place{ObjectOf(value),
                      shadow_.Add(shape.slots, shape.raw_bytes)};
    if (gc::IsImmovable(kind)) {
      shadow_.at(place.node).fixed_address = place.object;
    }
    if (random_.OneIn(3)) shadow_.at(place.node).disguise = AnyReference();
    FillPayload(place.node, Traits::Raw(place.object),
                shadow_.at(place.node).disguise);
    // A new object needs no barrier, and may have it.
    const bool plainly = random_.OneIn(2);
    for (std::size_t n = std::min<std::size_t>(shape.slots, 20); n > 0; --n) {
      const std::size_t i = random_.Below(shape.slots);
      plainly ? StorePlainly(place, i, RandomValue())
              : Store(place, i, RandomValue());
    }
    const Known known = KnownOf(place);
    const Place parent = Walk();
    if (random_.OneIn(2) && SlotCount(parent) > 0 && CanBeStored(place)) {
      Store(parent, random_.Below(SlotCount(parent)), known);
    } else {
      SetRoot(RandomRoot(), known);
    }
  }

  // Eight bytes of values that refer to an object, as it is now.
  std::uint64_t AnyReference() {
    const Place place = Walk();
    if (place.node == 0 || IsOutside(place)) return 0;
    std::array<Value, sizeof(std::uint64_t) / sizeof(Value)> values;
    values.fill(Traits::ReferenceTo(model(), place.object));
    return std::bit_cast<std::uint64_t>(values);
  }

  void WriteSlot() {
    const Place place = Walk();
    if (SlotCount(place) == 0) return;
    Store(place, random_.Below(SlotCount(place)), RandomValue());
  }

  // Of one object or between two, overlapping or not.
  void CopySlots() {
    const Place from = Walk();
    const Place to = random_.OneIn(2) ? from : Walk();
    const std::size_t most = std::min(SlotCount(from), SlotCount(to));
    if (most == 0 || IsOutside(from) || IsOutside(to)) return;
    const std::size_t count = random_.Between(1, most);
    const std::size_t first = random_.Below(SlotCount(from) - count + 1);
    const std::size_t target = random_.Below(SlotCount(to) - count + 1);
    mutator_.CopyRange(Traits::Slot(to.object, target),
                       Traits::Slot(from.object, first), count);

    const auto& source = shadow_.at(from.node).slots;
    const std::vector<ShadowEdge> edges(source.begin() + first,
                                        source.begin() + first + count);
    std::ranges::copy(edges, shadow_.at(to.node).slots.begin() + target);
  }

  // Plain stores, told of afterwards.
  void RewriteObject() {
    const Place place = Walk();
    if (SlotCount(place) == 0 || IsOutside(place)) return;
    for (std::uint64_t n = random_.Between(1, 8); n > 0; --n) {
      StorePlainly(place, random_.Below(SlotCount(place)), RandomValue());
    }
    mutator_.WroteObject(place.object);
  }

  // Takes slots and raw bytes away. An interior reference could be to the
  // bytes, and a hash may have a place of its own.
  void ShrinkObject() {
    const Place place = Walk();
    if (SlotCount(place) < 2 || IsOutside(place)) return;
    const ShadowNode& node = shadow_.at(place.node);
    if (node.identity_hash.has_value()) return;
    if (Traits::kHasInteriorReferences && node.raw_bytes != 0) return;
    const std::size_t slots = random_.Between(1, SlotCount(place) - 1);
    std::vector<OutsideUnit> model_object(
        Traits::SizeFor(slots, 0) / sizeof(OutsideUnit) + 1);
    const Address copy = reinterpret_cast<Address>(model_object.data());
    Traits::InitializeAt(copy, slots, 0);
    mutator_.ChangeLayout(place.object, gc::LoadHeader(copy));
    shadow_.Shrink(place.node, slots);
    FillPayload(place.node, Traits::Raw(place.object), node.disguise);
  }

  void ReadObject() {
    const Place place = Walk();
    if (place.node == 0) return;
    Check(Comparison(model(), shadow_).CheckObject(place.object, place.node));
  }

  void AskForHash() {
    if constexpr (Traits::kHasIdentityHash) {
      const Place place = Walk();
      if (place.node == 0) return;
      const std::uint64_t hash = Traits::IdentityHash(place.object);
      auto& known = shadow_.at(place.node).identity_hash;
      if (known.has_value() && *known != hash) {
        Fail("node " + std::to_string(place.node) +
             " has another identity hash");
      }
      known = hash;
    }
  }

  void UseWeakSets() {
    constexpr std::size_t kMostEntries = 60;
    const std::size_t count = weak_.size();
    if (count > 0 && random_.OneIn(4)) {
      // What is returned may be reached from nowhere else.
      if (!LearnOfWeakSets(/*after_major=*/false) || weak_.size() == 0) return;
      const Known key = weak_.KeyOf(random_.Below(weak_.size()));
      if (CanBeStored({kNullAddress, key.edge.target})) {
        SetRoot(RandomRoot(), key);
      }
    } else if (count > 0 && (count >= kMostEntries || random_.OneIn(4))) {
      if (LearnOfWeakSets(/*after_major=*/false) && weak_.size() > 0) {
        weak_.Remove(random_.Below(weak_.size()));
      }
    } else {
      const Place place = Walk();
      if (place.node == 0 || !CanBeStored(place)) return;
      const Known value = RandomValue();
      weak_.Add(random_.Below(weak_.kinds()), KnownOf(place), value);
    }
  }
  bool LearnOfWeakSets(bool after_major) {
    return !failed() && Check(weak_.Learn(model(), after_major));
  }

  void RenewPersistent() {
    const std::size_t i = random_.Below(kPersistents);
    const Known known = RandomValue();
    persistents_[i] = gc::Persistent<M>(mutator_, known.value);
    shadow_.roots()[i] = known.edge;
  }

  void RenewRegistration() {
    OutsideObject& outside = random_.Pick(outside_);
    outside.roots.reset();
    Register(outside);
  }

  // What the stack loses is no root any more, and what it gains is written
  // before it is one.
  void MoveStackTop() {
    const std::size_t height = random_.Below(kStackSlots + 1);
    while (StackHeight() < height) {
      const Known known = RandomValue();
      *stack_top_ = known.value;
      shadow_.roots()[kPersistents + StackHeight()] = known.edge;
      ++stack_top_;
    }
    while (StackHeight() > height) {
      --stack_top_;
      shadow_.roots()[kPersistents + StackHeight()] = {};
    }
  }

  // Keeps the live bytes near the limit.
  void DropRoots() {
    constexpr int kMostRounds = 16;  // What is pinned stays.
    allocated_bytes_ = 0;
    shadow_.DropUnreachable();
    for (int i = 0; i < kMostRounds &&
                    shadow_.ApproximateBytes() > options_.most_live_bytes;
         ++i) {
      DropSomeRoots();
      shadow_.DropUnreachable();
    }
  }

  void DropSomeRoots() {
    for (std::size_t root = 0; root < shadow_.roots().size(); ++root) {
      if (random_.OneIn(3)) SetRoot(root, {});
    }
    for (const OutsideObject& outside : outside_) {
      const Place place = PlaceOf(outside);
      for (std::size_t slot = 0; slot < kOutsideSlots; ++slot) {
        if (random_.OneIn(3)) Store(place, slot, {});
      }
    }
    for (std::size_t at = weak_.size(); at-- > 0;) {
      if (random_.OneIn(3)) weak_.Remove(at);
    }
  }

  // The out-of-memory handler: some roots at first, then everything but the
  // pinned objects themselves.
  void MakeRoom() {
    constexpr int kMostTries = 40;
    FLEDGE_CHECK(++rooms_made_ < kMostTries,
                 "out of memory though almost nothing is live");
    DropSomeRoots();
    if (rooms_made_ < kMostTries / 2) return;
    for (std::size_t root = 0; root < shadow_.roots().size(); ++root) {
      SetRoot(root, {});
    }
    for (const OutsideObject& outside : outside_) ClearSlots(PlaceOf(outside));
    for (const Place& place : pinned_) ClearSlots(place);
    while (weak_.size() > 0) weak_.Remove(0);
  }
  void ClearSlots(Place place) {
    for (std::size_t i = 0; i < SlotCount(place); ++i) Store(place, i, {});
  }

  void Compare() {
    if (failed()) return;
    if (!frame_.DerivedSlotsAreRight()) {
      return Fail("a derived slot does not follow its base");
    }
    std::vector<Value> roots;
    for (std::size_t i = 0; i < shadow_.roots().size(); ++i) {
      roots.push_back(RootValue(i));
    }
    if (!LearnOfWeakSets(/*after_major=*/false)) return;
    std::vector<Value> values;
    std::vector<ShadowEdge> edges;
    weak_.AppendKept(values, edges);
    Check(Comparison(model(), shadow_).FirstDifference(roots, values, edges));
  }

  // Not once the heap is known to be wrong: a collection would crash in it.
  void Collect(gc::CollectionKind kind,
               gc::CollectionReason reason = gc::CollectionReason::kRequested) {
    if (failed()) return;
    const bool collected = mutator_.Collect(kind, reason);
    // Of a collection by somebody else nothing is known.
    LearnOfWeakSets(collected && kind == gc::CollectionKind::kMajor &&
                    options_.company == Company::kAlone);
  }

  void RandomCollection() {
    if (!random_.OneIn(4)) {
      Collect(gc::CollectionKind::kMinor);
    } else if (random_.OneIn(8)) {
      CountLiveObjects();
    } else {
      // The one that the heap runs before it gives up moves all that it can.
      Collect(gc::CollectionKind::kMajor,
              random_.OneIn(4) ? gc::CollectionReason::kOutOfMemory
                               : gc::CollectionReason::kRequested);
    }
  }

  // A major collection leaves what is reached and nothing else.
  void CountLiveObjects() {
    if (failed() || options_.company != Company::kAlone) return;
    if (!LearnOfWeakSets(/*after_major=*/false)) return;
    // Not what entries kept that have just been found dropped.
    shadow_.DropUnreachable();
    const std::size_t expected = shadow_.live_size() - outside_.size();
    const std::size_t found = heap_.Summarize(mutator_).objects;
    if (heap_.policy().collects && found != expected) {
      Fail("after a major collection the heap has " + std::to_string(found) +
           " objects, not " + std::to_string(expected));
    }
  }

  void CollectAndCompare() {
    Compare();
    Collect(gc::CollectionKind::kMinor);
    Compare();
    Collect(gc::CollectionKind::kMajor);
    Compare();
  }

  // Choices.

  // Where memory is tight, a frame less may be what makes room.
  int deepest_frame() const {
    return options_.memory == Memory::kTight ? kDeepestFrame / 3
                                             : kDeepestFrame;
  }
  bool CanBePinned(Place place) const {
    if (place.node == 0 || IsOutside(place)) return false;
    const ShadowNode& node = shadow_.at(place.node);
    return options_.memory == Memory::kAmple ||
           Traits::SizeFor(node.slots.size(), node.raw_bytes) <=
               kLargestPinnedBytes;
  }
  // Whether there is memory for an object of it once all roots are dropped.
  bool IsSureToFit(Shape shape, gc::AllocationKind kind) const {
    if (!heap_.policy().collects) return false;
    return options_.memory == Memory::kAmple ||
           (!gc::IsBornOld(kind) &&
            Traits::SizeFor(shape.slots, shape.raw_bytes) <=
                gc::kLargestYoungBytes);
  }

  std::size_t RandomRoot() { return random_.Below(shadow_.roots().size()); }

  // Null, an immediate, or a reference to something that is reached. Good
  // until the next operation that may collect.
  Known RandomValue() {
    if (random_.OneIn(8)) return {};
    if (random_.OneIn(8)) {
      const int number = static_cast<int>(random_.Below(1 << 29));
      return {Traits::Immediate(number), ShadowEdge::Immediate(number)};
    }
    const Place place = Walk();
    if (place.node == 0 || !CanBeStored(place)) return {};
    return KnownOf(place);
  }

  // Something that is reached from a root in a few steps, or nothing.
  Place Walk() {
    Place place = Start();
    if (place.node == 0) return {};
    for (std::uint64_t n = random_.Below(kLongestWalk); n > 0; --n) {
      const auto& slots = shadow_.at(place.node).slots;
      if (slots.empty()) break;
      const std::size_t i = random_.Below(slots.size());
      const Place next = Follow(*Traits::Slot(place.object, i), slots[i], [&] {
        return "slot " + std::to_string(i) + " of node " +
               std::to_string(place.node);
      });
      if (next.node == 0) break;
      place = next;
    }
    return failed() ? Place{} : place;
  }

  Place Start() {
    if (random_.OneIn(8)) return PlaceOf(random_.Pick(outside_));
    for (int attempts = 4; attempts > 0 && !shadow_.roots().empty();
         --attempts) {
      const std::size_t i = RandomRoot();
      const Place place = Follow(RootValue(i), shadow_.roots()[i],
                                 [&] { return "root " + std::to_string(i); });
      if (place.node != 0) return place;
    }
    return {};
  }

  // What `value` leads to. `name` makes the name of its slot.
  template <typename Name>
  Place Follow(Value value, const ShadowEdge& edge, Name&& name) {
    if (failed()) return {};
    if (const auto wrong =
            Comparison(model(), shadow_).CheckValue(value, edge)) {
      Fail(name() + ": " + *wrong);
      return {};
    }
    if (!edge.is_reference()) return {};
    return {ObjectOf(value), edge.target};
  }

  // Heap and shadow together.

  const M& model() const { return mutator_.model(); }
  Address ObjectOf(Value value) const {
    return Traits::ObjectOf(model(), value);
  }
  bool IsOutside(Place place) const {
    return shadow_.at(place.node).is_outside;
  }
  bool CanBeStored(Place place) const {
    return Traits::kRefersOutside || !IsOutside(place);
  }
  std::size_t SlotCount(Place place) const {
    return place.node == 0 ? 0 : shadow_.at(place.node).slots.size();
  }

  // A reference to `place`, at times an interior one.
  Known KnownOf(Place place) {
    if (random_.OneIn(4)) {
      return {Traits::InteriorReferenceTo(model(), place.object),
              ShadowEdge::Interior(place.node)};
    }
    return {Traits::ReferenceTo(model(), place.object),
            ShadowEdge::Reference(place.node)};
  }

  void Store(Place place, std::size_t i, Known known) {
    Value* const slot = Traits::Slot(place.object, i);
    if (IsOutside(place)) {
      const auto outside =
          std::ranges::find(outside_, place.node, &OutsideObject::node);
      mutator_.WriteRoot(*outside->roots, slot, known.value);
    } else {
      mutator_.Write(slot, known.value);
    }
    shadow_.at(place.node).slots[i] = known.edge;
  }
  void StorePlainly(Place place, std::size_t i, Known known) {
    *Traits::Slot(place.object, i) = known.value;
    shadow_.at(place.node).slots[i] = known.edge;
  }

  std::size_t StackHeight() const {
    return static_cast<std::size_t>(stack_top_ - stack_.data());
  }
  Value RootValue(std::size_t i) const {
    if (i < kPersistents) return persistents_[i].get();
    if (i >= kFixedRoots) return locals_[i - kFixedRoots].local.get();
    if (i >= kFirstFrameSlot) return frame_.Get(i - kFirstFrameSlot);
    const std::size_t slot = i - kPersistents;
    return slot < StackHeight() ? stack_[slot] : Traits::NullValue();
  }
  void SetRoot(std::size_t i, Known known) {
    if (i < kPersistents) {
      persistents_[i].set(mutator_, known.value);
    } else if (i >= kFirstFrameSlot && i < kFixedRoots) {
      frame_.Set(i - kFirstFrameSlot, known.value);
    } else if (i < kFixedRoots) {
      if (i - kPersistents >= StackHeight()) return;
      stack_[i - kPersistents] = known.value;
    } else {
      LocalRoot& root = locals_[i - kFixedRoots];
      if (root.is_constant) return;
      root.local.set(known.value);
    }
    shadow_.roots()[i] = known.edge;
  }
  void AddLocal(Known known, bool is_constant = false) {
    locals_.push_back({gc::Local<M>(mutator_, known.value), is_constant});
    shadow_.roots().push_back(known.edge);
  }

  void AddOutsideObject() {
    constexpr std::size_t kRawBytes = 24;
    OutsideObject outside;
    const std::size_t bytes = Traits::SizeFor(kOutsideSlots, kRawBytes);
    outside.memory.resize(bytes / M::kAlignment);
    const auto object = reinterpret_cast<Address>(outside.memory.data());
    Traits::InitializeAt(object, kOutsideSlots, kRawBytes);
    outside.node = shadow_.AddOutside(object, kOutsideSlots, kRawBytes);
    FillPayload(outside.node, Traits::Raw(object));
    Register(outside);
    outside_.push_back(std::move(outside));
  }
  void Register(OutsideObject& outside) {
    const auto object = reinterpret_cast<Address>(outside.memory.data());
    outside.roots =
        heap_.RegisterRoots({Traits::Slot(object, 0), kOutsideSlots});
  }
  Place PlaceOf(const OutsideObject& outside) const {
    return {reinterpret_cast<Address>(outside.memory.data()), outside.node};
  }

  gc::Heap<M>& heap_;
  gc::Mutator<M>& mutator_;
  const RandomProgramOptions options_;
  Source random_;
  CrashNote note_;

  ShadowGraph shadow_;
  RandomWeakSets<M> weak_;
  std::deque<gc::Persistent<M>> persistents_;
  std::array<Value, kStackSlots> stack_;
  Value* stack_top_ = stack_.data();
  RandomFrame<M> frame_;
  std::vector<LocalRoot> locals_;
  std::vector<Place> pinned_;  // By all frames; outermost first.
  std::vector<OutsideObject> outside_;

  std::uint64_t operation_ = 0;
  std::size_t allocated_bytes_ = 0;  // Since the last DropRoots().
  int rooms_made_ = 0;               // For the present allocation.
  bool full_ = false;                // And the policy does not collect.
  std::optional<std::string> difference_;
};

}  // namespace fledge
