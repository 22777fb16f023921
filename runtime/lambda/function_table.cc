#include "runtime/lambda/function_table.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace fledge::lambda {
namespace {

// A slice of what was found dead: some microseconds.
constexpr std::size_t kSliceFunctions = 50;

}  // namespace

FunctionTable::FunctionTable(runtime::Heap& heap)
    : gc::WeakSet<runtime::ValueModel>(gc::WeakPhase::kTables),
      registration_(heap.RegisterWeakSet(*this)) {}

void FunctionTable::Add(runtime::Mutator& mutator,
                        std::unique_ptr<Function> function, runtime::Value of) {
  const std::lock_guard lock(mutex_);
  if (unused_.empty()) {
    unused_.push_back(size());
    places_.emplace_back();
  }
  const std::uint32_t i = unused_.back();
  unused_.pop_back();
  places_[i] = {of.word(), std::move(function)};
  mutator.NoteWeak(*this, i, of.word());
}

std::size_t FunctionTable::count() {
  const std::lock_guard lock(mutex_);
  return places_.size() - unused_.size();
}

void FunctionTable::Process(gc::WeakTrace<runtime::ValueModel>& trace,
                            std::uint32_t i) {
  Place& place = places_[i];
  if (place.of == 0 || trace.Update(&place.of)) return;
  dead_.push_back(std::move(place.function));
  SettleLater();
  place = {};
  unused_.push_back(i);
}

bool FunctionTable::Settle() {
  const std::lock_guard lock(mutex_);
  const std::size_t count = std::min(dead_.size(), kSliceFunctions);
  dead_.resize(dead_.size() - count);
  return dead_.empty();
}

}  // namespace fledge::lambda
