// WeakTracing: what an entry of a weak set is told while it is traced or
// processed: who is alive, and where.
//
// Who is alive depends on the pause. An object of the collection set: if it was
// evacuated or kept. Any other: where marking ends, if it is young, or marked;
// in a minor collection always, but between the end of a cycle's marking and
// that of the cycle, when who is not marked is dead.
//
// Design: docs/design/weak_sets.md.
//
// Threads: one, with the world stopped.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "gc/awaited.h"
#include "gc/block_table.h"
#include "gc/heap_core.h"
#include "gc/object_model.h"
#include "gc/weak_set.h"
#include "gc/weak_sets.h"

namespace fledge::gc {

template <ObjectModel Model>
class Heap;

// Which entries a pause has to do with, and which objects outside the
// collection set are alive.
enum class WeakScope : std::uint8_t {
  kNoted,   // Noted ones; all objects, or those that the last mark left.
  kMarked,  // All; young ones, and old ones that are marked.
};

// `Tracing` follows slots: VisitSlot(), Drain(), and Await(awaited), after
// which it tells `awaited` of each object it reaches.
template <ObjectModel Model, typename Tracing>
class WeakTracing : protected WeakTrace<Model> {
 public:
  using Value = typename Model::Value;
  using Set = WeakSet<Model>;

  WeakTracing(const WeakTracing&) = delete;
  WeakTracing& operator=(const WeakTracing&) = delete;

 protected:
  // Who waits, waits in `awaited`. Borrows all.
  WeakTracing(Heap<Model>& heap, Tracing tracing, WeakScope scope,
              Awaited& awaited)
      : heap_(heap), tracing_(tracing), scope_(scope), awaited_(awaited) {}
  ~WeakTracing() = default;

  // Entry `i` may wait by the name of `number`.
  void TraceEntry(Set& set, std::uint32_t i, Awaited::Entry number) {
    number_ = number;
    set.Trace(*this, i);
  }
  // Notes it anew if another minor collection has to see it.
  void ProcessEntry(Set& set, std::uint32_t i) {
    is_noted_ = false;
    is_processing_ = true;
    set.Process(*this, i);
    is_processing_ = false;
    if (is_noted_) heap_.weak_sets().Note(set, i);
  }
  // The same for its owner. REQUIRES: the owner is alive.
  void ProcessOwner(Set& set) {
    is_noted_ = false;
    Update(&set.owner_);
    if (is_noted_) heap_.weak_sets().List(set);
  }
  // Visits what finalizers were told to keep; returns whether there was any.
  bool VisitKept() {
    const std::vector<Value*> kept = std::exchange(kept_, {});
    for (Value* slot : kept) tracing_.VisitSlot(slot);
    return !kept.empty();
  }
  bool any_kept() const { return !kept_.empty(); }

  void Wait(Value key, Awaited::Entry number) {
    awaited_.Add(ObjectIn(key), number);
  }
  bool IsAlive(Value value) const {
    const Address object = ObjectIn(value);
    return object == kNullAddress || WhereIs(object) != kNullAddress;
  }

  Heap<Model>& heap_;
  Tracing tracing_;
  const WeakScope scope_;
  Awaited& awaited_;

 private:
  // Of what finalizers keep, nothing is reached before all that is dead was
  // found, so that their order says nothing.
  void Keep(Value* slot) override {
    if (is_processing_) {
      is_noted_ = true;  // It is not known yet where it will be.
      kept_.push_back(slot);
    } else {
      tracing_.VisitSlot(slot);
    }
  }

  void KeepIfAlive(Value key, Value* slot) override {
    if (WeakTracing::IsReached(key)) tracing_.VisitSlot(slot);
  }

  bool IsReached(Value key) override {
    const bool is_alive = IsAlive(key);
    if (!is_alive) Wait(key, number_);
    return is_alive;
  }

  RootScope scope() const override {
    return scope_ == WeakScope::kNoted ? RootScope::kNoted : RootScope::kAll;
  }

  bool Update(Value* slot) override {
    const Value value = *slot;
    const Address object = ObjectIn(value);
    if (object == kNullAddress) return true;
    const Address to = WhereIs(object);
    if (to == kNullAddress) return false;
    if (to != object) *slot = heap_.model().Rebase(value, object, to);
    is_noted_ |= heap_.IsNotedFor(*slot);
    return true;
  }

  // The object of this heap that `value` refers to, or none.
  Address ObjectIn(Value value) const {
    const AddressRange objects =
        RangeBetween(heap_.young().range().begin, heap_.object_range().end());
    return objects.Contains(heap_.model().FilterWord(value))
               ? heap_.model().Decode(value)
               : kNullAddress;
  }

  // Where an object is now, or null if it is not known to be alive.
  Address WhereIs(Address object) const {
    const Membership membership = heap_.blocks().MembershipOf(object);
    if (membership.is_member()) {
      const Header header = LoadHeader(object);
      if (heap_.model().IsForwarded(header)) {
        return heap_.model().ForwardingAddress(header);
      }
      const bool kept = membership.has_kept() && heap_.marks().Test(object);
      return kept ? object : kNullAddress;
    }
    const bool marks_tell =
        scope_ == WeakScope::kMarked || heap_.weak_sets().is_clearing();
    const bool alive = !marks_tell || heap_.young().Contains(object) ||
                       heap_.marks().Test(object);
    return alive ? object : kNullAddress;
  }

  std::vector<Value*> kept_;  // By finalizers, since it was last visited.
  Awaited::Entry number_ = 0;
  bool is_processing_ = false;  // Not tracing.
  bool is_noted_ = false;       // What is being processed.
};

}  // namespace fledge::gc
