// Stacks: the stacks of coroutines and green threads, as objects of the heap.
//
// A Stack object stands for frames that are outside of the heap. While a thread
// runs them they are roots; while they are parked they are kept by the object,
// and keep what they refer to, for as long as the object is reached. So a stack
// that nothing leads to is collected, with all that only its frames refer to,
// be it itself.
//
// It is a weak set with an entry for each stack, an ephemeron: the frames'
// slots are kept if the object is. A minor collection asks those that ran since
// the last one or refer to young objects, and of these the frames that did: a
// million stacks that rest cost it nothing.
//
// What kind of frames they are, and their memory, is up to who derives from
// this: runtime/interpreter_stacks.h, runtime/native_stacks.h.
//
// Design: docs/design/stacks.md.
//
// Invariants:
//   [st.noted]    A parked stack with a frame that ran since the last
//                 collection, or refers to a young object, is a noted entry.
//   [st.running]  A stack that a thread runs is alive, and shown by its thread
//                 as a root.
//
// Threads: any mutator's, also at once; a stack is run by one at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "gc/root_sources.h"
#include "gc/weak_set.h"
#include "runtime/heap.h"
#include "runtime/object_layout.h"
#include "runtime/stack_frames.h"
#include "runtime/value.h"

namespace fledge::runtime {

class Stacks : public gc::WeakSet<ValueModel>, private gc::RootSource {
 public:
  using Value = runtime::Value;

  // The object of `frames`; empty if it is none of these, such as a thread's
  // own stack. By the thread that runs it.
  Value ObjectOf(const StackFrames& frames);

  // Those that are not known to be dead.
  std::size_t count();

  std::uint32_t size() const override {
    return static_cast<std::uint32_t>(places_.size());
  }
  void Trace(gc::WeakTrace<ValueModel>& trace, std::uint32_t i) override;
  void Process(gc::WeakTrace<ValueModel>& trace, std::uint32_t i) override;
  bool Settle() override;

 protected:
  // Of `heap`, which must outlive it.
  explicit Stacks(Heap& heap);
  // Forgets all stacks, with their frames: who derives from this does so before
  // the frames' memory goes. No thread may run one.
  void Clear();

  // The object of new frames, parked; empty if there is no memory. May collect.
  Value TryAdd(Mutator& mutator, std::unique_ptr<StackFrames> frames,
               Local content);
  // A thread that ran `from` goes on with `to`; either may be its own stack,
  // which is none of these. Never collects.
  // REQUIRES: no other thread runs `to`.
  void Exchange(StackFrames& from, StackFrames& to);

  Heap& heap() { return heap_; }

 private:
  struct Place {
    Value::Word object = 0;  // Empty: the place is not used.
    std::unique_ptr<StackFrames> frames;
  };

  bool IsPlaced(const StackFrames& frames) const {
    return frames.place() < places_.size() &&
           places_[frames.place()].frames.get() == &frames;
  }
  // As a root source it has no slots, but hears when derived ones can follow.
  void AddSlots(gc::RootSlots& slots) override;
  void AfterCollection(const gc::NotedSlots& noted) override;

  Heap& heap_;
  std::mutex mutex_;  // Never held at a safepoint.
  std::vector<Place> places_;
  std::vector<std::uint32_t> unused_;
  std::vector<std::unique_ptr<StackFrames>> dead_;
  // With the world stopped: of one entry, and the derived ones of all that were
  // traced in this pause.
  gc::RootSlots slots_;
  gc::RootSlots derived_;
  std::unique_ptr<gc::WeakSet<ValueModel>,
                  std::function<void(gc::WeakSet<ValueModel>*)>>
      registration_;
  std::unique_ptr<gc::RootSource, std::function<void(gc::RootSource*)>>
      source_registration_;
};

}  // namespace fledge::runtime
