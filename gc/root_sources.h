// Root sources: roots whose slots are found at each collection anew, such as
// those in frames of compiled code and of interpreters.
//
// Handles, persistents and registered ranges are where they are; what lies on a
// machine stack is known only once the stack was walked. So the collector asks
// each source, once in a collection, for the addresses of its slots, and visits
// these as it visits handles: a virtual call for each source, none for a slot.
//
// A *derived* slot holds an address computed from the value of a *base* slot,
// and moves with it: its distance to the base is taken before anything moves,
// and added to what the base has become afterwards. Distances of all come
// before any is written, as compilers repeat slots.
//
// Design: docs/design/roots.md. Source: A. Diwan, E. Moss, R. Hudson,
// "Compiler Support for Garbage Collection in a Statically Typed Language",
// PLDI 1992 (derived values).
//
// Invariants:
//   [rt.asked]    A source is asked in the pause, so what it says of a stack
//                 that the pause stopped stays true for as long.
//   [rt.derived]  After a collection each derived slot has the distance to its
//                 base that it had before.
//
// Threads: registering is thread-safe; the rest needs the world stopped.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "allocator/base/address.h"
#include "allocator/base/check.h"

namespace fledge::gc {

// The slots that sources name in one collection.
class RootSlots {
 public:
  struct Derived {
    Address slot;
    Address base;
    std::uint64_t distance;  // Of the values, modulo the slot's width.
  };

  explicit RootSlots(std::size_t slot_bytes) : slot_bytes_(slot_bytes) {}

  // A slot that holds a value. More than once does no harm.
  // REQUIRES: aligned to its width, and not a derived slot.
  void Add(Address slot) {
    FLEDGE_DCHECK(IsAligned(slot, slot_bytes_), "a root slot is not aligned");
    slots_.push_back(slot);
  }
  // A slot that holds an address derived from that in `base`, which has to be
  // added too.
  void AddDerived(Address slot, Address base) {
    derived_.push_back({slot, base, Load(slot) - Load(base)});
  }

  // Bytes of a slot: 8, or 4 in a compressed model.
  std::size_t slot_bytes() const { return slot_bytes_; }
  const std::vector<Address>& slots() const { return slots_; }
  const std::vector<Derived>& derived() const { return derived_; }

  void Clear() {
    slots_.clear();
    derived_.clear();
  }
  // When base slots have their new values.
  void UpdateDerived() const {
    for (const Derived& one : derived_) {
      Store(one.slot, Load(one.base) + one.distance);
    }
  }

 private:
  std::uint64_t Load(Address slot) const {
    return slot_bytes_ == 8 ? *reinterpret_cast<const std::uint64_t*>(slot)
                            : *reinterpret_cast<const std::uint32_t*>(slot);
  }
  void Store(Address slot, std::uint64_t value) const {
    if (slot_bytes_ == 8) {
      *reinterpret_cast<std::uint64_t*>(slot) = value;
    } else {
      *reinterpret_cast<std::uint32_t*>(slot) =
          static_cast<std::uint32_t>(value);
    }
  }

  const std::size_t slot_bytes_;
  std::vector<Address> slots_;
  std::vector<Derived> derived_;
};

// What an embedder, or a walker of frames, implements. Registered with
// HeapCore::RegisterRootSource().
class RootSource {
 public:
  virtual ~RootSource() = default;

  // Adds every slot that is a root now. On the collecting thread, with the
  // world stopped: it must not touch the heap. Called once in each collection,
  // and once in each look of the verifier.
  virtual void AddSlots(RootSlots& slots) = 0;

  // Where `slot` lies, for an error report ("fib+0x2a"); empty if this source
  // did not add it.
  virtual std::string Describe(Address) { return {}; }
};

// The sources of a heap.
class RootSources {
 public:
  explicit RootSources(std::size_t slot_bytes) : slots_(slot_bytes) {}

  void Add(RootSource& source) { sources_.push_back(&source); }
  void Remove(RootSource& source) { std::erase(sources_, &source); }

  // Asks every source, and visits the slots, but for derived ones.
  template <typename Value, typename Visitor>
  void VisitSlots(Visitor&& visit) {
    if (sources_.empty()) return;
    FLEDGE_DCHECK(sizeof(Value) == slots_.slot_bytes());
    slots_.Clear();
    for (RootSource* source : sources_) source->AddSlots(slots_);
    for (const Address slot : slots_.slots()) {
      visit(reinterpret_cast<Value*>(slot));
    }
  }
  // At the end of the collection that visited the slots.
  void UpdateDerived() {
    slots_.UpdateDerived();
    slots_.Clear();
  }

  // What the source that added `slot` says of it.
  std::string Describe(Address slot) {
    for (RootSource* source : sources_) {
      if (std::string place = source->Describe(slot); !place.empty()) {
        return place;
      }
    }
    return "a root source";
  }

  std::size_t slot_bytes() const { return slots_.slot_bytes(); }

 private:
  std::vector<RootSource*> sources_;
  RootSlots slots_;
};

}  // namespace fledge::gc
