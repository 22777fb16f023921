// Maps: hash tables from values to values, in the heap.
//
// A Map object refers to its table, a vector of twice the capacity: entry i
// has its key in item 2i and its value in item 2i + 1. The capacity is a power
// of two; probing is linear, from the key's hash on; a key that is empty ends
// it, and a removed entry leaves a deleted key behind. At least a quarter of
// the keys is empty. Removed entries go when the table is built anew.
//
// Keys are found by their contents: immediates by their bits, strings by
// their bytes, texts by their characters, symbols and keywords by the hash of
// their name (two of them are equal only if they are the same). Pairs, vectors,
// floats and all others would have to be found by identity, and the order of a
// map would depend on addresses: such keys are refused by a check. Ask
// IsHashable() first.
//
// Design: docs/design/value_model.md. Source: D. Knuth, The Art of Computer
// Programming 3, section 6.4, algorithm L.
//
// Invariants:
//   [vm.map-hash]  No hash depends on an address, so a collection moves maps
//                  and keys without rehashing them.
//   [vm.map-load]  4 * used <= 3 * capacity.
//
// Threads: a map that one mutator changes is not used by another at the same
// time.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/heap.h"
#include "runtime/object_layout.h"
#include "runtime/value.h"

namespace fledge::runtime {

// True if a map takes `key`: small integers, characters, constants, strings,
// texts, symbols and keywords. The empty and deleted values are no keys. A text
// must not change while it is a key.
bool IsHashable(Value key);

// REQUIRES: IsHashable(key). O(length) of a string.
std::uint64_t HashOf(Value key);

// The key's value, or empty if the map has no such key. Never collects.
// O(1) expected. REQUIRES: IsHashable(key).
Value MapGet(Map map, Value key);

enum class MapResult : std::uint8_t {
  kAdded,
  kReplaced,
  kOutOfMemory,  // Only of TryMapPut(); the map is as it was.
};

// Sets the key's value. May collect, if the table has to grow; calls the
// out-of-memory handler if it cannot. O(1) expected and amortised.
// REQUIRES: `map` refers to a map; IsHashable(key); `value` is not empty.
MapResult MapPut(Mutator& mutator, Local map, Local key, Local value);
MapResult TryMapPut(Mutator& mutator, Local map, Local key, Local value);

// Removes the entry of `key` and returns whether there was one. Never
// collects. O(1) expected. REQUIRES: IsHashable(key).
bool MapRemove(Mutator& mutator, Map map, Value key);

// Walks the entries: `position` starts at 0 and is moved behind the entry
// returned; after the last, the key is empty. Never collects. The order is
// that of the table: the same for the same operations in every run. An entry
// added during a walk may be missed, and if it makes the table grow, others
// may be missed or met twice.
struct MapEntry {
  Value key;
  Value value;
};
MapEntry NextMapEntry(Map map, std::size_t& position);

}  // namespace fledge::runtime
