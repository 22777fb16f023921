// HeapVerifier: looks at a whole heap and says what is wrong with it.
//
// Runs with the world stopped, before and after a collection. Old space is read
// through the live bitmap; young space need not be parsable and is traced. What
// it finds first is reported with the object, its type, the slot, the card and
// the likely mistake, and the process ends: a heap that is wrong must not go
// on.
//
// Design: docs/design/verifier.md. Threads: one, with the world stopped.
//
// What is checked:
//   [vf.target]   Every slot and root that refers into the heap refers to an
//                 object in a block in use, whose header is not forwarded and
//                 whose size fits its block.
//   [vf.cards]    [rs.cover] and [rs.summary].
//   [vf.roots]    [rt.cover].
//   [vf.bitmaps]  Live bits lie in blocks in use and on objects that do not
//                 overlap; the mark bitmap is clear.
//   [vf.account]  Blocks and pages in use are what is charged.
#pragma once

#include <algorithm>
#include <cinttypes>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "allocator/base/address.h"
#include "gc/heap_core.h"
#include "gc/mutator.h"
#include "gc/object_model.h"
#include "gc/stale_reference.h"
#include "gc/weak_set.h"

namespace fledge::gc {

template <ObjectModel Model>
class HeapVerifier {
 public:
  using Value = typename Model::Value;

  explicit HeapVerifier(Heap<Model>& heap)
      : heap_(heap), model_(heap.model()) {}

  // Returns if all is well, aborts with a report otherwise. O(heap).
  void Verify(const char* when) {
    when_ = when;
    // Values that refer there are decoded. Once for all of them: in a model
    // whose immediates look like addresses there are many.
    SetQuarantineAccessible(true);
    CollectRecordedSlots();
    VerifyBlocks();
    VerifyRoots();
    VerifyWeakSets();
    const auto verify_object = [&](Address object) {
      VerifyExtent(object);
      VerifySlots(object);
    };
    heap_.live().VisitRange(heap_.memory().committed(), verify_object);
    TraceYoung();
    VerifyYoungExtents();
    SetQuarantineAccessible(false);
  }

  // Reports an access to `address`, which lies in quarantined from-space, and
  // aborts. For the fault handler.
  [[noreturn]] void ReportFault(Address address) {
    const Address object = MovedObjectAt(address);
    PrintTitle("an access to an object that has moved");
    std::fprintf(stderr, "  access  to 0x%" PRIxPTR "\n", address);
    DescribeStaleTarget(object);
    const Address base = object != kNullAddress ? object : address;
    SearchAndAbort({base, address - base + 2 * sizeof(Value)});
  }

 private:
  enum class Where : std::uint8_t {
    kHandle,
    kAlwaysScanned,
    kSource,
    kChunk,
    kWeakEntry,
    kOldSlot,
    kYoungSlot
  };

  static const char* NameOf(Where where) {
    constexpr const char* kNames[] = {"a handle",
                                      "a registered stack",
                                      "a frame or another root source",
                                      "a persistent or registered root",
                                      "an entry of a weak set",
                                      "a slot of an object in old space",
                                      "a slot of a young object"};
    return kNames[static_cast<std::size_t>(where)];
  }

  void VerifyBlocks() {
    std::size_t bytes = 0;
    for (const BlockIndex block : heap_.young().used_blocks()) {
      const BlockKind kind = heap_.blocks()[block].kind;
      if (kind != BlockKind::kNursery && kind != BlockKind::kSurvivor) {
        Fail("a block of young space is in use but not marked so", block);
      }
      bytes += kBlockBytes;
    }
    for (const BlockIndex block : heap_.old().used_blocks()) {
      if (heap_.blocks()[block].kind != BlockKind::kOld) {
        Fail("a block of old space is in use but not marked so", block);
      }
      bytes += kBlockBytes;
    }
    for (const AddressRange& run : heap_.large().runs()) bytes += run.bytes;
    if (bytes != heap_.used_bytes()) {
      PrintTitle("the memory in use is not what is accounted for");
      std::fprintf(stderr, "  blocks  %zu bytes, account %zu bytes\n", bytes,
                   heap_.used_bytes());
      std::abort();
    }
    if ((!heap_.is_marking() && !heap_.is_sweeping() &&
         heap_.marks().AnyIn(heap_.memory().committed())) ||
        heap_.marks().AnyIn(heap_.young().range())) {
      PrintTitle("the mark bitmap is not clear between collections");
      std::abort();
    }
  }

