#include <iostream>

#include "docs/embedding/cell_model.h"
#include "gc/heap.h"

int main() {
  fledge::gc::HeapOptions options;
  options.max_heap_bytes = 128 * fledge::kMiB;
  fledge::gc::Heap<CellModel> heap(options);
  fledge::gc::Mutator mutator(heap);       // Attaches this thread.
  fledge::gc::HandleScope scope(mutator);  // Frees the two handles at the end.
  fledge::gc::Local list(mutator, MakeCell(mutator, 0));
  fledge::gc::Local last(mutator, list.get());
  const std::uint64_t first_home = list.get();
  for (std::uint64_t i = 1; i <= 2'000'000; ++i) {
    const CellModel::Value cell = MakeCell(mutator, i);  // May move all others.
    mutator.Write(&CellOf(last.get())->rest, cell);
    last.set(cell);
  }
  std::uint64_t sum = 0;  // From here on nothing collects, so nothing moves.
  for (CellModel::Value v = list.get(); v != 0; v = CellOf(v)->rest) {
    sum += NumberOf(CellOf(v)->number);
  }
  using fledge::gc::CollectionKind;
  std::cout << "sum " << sum << ", the first cell "
            << (list.get() == first_home ? "stayed" : "has moved") << ", "
            << heap.collections(CollectionKind::kMinor) << " minor and "
            << heap.collections(CollectionKind::kMajor)
            << " major collections\n";
}
