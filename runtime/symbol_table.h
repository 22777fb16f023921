// SymbolTable: one symbol for each name, as long as somebody has it.
//
// Symbols of one table are equal if they are the same object, so comparing them
// is comparing addresses. The table does not keep them alive: a name that is
// forgotten is gone after a collection, and a symbol made for it later is
// another one, which nobody can tell.
//
// Design: docs/design/weak_tables.md.
//
// Threads: any mutator's, also at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string_view>

#include "gc/weak_set.h"
#include "runtime/chained_places.h"
#include "runtime/heap.h"
#include "runtime/value.h"

namespace fledge::runtime {

class SymbolTable : public gc::WeakSet<ValueModel> {
 public:
  using Value = runtime::Value;

  // Of the symbols of `heap`, which must outlive it.
  explicit SymbolTable(Heap& heap);

  // The name's symbol, or empty if there is none. Never collects or allocates.
  // O(length).
  Value Find(std::string_view name);
  // The name's symbol, which is made if there is none; then it may collect, and
  // calls the out-of-memory handler if there is no memory. O(length), and
  // amortised a visit of each symbol that was there.
  // REQUIRES: `name` is not in the heap, where it would move.
  Value Intern(Mutator& mutator, std::string_view name);

  // Symbols that are there, as far as collections have found out.
  std::size_t count();

  std::uint32_t size() const override { return places_.size(); }
  void Process(gc::WeakTrace<ValueModel>& trace, std::uint32_t i) override;

 private:
  // Without a symbol if it is dead.
  struct Place {
    Value::Word symbol;
    std::uint32_t hash;
    std::uint32_t next = 0;
  };

  // Under the lock.
  Value FindLocked(std::string_view name, std::uint32_t hash) const;
  void Add(Mutator& mutator, Value symbol, std::uint32_t hash);

  std::mutex mutex_;  // Never held at a safepoint.
  ChainedPlaces<Place> places_;
  std::size_t count_ = 0;
  std::unique_ptr<gc::WeakSet<ValueModel>,
                  std::function<void(gc::WeakSet<ValueModel>*)>>
      registration_;
};

}  // namespace fledge::runtime