  void VerifyRoots() {
    heap_.VisitHandles(
        [&](Value* slot) { VerifySlot(kNullAddress, slot, Where::kHandle); });
    heap_.VisitAlwaysScanned([&](Value* slot) {
      VerifySlot(kNullAddress, slot, Where::kAlwaysScanned);
    });
    VerifySources();
    std::unordered_set<const Value*> noted;
    heap_.noted_roots().VisitSlots([&](Value* slot) { noted.insert(slot); });
    const auto verify_generational = [&](Value* slot) {
      const Address object = VerifySlot(kNullAddress, slot, Where::kChunk);
      if (heap_.policy().generational && object != kNullAddress &&
          heap_.IsNotedFor(*slot) && !noted.contains(slot)) {
        PrintTitle("a root was written without WriteRoot()");
        std::fprintf(stderr, "  root    at 0x%" PRIxPTR "\n",
                     reinterpret_cast<Address>(slot));
        DescribeTarget("value", object);
        std::abort();
      }
    };
    heap_.persistents().VisitSlots(verify_generational);
    heap_.VisitGenerational(verify_generational);
    heap_.VisitPins([&](Address object) { NoteYoung(object); });
  }

  void VerifySources() {
    RootSources& sources = heap_.root_sources();
    std::unordered_set<const Value*> added;
    sources.VisitSlots<Value>(RootScope::kNoted,
                              [&](Value* slot) { added.insert(slot); });
    sources.VisitSlots<Value>(RootScope::kAll, [&](Value* slot) {
      const Address object = VerifySlot(kNullAddress, slot, Where::kSource);
      if (!heap_.policy().generational || object == kNullAddress ||
          !heap_.IsNotedFor(*slot) || added.contains(slot)) {
        return;
      }
      // Frames that came in since a cycle began were an entry of a weak set.
      if (heap_.is_marking() && !heap_.young().Contains(object)) return;
      PrintTitle("a frame that rests was written");
      DescribePlace(slot);
      DescribeTarget("value", object);
      std::abort();
    });
  }

  // Looks at the slots that an entry of a weak set shows it; all are alive.
  class WeakCheck final : public WeakTrace<Model> {
   public:
    explicit WeakCheck(HeapVerifier& verifier) : verifier_(verifier) {}
    void Keep(Value* slot) override { Update(slot); }
    void KeepIfAlive(Value, Value*) override {}
    bool IsReached(Value) override { return false; }
    RootScope scope() const override { return RootScope::kAll; }
    bool Update(Value* slot) override {
      // The filter lets some immediates pass, too.
      const Address object =
          verifier_.VerifySlot(kNullAddress, slot, Where::kWeakEntry);
      must_be_noted_ |=
          object != kNullAddress && verifier_.heap_.IsNotedFor(*slot);
      return true;
    }
    bool TakeMustBeNoted() { return std::exchange(must_be_noted_, false); }

   private:
    HeapVerifier& verifier_;
    bool must_be_noted_ = false;
  };

  void VerifyWeakSets() {
    // Which entries refer into candidates is found out when marking ends.
    const bool check_noted = heap_.policy().generational && !heap_.is_marking();
    WeakCheck check(*this);
    for (WeakSet<Model>* set : heap_.weak_sets().sets()) {
      if (set == nullptr) continue;
      Value owner = set->owner();
      check.Update(&owner);
      if (check.TakeMustBeNoted() && check_noted && !set->is_listed()) {
        PrintTitle("a weak set whose owner may move is not noted");
        std::abort();
      }
      for (std::uint32_t i = 0; i < set->size(); ++i) {
        set->Process(check, i);
        if (!check.TakeMustBeNoted() || !check_noted) continue;
        if (set->IsNoted(i) && set->is_listed()) continue;
        PrintTitle("an entry of a weak set was written without NoteWeak()");
        std::fprintf(stderr,
                     "  entry   %" PRIu32 " of the set at 0x%" PRIxPTR "\n", i,
                     reinterpret_cast<Address>(set));
        std::abort();
      }
    }
  }

