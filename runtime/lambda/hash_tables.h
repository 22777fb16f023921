// Hash tables: from keys of any kind to values, in the order in which keys were
// added, in the heap.
//
//   index     [ - | 2 | - | 0 | 1 | - | - | - ]   cells, as many as a power of
//   2 entries   [ key value | key value | key value | - - | ... ]
//
//   cell   63             32 31            0
//         +-----------------+---------------+
//         | hash            | entry + 1     |    all 0: nothing was ever here
//         +-----------------+---------------+
//
// A key is sought from the cell of its hash on, one after the other, up to one
// that is 0; keys are compared only where hashes are equal. A removed entry
// keeps its cell, and has a deleted key, until all is built anew: when there is
// no room for another entry, from the cells, without a look at a key. There is
// room for three entries for every four cells.
//
// The order does not depend on hashes, so not on addresses either; and no
// collection rehashes anything, as hashes outlive moves.
//
// A key must not be changed in a way that the table's equivalence sees; one
// that is may not be found, which is all that happens.
//
// Design: docs/design/lambda_extensions.md. Source: R. Hettinger's compact
// dictionaries of CPython 3.6.
//
// Invariants:
//   [lx.table-room]   used <= 3/4 of the cells, so that a search ends.
//   [lx.table-cells]  Each entry that is used has one cell.
//
// Threads: by the mutator's thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "runtime/hash_table_layout.h"
#include "runtime/heap.h"
#include "runtime/value.h"

namespace fledge::lambda {

using runtime::HashTable;
using runtime::Local;
using runtime::Value;

// What the keys of a table are compared with.
enum class Equivalence : std::uint8_t { kEq, kEqv, kEqual, kString };
inline constexpr std::size_t kEquivalenceCount = 4;

inline Equivalence EquivalenceOf(HashTable table) {
  return static_cast<Equivalence>(table.kind());
}

// Empty, or false, if there is no memory. May collect.
Value TryMakeHashTable(runtime::Mutator& mutator, Equivalence equivalence);
// Another one with the same entries. O(entries).
Value TryCopyHashTable(runtime::Mutator& mutator, Local table);
// Sets the key's value. O(1) expected and amortized, and a hash; the table is
// as it was if there is no memory. REQUIRES: of kString, the key is a text.
bool TryPut(runtime::Mutator& mutator, Local table, Local key, Local value);

// The rest never collects. REQUIRES, of kString: the key is a text.

// The key's value, or empty. O(1) expected, and a hash.
Value Get(HashTable table, Value key);
// Whether it was there.
bool Remove(runtime::Mutator& mutator, HashTable table, Value key);
void Clear(runtime::Mutator& mutator, HashTable table);

// Walks the entries: `position` starts at 0 and is moved behind the entry
// returned; nothing after the last. For who changes nothing meanwhile.
struct HashTableEntry {
  Value key;
  Value value;
};
std::optional<HashTableEntry> NextEntry(HashTable table, std::size_t& position);

}  // namespace fledge::lambda
