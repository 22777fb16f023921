#include "runtime/listener_list.h"

#include "allocator/base/check.h"

namespace fledge::runtime {

void ListenerList::Add(Mutator& mutator, Value owner, Value callback) {
  FLEDGE_CHECK(owner.IsReference(),
               "a listener whose owner is no object would never go");
  WeakAssociations::Add(mutator, owner, callback);
}

template <typename Predicate>
std::size_t ListenerList::RemoveIf(Value owner, Predicate&& is_wanted) {
  std::size_t removed = 0;
  for (std::uint32_t i = Find(owner); i != kNone; i = FindNext(i, owner)) {
    if (!is_wanted(value(i))) continue;
    Drop(i);
    ++removed;
  }
  return removed;
}

std::size_t ListenerList::Remove(Value owner) {
  return RemoveIf(owner, [](Value) { return true; });
}

std::size_t ListenerList::Remove(Value owner, Value callback) {
  return RemoveIf(owner, [&](Value value) { return value == callback; });
}

}  // namespace fledge::runtime
