// ListenerList: who is to be told of something, as long as they live.
//
// A listener is an owner and a callback. A list of plain references would keep
// both for ever; one of weak references to callbacks would lose them at once,
// as often nobody else has them. So the owner is held weakly, and the callback
// as long as the owner is alive: also when it refers to its owner, as most do.
// A listener whose owner is dead is gone, and its place is used again.
//
//   button.clicks.Add(mutator, window, closure);
//   ...
//   button.clicks.Notify(mutator, [&](Local window, Local closure) {
//     Call(mutator, closure, window);
//   });
//
// A list is registered by Heap::RegisterWeakSet(), or given by AdoptWeakSet()
// to the object that is listened to.
//
// Design: docs/design/weak_tables.md.
//
// Threads: by one mutator at a time.
#pragma once

#include <cstddef>
#include <optional>

#include "runtime/heap.h"
#include "runtime/value.h"
#include "runtime/weak_associations.h"

namespace fledge::runtime {

class ListenerList : public WeakAssociations {
 public:
  ListenerList() : WeakAssociations(Keeps::kValues) {}

  // Adds a listener, after all others. An owner may have any number of them,
  // and the same callback more than once: it is then called as often. Keeps the
  // callback as long as the owner lives. Never collects. O(1) amortised.
  // REQUIRES: `owner` refers to an object, and `callback` is not empty.
  void Add(Mutator& mutator, Value owner, Value callback);

  // Removes the owner's listeners, or those of them that have this callback;
  // returns how many there were. Never collects. O(1) expected, beside the
  // listeners that the owner has or had.
  std::size_t Remove(Value owner);
  std::size_t Remove(Value owner, Value callback);

  // Calls visit(Local owner, Local callback) for each listener, in the order in
  // which they were added; returns how many there were. The locals are good
  // until the visit ends. Collects as far as `visit` does. O(listeners that
  // there are or were).
  //
  // A visit may do anything: add, remove, collect, notify, throw, but let the
  // list die. Each listener that is there from the begin to the end is met
  // once. One that dies or is removed before it was met is not met; one that is
  // added meanwhile is met by the next Notify(), also if it takes the place of
  // one that was removed: or who adds a listener whenever it is told would be
  // told for ever. What a visit throws ends the call, and the list is as it
  // was.
  template <typename Visitor>
  std::size_t Notify(Mutator& mutator, Visitor&& visit) {
    Cursor cursor(*this, Added::kNotMet);
    std::size_t notified = 0;
    while (const std::optional<Entry> listener = cursor.Next()) {
      const HandleScope scope(mutator);
      ++notified;
      visit(Local(mutator, listener->key), Local(mutator, listener->value));
    }
    return notified;
  }

 private:
  template <typename Predicate>
  std::size_t RemoveIf(Value owner, Predicate&& is_wanted);
};

}  // namespace fledge::runtime
