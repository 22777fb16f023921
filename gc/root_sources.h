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
//   [rt.rests]    Outside a collection, every slot that a source would leave
//                 out refers to nothing that a minor collection has to see.
//
// Threads: registering is thread-safe; the rest needs the world stopped.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "allocator/base/address.h"
#include "allocator/base/check.h"

namespace fledge::gc {

// Which slots a source is asked for.
enum class RootScope : std::uint8_t {
  kNoted,  // It may leave out what rests: see RootSource::AfterCollection().
  kAll,
};

// The slots that sources name in one collection.
class RootSlots {
 public:
  // Of slots(), by index: half open.
  struct Range {
    std::size_t begin;
    std::size_t end;
  };
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

  RootScope scope() const { return scope_; }
  // Bytes of a slot: 8, or 4 in a compressed model.
  std::size_t slot_bytes() const { return slot_bytes_; }
  const std::vector<Address>& slots() const { return slots_; }
  const std::vector<Derived>& derived() const { return derived_; }

  // Before sources are asked.
  void Start(RootScope scope) {
    scope_ = scope;
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
  RootScope scope_ = RootScope::kAll;
  std::vector<Address> slots_;
  std::vector<Derived> derived_;
};

// Which slots of a collection a minor collection has to see again, as they
// refer to young objects or into blocks that are to be evacuated.
class NotedSlots {
 public:
  explicit NotedSlots(std::vector<bool> noted) : noted_(std::move(noted)) {}

  bool Any(RootSlots::Range slots) const {
    const auto begin = noted_.begin();
    return std::find(begin + static_cast<std::ptrdiff_t>(slots.begin),
                     begin + static_cast<std::ptrdiff_t>(slots.end),
                     true) != begin + static_cast<std::ptrdiff_t>(slots.end);
  }

 private:
  const std::vector<bool> noted_;
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

  // After the slots that were added last were visited and updated: of those
  // that are not noted, a source may leave out the ones that it knows not to be
  // written since, as long as RootScope::kNoted is asked for. Not called where
  // the verifier asked.
  virtual void AfterCollection(const NotedSlots&) {}

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
  void VisitSlots(RootScope scope, Visitor&& visit) {
    if (sources_.empty()) return;
    FLEDGE_DCHECK(sizeof(Value) == slots_.slot_bytes());
    slots_.Start(scope);
    for (RootSource* source : sources_) source->AddSlots(slots_);
    for (const Address slot : slots_.slots()) {
      visit(reinterpret_cast<Value*>(slot));
    }
  }
  // At the end of the collection that visited the slots: derived ones follow,
  // and sources hear which values is_noted(value) is true of.
  template <typename Value, typename Predicate>
  void AfterCollection(Predicate&& is_noted) {
    if (sources_.empty()) return;
    slots_.UpdateDerived();
    std::vector<bool> flags;
    flags.reserve(slots_.slots().size());
    for (const Address slot : slots_.slots()) {
      flags.push_back(is_noted(*reinterpret_cast<const Value*>(slot)));
    }
    const NotedSlots noted(std::move(flags));
    for (RootSource* source : sources_) source->AfterCollection(noted);
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
