#include "runtime/symbol_table.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "runtime/hash.h"
#include "runtime/objects.h"

namespace fledge::runtime {
namespace {

std::uint32_t HashOfName(std::string_view name) {
  return static_cast<std::uint32_t>(HashText(name));
}

}  // namespace

SymbolTable::SymbolTable(Heap& heap)
    : gc::WeakSet<ValueModel>(gc::WeakPhase::kTables),
      registration_(heap.RegisterWeakSet(*this)) {}

std::size_t SymbolTable::count() {
  const std::lock_guard lock(mutex_);
  return count_;
}

Value SymbolTable::Find(std::string_view name) {
  const std::lock_guard lock(mutex_);
  return FindLocked(name, HashOfName(name));
}

Value SymbolTable::Intern(Mutator& mutator, std::string_view name) {
  const std::uint32_t hash = HashOfName(name);
  {
    const std::lock_guard lock(mutex_);
    const Value found = FindLocked(name, hash);
    if (!found.IsEmpty()) return found;
  }
  // Without the lock, as it may collect: another mutator may be faster.
  const HandleScope scope(mutator);
  const Local text(mutator, MakeString(mutator, name));
  const Value made = MakeSymbol(mutator, text);
  const std::lock_guard lock(mutex_);
  const Value found = FindLocked(name, hash);
  if (!found.IsEmpty()) return found;
  Add(mutator, made, hash);
  return made;
}

Value SymbolTable::FindLocked(std::string_view name, std::uint32_t hash) const {
  if (index_.empty()) return Value();
  std::uint32_t i = index_[hash & (index_.size() - 1)];
  for (; i != kNone; i = places_[i].next) {
    const Place& place = places_[i];
    if (place.symbol == 0 || place.hash != hash) continue;
    const Value symbol = Value::FromWord(place.symbol);
    if (Symbol(symbol).name().text() == name) return symbol;
  }
  return Value();
}

void SymbolTable::Add(Mutator& mutator, Value symbol, std::uint32_t hash) {
  if (places_.size() == index_.size()) Rebuild();
  std::uint32_t& first = index_[hash & (index_.size() - 1)];
  places_.push_back({symbol.word(), hash, first});
  first = static_cast<std::uint32_t>(places_.size() - 1);
  ++count_;
  mutator.NoteWeak(*this, first, symbol.word());
}

// Drops the places of dead symbols, and chooses the capacity anew: half full.
void SymbolTable::Rebuild() {
  const std::size_t capacity =
      std::max(kLeastCapacity, std::bit_ceil(2 * count_));
  std::vector<std::uint32_t> moved(places_.size(), kNone);
  std::vector<Place> places;
  places.reserve(capacity);
  index_ = std::vector<std::uint32_t>(capacity, kNone);
  for (std::uint32_t i = 0; i < places_.size(); ++i) {
    if (places_[i].symbol == 0) continue;
    moved[i] = static_cast<std::uint32_t>(places.size());
    std::uint32_t& first = index_[places_[i].hash & (capacity - 1)];
    places.push_back({places_[i].symbol, places_[i].hash, first});
    first = moved[i];
  }
  RenumberNoted(moved);
  places_ = std::move(places);
}

void SymbolTable::Process(gc::WeakTrace<ValueModel>& trace, std::uint32_t i) {
  Place& place = places_[i];
  if (place.symbol == 0 || trace.Update(&place.symbol)) return;
  place.symbol = 0;
  --count_;
}

}  // namespace fledge::runtime
