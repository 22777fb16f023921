// WeakTable: a hash table from values to values, by identity, that does not
// keep its keys alive, or not its values, or neither: see Keeps in
// runtime/weak_associations.h. One that keeps values is a weak map.
//
//   WeakTable table(WeakTable::Keeps::kValues);
//   const auto registration = heap.RegisterWeakSet(table);
//   table.Put(mutator, key, value);
//
// One whose values are immediates is a weak set. A table that belongs to an
// object of the embedder's is given to Heap::AdoptWeakSet() instead, and ends
// with that object; MakeWeakTable() makes one that is an object.
//
// Design: docs/design/weak_tables.md.
//
// Threads: by one mutator at a time.
#pragma once

#include "runtime/heap.h"
#include "runtime/value.h"
#include "runtime/weak_associations.h"

namespace fledge::runtime {

class WeakTable : public WeakAssociations {
 public:
  explicit WeakTable(Keeps keeps) : WeakAssociations(keeps) {}

  // The key's value, or empty. Never collects. O(1) expected.
  Value Get(Value key) const;
  // Sets the key's value; whether the key is new. Never collects. O(1)
  // expected and amortised. REQUIRES: neither is empty.
  bool Put(Mutator& mutator, Value key, Value value);
  // Removes the key's entry; whether there was one. Never collects.
  bool Remove(Value key);
};

// A weak table as an object: WeakTableObject(value).table(). May collect; calls
// the out-of-memory handler if there is no memory.
Value MakeWeakTable(Mutator& mutator, WeakTable::Keeps keeps);

}  // namespace fledge::runtime
