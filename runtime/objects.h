// Objects: making the runtime's objects and storing into them.
//
// Make...() allocates, so it may collect and move every object: it takes
// references in handles, and what it returns belongs into one before the next
// call that may collect. When the heap has no room it calls the heap's
// out-of-memory handler; TryMake...() returns empty (`Value()`) instead, also
// for a length that no heap could hold. Set...() never collects, so it takes
// views.
//
// Design: docs/design/value_model.md, docs/gc_safe_coding.md.
//
// Invariants:
//   [vm.load-last]  A handle is read after the allocation, into the fresh
//                   object, never before it.
//
// Threads: by the mutator's thread. Set...() may race with reads of the slot.
#pragma once

#include <cstddef>
#include <string_view>

#include "allocator/base/address.h"
#include "runtime/heap.h"
#include "runtime/object_layout.h"
#include "runtime/value.h"

namespace fledge::runtime {

Value MakePair(Mutator& mutator, Local car, Local cdr);
Value TryMakePair(Mutator& mutator, Local car, Local cdr);
// The same for values at hand, which it moves to handles itself if it has to
// collect. Both must have been read after whatever else collects: not
// MakePair(mutator, car.get(), MakeString(mutator, "...")).
Value MakePair(Mutator& mutator, Value car, Value cdr);

Value MakeBox(Mutator& mutator, Local content);
Value TryMakeBox(Mutator& mutator, Local content);

Value MakeFloat(Mutator& mutator, double number);
Value TryMakeFloat(Mutator& mutator, double number);

// A copy of `text`, which ought to be UTF-8: nothing checks it. O(length).
// REQUIRES: `text` is not in the heap, where it would move; see
// MakeSubstring().
Value MakeString(Mutator& mutator, std::string_view text);
Value TryMakeString(Mutator& mutator, std::string_view text);

// A copy of `length` bytes of `string` from byte `begin`. O(length).
// REQUIRES: `string` refers to a string that has them.
Value MakeSubstring(Mutator& mutator, Local string, std::size_t begin,
                    std::size_t length);
Value TryMakeSubstring(Mutator& mutator, Local string, std::size_t begin,
                       std::size_t length);

// A new symbol of this name, equal to no other; symbols that are to be equal
// come from a symbol table. O(length). REQUIRES: `name` refers to a string.
Value MakeSymbol(Mutator& mutator, Local name);
Value TryMakeSymbol(Mutator& mutator, Local name);

// `length` zero bytes. O(length).
Value MakeBytes(Mutator& mutator, std::size_t length);
Value TryMakeBytes(Mutator& mutator, std::size_t length);

// `length` items that are all `fill`. Others are stored with the write barrier,
// from the first on: no collection looks at all of a new vector if it is large.
// O(length).
Value MakeVector(Mutator& mutator, std::size_t length, Local fill);
Value TryMakeVector(Mutator& mutator, std::size_t length, Local fill);

// A map without entries: runtime/map.h.
Value MakeMap(Mutator& mutator);
Value TryMakeMap(Mutator& mutator);

inline void SetCar(Mutator& mutator, Pair pair, Value car) {
  mutator.Write(pair.car_slot(), car.word());
}
inline void SetCdr(Mutator& mutator, Pair pair, Value cdr) {
  mutator.Write(pair.cdr_slot(), cdr.word());
}
inline void SetContent(Mutator& mutator, Box box, Value content) {
  mutator.Write(box.content_slot(), content.word());
}
inline void SetContent(Mutator& mutator, Stack stack, Value content) {
  mutator.Write(stack.content_slot(), content.word());
}
// REQUIRES: i < vector.length().
inline void SetItem(Mutator& mutator, Vector vector, std::size_t i,
                    Value item) {
  mutator.Write(vector.item_slot(i), item.word());
}

}  // namespace fledge::runtime

#include "runtime/objects-inl.h"
