// Hash table layout: an object with entries that are found by their keys, and a
// view of it.
//
//                +0       +8            +16              +24             +32
//   hash table   header   index: bytes  entries: vector  counts          kind
//
//   counts   63         32 31         0
//           +-------------+------------+
//           | used        | count      |
//           +-------------+------------+
//
// Both are empty as long as no entry was ever added. What they hold, and what
// `kind` means, is the affair of runtime/lambda/hash_tables.h.
//
// Design: docs/design/lambda_extensions.md. Views: runtime/object_layout.h.
//
// Threads: as there; a table that one mutator changes must not be used by
// another meanwhile.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/object_layout.h"

namespace fledge::runtime {

class HashTable : public View<ObjectType::kHashTable> {
 public:
  using View::View;

  static HashTable Initialize(Address object, std::uint8_t kind) {
    HashTable view(StartObject(object));
    *view.index_slot() = Value().word();
    *view.entries_slot() = Value().word();
    view.SetCounts(0, 0);
    *view.WordAt(3) = kind;
    return view;
  }

  Value index() const { return LoadSlot(index_slot()); }
  Value entries() const { return LoadSlot(entries_slot()); }
  Value::Word* index_slot() const { return WordAt(0); }
  Value::Word* entries_slot() const { return WordAt(1); }

  // Entries that are there, and those with the removed ones that still take
  // room.
  std::size_t count() const { return *WordAt(2) & kCountMask; }
  std::size_t used() const { return *WordAt(2) >> kUsedShift; }
  void SetCounts(std::size_t count, std::size_t used) const {
    FLEDGE_DCHECK(count <= used && used <= kCountMask);
    *WordAt(2) = std::uint64_t{used} << kUsedShift | count;
  }
  std::uint8_t kind() const { return static_cast<std::uint8_t>(*WordAt(3)); }

 private:
  static constexpr unsigned kUsedShift = 32;
  static constexpr std::uint64_t kCountMask = 0xffff'ffff;
};

}  // namespace fledge::runtime
