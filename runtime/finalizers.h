// Finalizers: to hear when objects have died.
//
//   mode        a registered object         what TakeNext() gives
//   kCleanup    is not kept, and is gone    the value that was held for it
//   kGuardian   is kept until it is taken   the object itself, dead but for
//   this
//
// Nothing runs by itself: a collection only notes who is dead, and the program
// takes them when it likes, on its own thread: in a loop, or by Drain(). So
// what is done for a dead object may allocate, collect, register or throw.
//
// Those of higher priority are taken first, and among equals those that were
// registered first, when several have died. Objects of a cycle are found dead
// together, with all that only they refer to; where marking goes in steps,
// cleanups of what one cycle found dead come in parts, and priorities say who
// is first of a part. A cleanup is given when nobody can have the object any
// more: not while a guardian keeps it. A held value must not lead to its
// object, which would never die; the object itself is refused.
//
//   auto ticket = files.Register(mutator, port, descriptor);
//   ...
//   if (files.Unregister(ticket)) Close(descriptor);   // By hand: once.
//   files.Drain(mutator, [](Local descriptor) { Close(descriptor); });
//
// Design: docs/design/weak_tables.md. Sources: R. K. Dybvig, C. Bruggeman, D.
// Eby, "Guardians in a Generation-Based Garbage Collector", PLDI 1993; H.-J.
// Boehm, "Destructors, Finalizers, and Synchronization", POPL 2003 (why
// callbacks are the program's to run).
//
// Threads: any mutator's, also at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "gc/weak_set.h"
#include "runtime/heap.h"
#include "runtime/value.h"

namespace fledge::runtime {

class Finalizers : public gc::WeakSet<ValueModel> {
 public:
  using Value = runtime::Value;

  enum class Mode : std::uint8_t { kCleanup, kGuardian };

  // Names a registration, also when it is over.
  class Ticket {
   public:
    Ticket() = default;
    bool operator==(const Ticket&) const = default;

   private:
    friend class Finalizers;
    std::uint32_t place_ = 0;
    std::uint32_t use_ = 0;  // Of the place; 0 is none.
  };

  // Of objects of `heap`, which must outlive it.
  Finalizers(Heap& heap, Mode mode);
  // To be adopted by a heap, with an object that owns it: runtime/guardian.h.
  explicit Finalizers(Mode mode);

  // Registers an object, as often as one likes. `held` is for kCleanup.
  // REQUIRES: `object` refers to an object, and `held` to another.
  Ticket Register(Mutator& mutator, Value object, Value held = Value::Nil(),
                  std::int32_t priority = 0);
  // Ends a registration of which nothing was taken yet; false if it is over. So
  // of Unregister() and TakeNext() one succeeds, once.
  bool Unregister(Ticket ticket);

  // What the next dead object is taken for, or nothing. O(1), but for the first
  // after a collection, which sorts those that it found into the rest.
  std::optional<Value> TakeNext();
  // Calls visit(Local) for each dead object, also those that die meanwhile.
  // Each is taken before it is visited, so a visit that throws loses nothing
  // but itself. Returns how many there were.
  template <typename Visitor>
  std::size_t Drain(Mutator& mutator, Visitor&& visit) {
    std::size_t taken = 0;
    while (const std::optional<Value> next = TakeNext()) {
      const HandleScope scope(mutator);
      ++taken;
      visit(Local(mutator, *next));
    }
    return taken;
  }

  // Registrations that are not over, and those of them whose object is dead.
  std::size_t count();
  std::size_t dead_count();

  std::uint32_t size() const override {
    return static_cast<std::uint32_t>(places_.size());
  }
  void Trace(gc::WeakTrace<ValueModel>& trace, std::uint32_t i) override;
  void Process(gc::WeakTrace<ValueModel>& trace, std::uint32_t i) override;

 private:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  enum class State : std::uint8_t { kUnused, kWaiting, kDead };

  struct Place {
    Value::Word object;  // Of a cleanup, empty when it is dead.
    Value::Word held;    // kCleanup.
    std::uint64_t order;
    std::int32_t priority;
    std::uint32_t use;
    State state;
  };

  // One that is dead, with what decides whose turn it is.
  struct Dead {
    std::int32_t priority;
    std::uint32_t place;
    std::uint64_t order;

    // Whether it is taken after the other.
    bool operator<(const Dead& other) const {
      return priority != other.priority ? priority < other.priority
                                        : order > other.order;
    }
  };

  void SortDead();
  void Free(std::uint32_t i);

  const Mode mode_;
  std::mutex mutex_;  // Never held at a safepoint.
  std::vector<Place> places_;
  std::vector<std::uint32_t> unused_;
  // Who is taken next is the last. Those from sorted_count_ on were found since
  // one was taken.
  std::vector<Dead> dead_;
  std::size_t sorted_count_ = 0;
  std::uint64_t next_order_ = 0;
  std::size_t count_ = 0;
  std::unique_ptr<gc::WeakSet<ValueModel>,
                  std::function<void(gc::WeakSet<ValueModel>*)>>
      registration_;
};

}  // namespace fledge::runtime