  // One object of the live bitmap. Objects come in address order.
  void VerifyExtent(Address object) {
    const BlockInfo& info = heap_.blocks().InfoOf(object);
    const bool large = info.kind == BlockKind::kLargeHead;
    if (!large && info.kind != BlockKind::kOld) {
      Fail("the live bitmap names an object in a block that is not in use",
           heap_.blocks().IndexOf(object));
    }
    const Header header = LoadHeader(object);
    if (model_.IsForwarded(header) || object < last_end_ ||
        (!large && !FitsItsBlock(object, header))) {
      PrintTitle("an object of old space is damaged");
      DescribeTarget("object", object);
      std::fprintf(stderr,
                   "  likely: something wrote over it, or its header was "
                   "changed without ChangeLayout()\n");
      std::abort();
    }
    last_end_ = object + model_.SizeFrom(header);
  }

  bool FitsItsBlock(Address object, Header header) const {
    const std::size_t size = model_.SizeFrom(header);
    return size >= sizeof(Header) && IsAligned(size, 8) &&
           size <= AlignDown(object, kBlockBytes) + kBlockBytes - object;
  }

  void VerifySlots(Address object) {
    const bool old = !heap_.young().Contains(object);
    model_.VisitSlots(object, LoadHeader(object), [&](Value* slot) {
      const Address target =
          VerifySlot(object, slot, old ? Where::kOldSlot : Where::kYoungSlot);
      if (!heap_.policy().generational || !old || target == kNullAddress) {
        return;
      }
      const Address at = reinterpret_cast<Address>(slot);
      if (!heap_.young().Contains(target)) {
        VerifyRecorded(object, slot, target);
        return;
      }
      if (!heap_.cards().IsDirty(at) || !heap_.cards().IsBlockNoted(at)) {
        PrintTitle("an old object refers to a young one from a clean card");
        DescribeSlot(object, slot);
        DescribeTarget("value", target);
        std::fprintf(stderr,
                     "  likely: a store without the write barrier: this slot "
                     "was not written by Write(), CopyRange() or a plain store "
                     "followed by WroteObject()\n");
        std::abort();
      }
    });
  }

  void CollectRecordedSlots() {
    if (heap_.is_marking()) return;
    for (const BlockIndex block : heap_.candidates().waiting()) {
      heap_.candidates().VisitSlotsInto(
          block, [&](Address slot) { recorded_.insert(slot); });
    }
  }

  // After marking, a slot into a candidate has been recorded, or will be in the
  // next pause.
  void VerifyRecorded(Address object, Value* slot, Address target) {
    const Address at = reinterpret_cast<Address>(slot);
    if (heap_.is_marking() ||
        !heap_.blocks().MembershipOf(target).is_candidate() ||
        heap_.candidates().Stays(heap_.blocks().IndexOf(target)) ||
        heap_.cards().IsDirty(at) || recorded_.contains(at)) {
      return;
    }
    PrintTitle("a slot into a block to be evacuated is not recorded");
    DescribeSlot(object, slot);
    DescribeTarget("value", target);
    std::fprintf(stderr,
                 "  likely: a store without the write barrier: every store of "
                 "a reference needs it, also of an old object's\n");
    std::abort();
  }

