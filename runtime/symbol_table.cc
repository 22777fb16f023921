#include "runtime/symbol_table.h"

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
  const std::uint32_t i = places_.Find(hash, [&](const Place& place) {
    return place.symbol != 0 && !IsDead(place.symbol) &&
           Symbol(Value::FromWord(place.symbol)).name().text() == name;
  });
  return i == ChainedPlaces<Place>::kNone ? Value()
                                          : Value::FromWord(places_[i].symbol);
}

void SymbolTable::Add(Mutator& mutator, Value symbol, std::uint32_t hash) {
  if (places_.full()) {
    RenumberNoted(
        places_.Rebuild([](const Place& place) { return place.symbol != 0; }));
  }
  const std::uint32_t i = places_.Add({symbol.word(), hash});
  ++count_;
  mutator.NoteWeak(*this, i, symbol.word());
}

void SymbolTable::Process(gc::WeakTrace<ValueModel>& trace, std::uint32_t i) {
  Place& place = places_[i];
  if (place.symbol == 0 || trace.Update(&place.symbol)) return;
  place.symbol = 0;
  --count_;
}

}  // namespace fledge::runtime
