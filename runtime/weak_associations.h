// WeakAssociations: values that are associated with keys, in the order in which
// they were added. They do not keep their keys alive, or not their values, or
// neither.
//
//   keeps      an entry is there while     and it keeps
//   kValues    its key is alive            its value (ephemerons)
//   kKeys      its value is alive          its key
//   kNothing   both are alive              neither
//
// A key that is an immediate is always alive. Keys are the same if they are the
// same object or the same immediate; objects are found by their identity hash,
// so a collection never rehashes.
//
// What weak tables and listener lists have in common: these say which entries
// there may be.
//
// The memory is the set's own, outside the heap. Of an entry whose referents
// died, the place is found again when all is built anew, before it would grow:
// it shrinks then if little is left.
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
#include "runtime/hash.h"
#include "runtime/heap.h"
#include "runtime/identity_hash.h"
#include "runtime/value.h"

namespace fledge::runtime {

class WeakAssociations : public gc::WeakSet<ValueModel> {
 public:
  using Value = runtime::Value;

  enum class Keeps : std::uint8_t { kValues, kKeys, kNothing };
  // Whether a walk meets what is added while it goes on: at its end, or not at
  // all.
  enum class Added : std::uint8_t { kMet, kNotMet };

  ~WeakAssociations() override;

  // Entries that are there, as far as collections have found out.
  std::size_t count() const { return count_; }

  struct Entry {
    Value key;
    Value value;
  };
  // A walk through the entries, in the order in which they were added. Each
  // that is there from the begin of the walk to its end is met once; one that
  // dies or is removed is not met any more. The program may do anything between
  // two steps but let the set die.
  class Cursor {
   public:
    explicit Cursor(WeakAssociations& set, Added added = Added::kMet);
    ~Cursor() { std::erase(set_.cursors_, this); }
    Cursor(const Cursor&) = delete;
    Cursor& operator=(const Cursor&) = delete;

    // Nothing after the last. Good until the next call that may collect.
    std::optional<Entry> Next();

   private:
    friend class WeakAssociations;

    WeakAssociations& set_;
    std::uint32_t next_ = 0;
    std::uint32_t end_;  // Of the walk, or kNone if it is the set's.
  };

  std::uint32_t size() const override { return places_.size(); }
  void Trace(gc::WeakTrace<ValueModel>& trace, std::uint32_t i) override;
  void Process(gc::WeakTrace<ValueModel>& trace, std::uint32_t i) override;

 protected:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  explicit WeakAssociations(Keeps keeps)
      : gc::WeakSet<ValueModel>(gc::WeakPhase::kTables), keeps_(keeps) {}

  // The key's entry that was added last, or kNone. O(1) expected, beside the
  // key's own entries.
  std::uint32_t Find(Value key) const {
    // Who was never asked for a hash has no entry.
    if (key.IsReference() && !HasIdentityHash(key.object())) return kNone;
    return places_.Find(HashOfKey(key), Holds{*this, key});
  }
  // The one that was added before entry `i`, which may be removed by now.
  std::uint32_t FindNext(std::uint32_t i, Value key) const {
    return places_.FindNext(i, Holds{*this, key});
  }

  // Never collects. O(1) amortised. REQUIRES: neither is empty.
  void Add(Mutator& mutator, Value key, Value value);
  // REQUIRES: entry `i` is there.
  Value value(std::uint32_t i) const {
    return Value::FromWord(places_[i].value);
  }
  void SetValue(Mutator& mutator, std::uint32_t i, Value value);
  void Drop(std::uint32_t i);

 private:
  // Without a key if what it needs is dead or it was removed.
  struct Place {
    Value::Word key;
    Value::Word value;
    std::uint32_t hash;
    std::uint32_t next = 0;

    bool is_there() const { return key != 0; }
  };
  // An entry that a collection is about to drop is not there any more.
  bool IsThere(const Place& place) const {
    return place.is_there() && !IsDead(place.key) && !IsDead(place.value);
  }
  struct Holds {
    const WeakAssociations& set;
    Value key;
    bool operator()(const Place& place) const {
      return place.key == key.word() && set.IsThere(place);
    }
  };
  static_assert(kNone == ChainedPlaces<Place>::kNone);

  static std::uint32_t HashOfKey(Value key) {
    return key.IsReference() ? IdentityHash(key.object())
                             : static_cast<std::uint32_t>(HashWord(key.word()));
  }
  void Rebuild();

  const Keeps keeps_;
  ChainedPlaces<Place> places_;
  std::size_t count_ = 0;
  std::vector<Cursor*> cursors_;
};

}  // namespace fledge::runtime
