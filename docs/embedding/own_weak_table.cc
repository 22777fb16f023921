#include <functional>
#include <iostream>
#include <memory>
#include <unordered_map>
#include <vector>

#include "docs/embedding/cell_model.h"
#include "gc/heap.h"
#include "gc/weak_set.h"

namespace gc = fledge::gc;

// The lines of a program's text that its cells came from. A cell's entry goes
// when the cell dies.
class Lines : public gc::WeakSet<CellModel> {
 public:
  explicit Lines(gc::Heap<CellModel>& heap)
      : WeakSet(gc::WeakPhase::kTables),
        registration_(heap.RegisterWeakSet(*this)) {}

  // REQUIRES: `cell` has no line yet.
  void Put(gc::Mutator<CellModel>& mutator, Value cell, std::uint64_t line) {
    if (unused_.empty()) {
      unused_.push_back(size());
      entries_.emplace_back();
    }
    const std::uint32_t i = unused_.back();
    unused_.pop_back();
    entries_[i] = {cell, line};
    if (!is_index_stale_) index_[cell] = i;
    mutator.NoteWeak(*this, i, cell);  // After the store.
  }
  // The cell's line, or 0.
  std::uint64_t Get(Value cell) {
    if (is_index_stale_) Reindex();
    const auto found = index_.find(cell);
    return found == index_.end() ? 0 : entries_[found->second].line;
  }
  std::size_t count() const { return entries_.size() - unused_.size(); }

  // What the collector calls.
  std::uint32_t size() const override { return entries_.size(); }
  void Process(gc::WeakTrace<CellModel>& trace, std::uint32_t i) override {
    Entry& entry = entries_[i];
    const Value before = entry.cell;
    if (!trace.Update(&entry.cell)) {  // The cell is dead.
      entry = {};
      unused_.push_back(i);
    }
    if (entry.cell != before) is_index_stale_ = true;
  }

 private:
  struct Entry {
    Value cell = 0;
    std::uint64_t line = 0;
  };

  void Reindex() {
    index_.clear();
    for (std::uint32_t i = 0; i < size(); ++i) {
      if (entries_[i].cell != 0) index_[entries_[i].cell] = i;
    }
    is_index_stale_ = false;
  }

  std::vector<Entry> entries_;
  std::vector<std::uint32_t> unused_;  // Of the entries.
  std::unordered_map<Value, std::uint32_t> index_;
  bool is_index_stale_ = false;  // Cells have moved since it was made.
  std::unique_ptr<WeakSet, std::function<void(WeakSet*)>> registration_;
};

int main() {
  gc::Heap<CellModel> heap({.max_heap_bytes = 128 * fledge::kMiB});
  gc::Mutator mutator(heap);
  gc::HandleScope scope(mutator);
  Lines lines(heap);
  gc::Local kept(mutator, MakeCell(mutator, 0));
  for (std::uint64_t line = 1; line <= 1'000'000; ++line) {
    const CellModel::Value cell = MakeCell(mutator, line);
    lines.Put(mutator, cell, line);
    if (line % 1000 != 0) continue;  // The other cells are garbage.
    mutator.Write(&CellOf(cell)->rest, kept.get());
    kept.set(cell);
  }
  mutator.Collect(gc::CollectionKind::kMajor);
  std::cout << lines.count() << " entries, from line " << lines.Get(kept.get());
  int wrong = 0;
  for (CellModel::Value v = kept.get(); v != 0; v = CellOf(v)->rest) {
    if (NumberOf(CellOf(v)->number) != lines.Get(v)) ++wrong;
  }
  std::cout << " down, " << wrong << " wrong, in " << lines.size()
            << " places\n";
}
