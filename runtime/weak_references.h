// WeakReferences: the weak references of a heap.
//
// A weak reference is an object, or a WeakHandle for code in C++, that leads to
// its target as long as something else keeps that alive, and to nothing after.
// Both are entries of one set: a hundred of them cost a collection no more than
// a table of a hundred entries.
//
// The word of the object that has its target is no slot: the set shows it to
// the collector. Get() needs a mutator, so that nobody can ask in a pause.
//
// Design: docs/design/weak_tables.md.
//
// Threads: any mutator's, also at once.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "gc/weak_set.h"
#include "runtime/heap.h"
#include "runtime/object_layout.h"
#include "runtime/value.h"

namespace fledge::runtime {

class WeakReferences : public gc::WeakSet<ValueModel> {
 public:
  using Value = runtime::Value;

  // Of `heap`, which must outlive it, as it must outlive its weak references.
  explicit WeakReferences(Heap& heap);
  ~WeakReferences() override;

  // A weak reference to `target`. May collect; calls the out-of-memory handler
  // if there is no memory. REQUIRES: `target` refers to an object.
  Value Make(Mutator& mutator, Local target);
  // The target, or empty if it is dead. Never collects.
  static Value Get(Mutator& mutator, WeakReference reference) {
    const Value target = reference.target();
    const bool is_dead = mutator.heap().weak_sets().IsDead(target.word());
    return is_dead ? Value() : target;
  }

  // Those that were made and are not known to be dead.
  std::size_t count();

  std::uint32_t size() const override {
    return static_cast<std::uint32_t>(places_.size());
  }
  void Process(gc::WeakTrace<ValueModel>& trace, std::uint32_t i) override;

 private:
  friend class WeakHandle;

  // What of this outlives it, for handles.
  struct Life {
    std::mutex mutex;
    WeakReferences* references;  // Null when it is over.
  };
  enum class Use : std::uint8_t { kUnused, kReference, kHandle };
  struct Place {
    Value::Word value = 0;  // The weak reference, or a handle's target.
    Use use = Use::kUnused;
  };

  std::uint32_t AddLocked(Use use, Value value);
  void FreeLocked(std::uint32_t i);

  std::mutex mutex_;  // Never held at a safepoint.
  std::vector<Place> places_;
  std::vector<std::uint32_t> unused_;
  const std::shared_ptr<Life> life_;
  std::unique_ptr<gc::WeakSet<ValueModel>,
                  std::function<void(gc::WeakSet<ValueModel>*)>>
      registration_;
};

// A weak reference that is no object. Also when its heap is gone it may be
// asked, and leads to nothing.
//
// Threads: one at a time.
class WeakHandle {
 public:
  WeakHandle() = default;
  // REQUIRES: `target` refers to an object of the references' heap.
  WeakHandle(WeakReferences& references, Mutator& mutator, Value target);
  ~WeakHandle() { Reset(); }
  WeakHandle(WeakHandle&& other) noexcept;
  WeakHandle& operator=(WeakHandle&& other) noexcept;

  // The target, or empty. Never collects.
  Value Get(Mutator& mutator) const;
  void Reset();

 private:
  std::shared_ptr<WeakReferences::Life> life_;
  std::uint32_t place_ = 0;
};

}  // namespace fledge::runtime
