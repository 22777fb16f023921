#include "runtime/map.h"

#include <algorithm>
#include <bit>

#include "allocator/base/check.h"
#include "runtime/hash.h"
#include "runtime/objects.h"
#include "runtime/text_contents.h"

namespace fledge::runtime {
namespace {

constexpr std::size_t kSmallestCapacity = 8;
constexpr std::size_t kNoEntry = ~std::size_t{0};

std::size_t CapacityOf(Map map) {
  return map.table().IsEmpty() ? 0 : Vector(map.table()).length() / 2;
}
Value KeyAt(Vector table, std::size_t entry) { return table.item(2 * entry); }
Value::Word* KeySlot(Vector table, std::size_t entry) {
  return table.item_slot(2 * entry);
}
Value::Word* ValueSlot(Vector table, std::size_t entry) {
  return table.item_slot(2 * entry + 1);
}

bool KeysAreEqual(Value a, Value b) {
  if (a == b) return true;
  if (IsText(a)) return IsText(b) && HaveSameCharacters(Text(a), Text(b));
  return Is(a, ObjectType::kString) && Is(b, ObjectType::kString) &&
         String(a).text() == String(b).text();
}

// Where `key` is, and where it would go if it is not there: the first deleted
// entry on its way, or the empty one that ended it.
struct Place {
  std::size_t found = kNoEntry;
  std::size_t vacant = kNoEntry;
};

Place FindPlace(Vector table, Value key) {
  const std::size_t mask = table.length() / 2 - 1;
  Place place;
  for (std::size_t entry = HashOf(key) & mask;; entry = (entry + 1) & mask) {
    const Value there = KeyAt(table, entry);
    if (there.IsEmpty()) {
      if (place.vacant == kNoEntry) place.vacant = entry;
      return place;
    }
    if (there.IsDeleted()) {
      if (place.vacant == kNoEntry) place.vacant = entry;
    } else if (KeysAreEqual(there, key)) {
      place.found = entry;
      return place;
    }
  }
}

std::size_t FindKey(Map map, Value key) {
  FLEDGE_CHECK(IsHashable(key),
               "a map key that has no hash of its contents: objects other "
               "than strings, symbols and keywords");
  if (map.count() == 0) return kNoEntry;
  return FindPlace(Vector(map.table()), key).found;
}

// Entries for `count` of them: at most half full, so that as many can be
// added as there are before the next growth.
std::size_t CapacityFor(std::size_t count) {
  return std::max(kSmallestCapacity, std::bit_ceil(2 * count));
}

bool HasRoomForOne(Map map) {
  return 4 * (map.used() + 1) <= 3 * CapacityOf(map);
}

// Moves the entries of `map` into `fresh`, a table of empty items.
void BuildAnew(Mutator& mutator, Map map, Vector fresh) {
  std::size_t position = 0;
  for (MapEntry entry = NextMapEntry(map, position); !entry.key.IsEmpty();
       entry = NextMapEntry(map, position)) {
    const std::size_t vacant = FindPlace(fresh, entry.key).vacant;
    mutator.Write(KeySlot(fresh, vacant), entry.key.word());
    mutator.Write(ValueSlot(fresh, vacant), entry.value.word());
  }
  mutator.Write(map.table_slot(), fresh.value().word());
  map.SetCounts(map.count(), map.count());
}

MapResult Put(Mutator& mutator, Local map, Local key, Local value,
              Value (*make_table)(Mutator&, std::size_t, Local)) {
  FLEDGE_CHECK(!value.get().IsEmpty(), "the empty value means no entry");
  const std::size_t found = FindKey(Map(map.get()), key.get());
  if (found != kNoEntry) {
    const Vector table(Map(map.get()).table());
    mutator.Write(ValueSlot(table, found), value.get().word());
    return MapResult::kReplaced;
  }
  if (!HasRoomForOne(Map(map.get()))) [[unlikely]] {
    const std::size_t capacity = CapacityFor(Map(map.get()).count() + 1);
    const HandleScope scope(mutator);
    const Value fresh =
        make_table(mutator, 2 * capacity, Local(mutator, Value()));
    if (fresh.IsEmpty()) return MapResult::kOutOfMemory;
    BuildAnew(mutator, Map(map.get()), Vector(fresh));
  }
  const Map view(map.get());
  const Vector table(view.table());
  const std::size_t vacant = FindPlace(table, key.get()).vacant;
  const bool was_empty = KeyAt(table, vacant).IsEmpty();
  mutator.Write(KeySlot(table, vacant), key.get().word());
  mutator.Write(ValueSlot(table, vacant), value.get().word());
  view.SetCounts(view.count() + 1, view.used() + (was_empty ? 1 : 0));
  return MapResult::kAdded;
}

}  // namespace

bool IsHashable(Value key) {
  if (key.IsReference()) {
    const ObjectType type = TypeFrom(gc::LoadHeader(key.object()));
    return type == ObjectType::kString || type == ObjectType::kSymbol ||
           type == ObjectType::kKeyword || IsText(key);
  }
  return !key.IsEmpty() && !key.IsDeleted();
}

std::uint64_t HashOf(Value key) {
  FLEDGE_DCHECK(IsHashable(key));
  if (!key.IsReference()) return HashWord(key.word());
  if (Is(key, ObjectType::kSymbol)) return Symbol(key).hash();
  // Not where the symbol is, as both may be keys.
  if (Is(key, ObjectType::kKeyword)) return ~Keyword(key).symbol().hash();
  if (IsText(key)) return HashOf(Text(key));
  return HashText(String(key).text());
}

Value MapGet(Map map, Value key) {
  const std::size_t found = FindKey(map, key);
  if (found == kNoEntry) return Value();
  return LoadSlot(ValueSlot(Vector(map.table()), found));
}

MapResult MapPut(Mutator& mutator, Local map, Local key, Local value) {
  return Put(mutator, map, key, value, MakeVector);
}

MapResult TryMapPut(Mutator& mutator, Local map, Local key, Local value) {
  return Put(mutator, map, key, value, TryMakeVector);
}

bool MapRemove(Mutator& mutator, Map map, Value key) {
  const std::size_t found = FindKey(map, key);
  if (found == kNoEntry) return false;
  const Vector table(map.table());
  mutator.Write(KeySlot(table, found), Value::Deleted().word());
  mutator.Write(ValueSlot(table, found), Value().word());
  map.SetCounts(map.count() - 1, map.used());
  return true;
}

MapEntry NextMapEntry(Map map, std::size_t& position) {
  const std::size_t capacity = CapacityOf(map);
  while (position < capacity) {
    const Vector table(map.table());
    const std::size_t entry = position++;
    const Value key = KeyAt(table, entry);
    if (key.IsEmpty() || key.IsDeleted()) continue;
    return {key, LoadSlot(ValueSlot(table, entry))};
  }
  return {};
}

}  // namespace fledge::runtime
