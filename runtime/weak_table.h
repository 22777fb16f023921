// WeakTable: a hash table from values to values, by identity, that does not
// keep its keys alive, or not its values, or neither.
//
//   keeps      an entry is there while     and it keeps
//   kValues    its key is alive            its value (a weak map, ephemerons)
//   kKeys      its value is alive          its key
//   kNothing   both are alive              neither
//
// A weak set is a table whose values are immediates. A table may be an object
// of the heap, which others refer to and whose death is the table's.
//
// A key that is an immediate is always alive. Keys are the same if they are the
// same object or the same immediate; objects are found by their identity hash,
// so a collection never rehashes. Entries are in the order in which they were
// added.
//
// The memory is the table's own, outside the heap. Of an entry whose referents
// died, the place is found again when the table is built anew, before it would
// grow: it shrinks then if little is left.
//
// Design: docs/design/weak_tables.md.
//
// Threads: by one mutator at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "gc/weak_set.h"
#include "runtime/chained_places.h"
#include "runtime/heap.h"
#include "runtime/value.h"

namespace fledge::runtime {

class WeakTable : public gc::WeakSet<ValueModel> {
 public:
  using Value = runtime::Value;

  enum class Keeps : std::uint8_t { kValues, kKeys, kNothing };

  explicit WeakTable(Keeps keeps)
      : gc::WeakSet<ValueModel>(gc::WeakPhase::kTables), keeps_(keeps) {}
  ~WeakTable() override;

  // Entries that are there, as far as collections have found out.
  std::size_t count() const { return count_; }

  // The key's value, or empty. Never collects. O(1) expected.
  Value Get(Value key) const;
  // Sets the key's value; whether the key is new. Never collects. O(1)
  // expected and amortised. REQUIRES: neither is empty.
  bool Put(Mutator& mutator, Value key, Value value);
  // Removes the key's entry; whether there was one. Never collects.
  bool Remove(Value key);

  struct Entry {
    Value key;
    Value value;
  };
  // A walk through the table, in the order in which entries were added. Each
  // that is there from the begin of the walk to its end is met once, one that
  // is added meanwhile at the end; one that dies or is removed is not met any
  // more. The program may do anything between two steps but let the table die.
  class Cursor {
   public:
    explicit Cursor(WeakTable& table) : table_(table) {
      table_.cursors_.push_back(this);
    }
    ~Cursor() { std::erase(table_.cursors_, this); }
    Cursor(const Cursor&) = delete;
    Cursor& operator=(const Cursor&) = delete;

    // Nothing after the last. Good until the next call that may collect.
    std::optional<Entry> Next();

   private:
    friend class WeakTable;

    WeakTable& table_;
    std::uint32_t next_ = 0;
  };

  std::uint32_t size() const override { return places_.size(); }
  void Trace(gc::WeakTrace<ValueModel>& trace, std::uint32_t i) override;
  void Process(gc::WeakTrace<ValueModel>& trace, std::uint32_t i) override;

 private:
  // Without a key if what it needs is dead or it was removed.
  struct Place {
    Value::Word key;
    Value::Word value;
    std::uint32_t hash;
    std::uint32_t next = 0;

    bool is_there() const { return key != 0; }
  };

  using Places = ChainedPlaces<Place>;

  // The place of the key, or Places::kNone.
  std::uint32_t Find(Value key) const;
  void Drop(Place& place);
  void Rebuild();

  const Keeps keeps_;
  Places places_;
  std::size_t count_ = 0;
  std::vector<Cursor*> cursors_;
};

// A weak table as an object: WeakTableObject(value).table(). May collect; calls
// the out-of-memory handler if there is no memory.
Value MakeWeakTable(Mutator& mutator, WeakTable::Keeps keeps);

}  // namespace fledge::runtime