  // The object that `slot` refers to, if it lies in the heap.
  Address VerifySlot(Address holder, Value* slot, Where where) {
    const Value value = *slot;
    const Address word = model_.FilterWord(value);
    if (!heap_.object_range().Contains(word)) return kNullAddress;
    // Decoding an interior value reads the memory it points into, which must
    // be known to be there first.
    const bool young = heap_.young().Contains(word);
    if (!young && !heap_.memory().committed().Contains(word)) {
      return kNullAddress;  // An immediate that looks like an address.
    }
    const BlockKind kind = heap_.blocks().InfoOf(word).kind;
    if (kind == BlockKind::kUnused || kind == BlockKind::kQuarantined) {
      if (model_.Decode(value) != kNullAddress) {
        ReportStale(holder, slot, where, word);
      }
      return kNullAddress;
    }
    const Address object = model_.Decode(value);
    if (object == kNullAddress || !heap_.object_range().Contains(object)) {
      return kNullAddress;
    }
    if (heap_.young().Contains(object)) {
      const Header header = LoadHeader(object);
      if (model_.IsForwarded(header) || !FitsItsBlock(object, header)) {
        ReportStale(holder, slot, where, object);
      }
      NoteYoung(object);
    } else if (!heap_.live().Test(object)) {
      ReportStale(holder, slot, where, object);
    }
    return object;
  }

  void NoteYoung(Address object) {
    if (!heap_.young().Contains(object)) return;
    if (young_objects_.insert(object).second) pending_.push_back(object);
  }

  void TraceYoung() {
    while (!pending_.empty()) {
      const Address object = pending_.back();
      pending_.pop_back();
      VerifySlots(object);
    }
  }

  void VerifyYoungExtents() {
    std::vector<Address, WipingAllocator<Address>> sorted(
        young_objects_.begin(), young_objects_.end());
    std::sort(sorted.begin(), sorted.end());
    for (std::size_t i = 1; i < sorted.size(); ++i) {
      const Address previous = sorted[i - 1];
      if (previous + model_.SizeFrom(LoadHeader(previous)) <= sorted[i]) {
        continue;
      }
      PrintTitle("two young objects overlap");
      DescribeTarget("object", previous);
      DescribeTarget("object", sorted[i]);
      std::fprintf(stderr,
                   "  likely: a reference to where an object used to be, or an "
                   "object larger than the memory that was allocated for it\n");
      std::abort();
    }
  }

  // Reports.

  void PrintTitle(const char* what) {
    std::fprintf(stderr, "fledge: heap verifier: %s: %s\n", when_, what);
  }

  [[noreturn]] void Fail(const char* what, BlockIndex block) {
    PrintTitle(what);
    std::fprintf(stderr, "  block   %u at 0x%" PRIxPTR "\n", block,
                 heap_.blocks().AddressOf(block));
    std::abort();
  }

  void DescribeTarget(const char* label, Address object) {
    const Header header = LoadHeader(object);
    if (model_.IsForwarded(header)) {
      std::fprintf(stderr,
                   "  %-7s 0x%" PRIxPTR ", which moved to 0x%" PRIxPTR "\n",
                   label, object, model_.ForwardingAddress(header));
      return;
    }
    const std::string_view type = model_.TypeName(header);
    std::fprintf(stderr, "  %-7s 0x%" PRIxPTR " %.*s of %zu bytes in %s\n",
                 label, object, static_cast<int>(type.size()), type.data(),
                 model_.SizeFrom(header),
                 heap_.young().Contains(object) ? "young space" : "old space");
  }

  void DescribeSlot(Address holder, const Value* slot) {
    const Address at = reinterpret_cast<Address>(slot);
    if (holder == kNullAddress) {
      std::fprintf(stderr, "  slot    0x%" PRIxPTR "\n", at);
      return;
    }
    DescribeTarget("object", holder);
    std::fprintf(stderr,
                 "  slot    0x%" PRIxPTR
                 ", %zu bytes into the object; card "
                 "0x%" PRIxPTR " is %s, its block is %s\n",
                 at, at - holder, at >> CardTable::kCardShift,
                 heap_.cards().IsDirty(at) ? "dirty" : "clean",
                 heap_.cards().IsBlockNoted(at) ? "noted" : "not noted");
  }

  // Of a slot that a root source added.
  void DescribePlace(const Value* slot) {
    const std::string place =
        heap_.root_sources().Describe(reinterpret_cast<Address>(slot));
    std::fprintf(stderr, "  place   %s\n", place.c_str());
  }

  void DescribeStaleTarget(Address object) {
    if (object == kNullAddress) return;
    const Header header = LoadHeader(object);
    if (!model_.IsForwarded(header)) {
      std::fprintf(stderr,
                   "  value   0x%" PRIxPTR ", where no object is any more\n",
                   object);
      return;
    }
    const Address to = model_.ForwardingAddress(header);
    std::fprintf(stderr,
                 "  value   0x%" PRIxPTR
                 ", from where the object moved to "
                 "0x%" PRIxPTR "\n",
                 object, to);
    if (heap_.object_range().Contains(to) &&
        heap_.blocks().InfoOf(to).kind != BlockKind::kQuarantined &&
        heap_.blocks().InfoOf(to).kind != BlockKind::kUnused) {
      DescribeTarget("now", to);
    }
  }

  [[noreturn]] void ReportStale(Address holder, Value* slot, Where where,
                                Address word) {
    SetQuarantineAccessible(true);
    PrintTitle("a stale reference");
    std::fprintf(stderr, "  in      %s\n", NameOf(where));
    DescribeSlot(holder, slot);
    if (where == Where::kSource) DescribePlace(slot);
    DescribeStaleTarget(model_.Decode(*slot));
    if (where == Where::kOldSlot &&
        !heap_.cards().IsDirty(reinterpret_cast<Address>(slot))) {
      // Had the word been stale when it was stored, the barrier would have
      // dirtied the card all the same.
      std::fprintf(stderr,
                   "  likely: a store without the write barrier: the slot was "
                   "not updated when the object moved\n");
      std::abort();
    }
    SearchAndAbort({word, sizeof(Value)});
  }

  [[noreturn]] void SearchAndAbort(AddressRange wanted) {
    std::vector<AddressRange> stacks;
    std::vector<AddressRange> excluded = {
        {reinterpret_cast<Address>(&heap_), sizeof(heap_)},
        heap_.reservation(),
        heap_.work_stack().memory()};
    for (const MutatorCore* mutator : heap_.safepoints().mutators()) {
      stacks.push_back(mutator->native_stack());
      excluded.push_back(mutator->handle_memory());
      // What lies below is this search itself.
      excluded.push_back(mutator->native_stack_memory());
    }
    excluded.push_back({reinterpret_cast<Address>(this), sizeof(*this)});
    PrintLikelyMistake(FindWords(wanted, stacks, excluded));
    std::abort();
  }

  void SetQuarantineAccessible(bool accessible) {
    if (!heap_.options().stress.protect) return;
    for (Address block = heap_.young().range().begin;
         block < heap_.young().range().end(); block += kBlockBytes) {
      if (heap_.blocks().InfoOf(block).kind == BlockKind::kQuarantined) {
        heap_.os().SetAccessible({block, kBlockBytes}, accessible);
      }
    }
  }

  // The forwarded object whose old memory holds `address`, by its header.
  Address MovedObjectAt(Address address) {
    SetQuarantineAccessible(true);
    const Address begin = AlignDown(address, kBlockBytes);
    for (Address object = AlignDown(address, Model::kAlignment);
         object >= begin; object -= Model::kAlignment) {
      const Header header = LoadHeader(object);
      if (!model_.IsForwarded(header)) continue;
      const Address to = model_.ForwardingAddress(header);
      if (!heap_.object_range().Contains(to) || !IsAligned(to, 8)) continue;
      const Header moved = LoadHeader(to);
      if (model_.IsForwarded(moved)) continue;
      return address - object < model_.SizeFrom(moved) ? object : kNullAddress;
    }
    return kNullAddress;
  }

  Heap<Model>& heap_;
  const Model model_;
  const char* when_ = "in a fault";
  Address last_end_ = kNullAddress;
  std::unordered_set<Address, std::hash<Address>, std::equal_to<Address>,
                     WipingAllocator<Address>>
      young_objects_;
  std::vector<Address, WipingAllocator<Address>> pending_;
  std::unordered_set<Address> recorded_;  // Slots into candidates.
};

}  // namespace fledge::gc
