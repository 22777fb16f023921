#include "runtime/lambda/hash_tables.h"

#include <algorithm>
#include <bit>
#include <span>
#include <vector>

#include "runtime/lambda/equivalence.h"
#include "runtime/lambda/hashing.h"
#include "runtime/objects.h"
#include "runtime/text_contents.h"

namespace fledge::lambda {

using runtime::HandleScope;
using runtime::Mutator;
using runtime::ObjectType;
using runtime::Vector;

namespace {

using Cell = std::uint64_t;

constexpr std::size_t kLeastCells = 8;
constexpr unsigned kHashShift = 32;
constexpr std::size_t kNone = ~std::size_t{0};

Cell MakeCell(std::uint32_t hash, std::size_t entry) {
  return Cell{hash} << kHashShift | (entry + 1);
}
std::uint32_t HashIn(Cell cell) {
  return static_cast<std::uint32_t>(cell >> kHashShift);
}
// REQUIRES: the cell is not 0.
std::size_t EntryIn(Cell cell) { return static_cast<std::uint32_t>(cell) - 1; }

std::size_t RoomIn(std::size_t cells) { return cells / 4 * 3; }

// How each equivalence compares and hashes.
struct EqKeys {
  static bool AreSame(Value a, Value b) { return a == b; }
  static std::uint32_t HashOf(Value key) { return EqHash(key); }
  static bool MayBeIn(Value key) { return !LacksIdentityHash(key); }
};
struct EqvKeys {
  static bool AreSame(Value a, Value b) { return AreEqv(a, b); }
  static std::uint32_t HashOf(Value key) { return EqvHash(key); }
  static bool MayBeIn(Value key) { return !LacksIdentityHash(key); }
};
struct EqualKeys {
  static bool AreSame(Value a, Value b) { return a == b || AreEqual(a, b); }
  static std::uint32_t HashOf(Value key) { return EqualHash(key); }
  static bool MayBeIn(Value) { return true; }
};
struct StringKeys {
  static bool AreSame(Value a, Value b) {
    // A removed key is no text.
    return a == b ||
           (runtime::IsText(a) &&
            runtime::HaveSameCharacters(runtime::Text(a), runtime::Text(b)));
  }
  static std::uint32_t HashOf(Value key) {
    return static_cast<std::uint32_t>(runtime::HashOf(runtime::Text(key)));
  }
  static bool MayBeIn(Value) { return true; }
};

// Calls use(Keys()) with the keys of `table`.
template <typename Use>
auto WithKeys(HashTable table, Use&& use) {
  switch (EquivalenceOf(table)) {
    case Equivalence::kEq:
      return use(EqKeys());
    case Equivalence::kEqv:
      return use(EqvKeys());
    case Equivalence::kEqual:
      return use(EqualKeys());
    case Equivalence::kString:
      return use(StringKeys());
  }
  return use(EqKeys());
}

// The cells and entries of a table that has some, until the next collection.
class Parts {
 public:
  explicit Parts(HashTable table) : Parts(table.index(), table.entries()) {}
  Parts(Value index, Value entries) : entries_(entries) {
    const auto bytes = runtime::Bytes(index).bytes();
    cells_ = {reinterpret_cast<Cell*>(bytes.data()),
              bytes.size() / sizeof(Cell)};
  }

  std::span<Cell> cells() const { return cells_; }
  Value::Word* key_slot(std::size_t entry) const {
    return entries_.item_slot(2 * entry);
  }
  Value::Word* value_slot(std::size_t entry) const {
    return entries_.item_slot(2 * entry + 1);
  }
  Value key(std::size_t entry) const { return entries_.item(2 * entry); }
  Value value(std::size_t entry) const { return entries_.item(2 * entry + 1); }

  template <typename Keys>
  std::size_t Find(Keys keys, std::uint32_t hash, Value sought) const {
    const std::size_t mask = cells_.size() - 1;
    for (std::size_t i = hash & mask; cells_[i] != 0; i = (i + 1) & mask) {
      if (HashIn(cells_[i]) != hash) continue;
      const std::size_t entry = EntryIn(cells_[i]);
      if (keys.AreSame(key(entry), sought)) return entry;
    }
    return kNone;
  }
  // REQUIRES: the entry has no cell, and there is room.
  void AddCell(std::uint32_t hash, std::size_t entry) const {
    const std::size_t mask = cells_.size() - 1;
    std::size_t i = hash & mask;
    while (cells_[i] != 0) i = (i + 1) & mask;
    cells_[i] = MakeCell(hash, entry);
  }

 private:
  std::span<Cell> cells_;
  Vector entries_;
};

bool HasParts(HashTable table) { return !table.index().IsEmpty(); }

std::size_t RoomOf(HashTable table) {
  return HasParts(table) ? RoomIn(Parts(table).cells().size()) : 0;
}

template <typename Keys>
std::size_t FindEntry(Keys keys, HashTable table, Value key) {
  if (table.count() == 0 || !keys.MayBeIn(key)) return kNone;
  return Parts(table).Find(keys, keys.HashOf(key), key);
}

// Copies the entries of `from` that are there into `to`, which has none.
void MoveEntries(Mutator& mutator, HashTable from, Parts to) {
  if (!HasParts(from)) return;
  const Parts old(from);
  // Where each goes.
  std::vector<std::uint32_t> places;
  if (from.count() != from.used()) places.resize(from.used());
  std::uint32_t count = 0;
  for (std::size_t i = 0; i < from.used(); ++i) {
    if (old.key(i).IsDeleted()) continue;
    if (!places.empty()) places[i] = count;
    mutator.Write(to.key_slot(count), old.key(i).word());
    mutator.Write(to.value_slot(count), old.value(i).word());
    ++count;
  }
  for (const Cell cell : old.cells()) {
    if (cell == 0) continue;
    const std::size_t entry = EntryIn(cell);
    if (old.key(entry).IsDeleted()) continue;
    to.AddCell(HashIn(cell), places.empty() ? entry : places[entry]);
  }
}

// Gives `to` the entries of `from`, which may be the same table, and room for
// others.
bool TryBuildAnew(Mutator& mutator, Local from, Local to) {
  const std::size_t cells = std::max(
      kLeastCells, std::bit_ceil(2 * (HashTable(from.get()).count() + 1)));
  const HandleScope scope(mutator);
  const Local index(mutator,
                    runtime::TryMakeBytes(mutator, cells * sizeof(Cell)));
  if (index.get().IsEmpty()) return false;
  const Local nothing(mutator, Value());
  const Value entries =
      runtime::TryMakeVector(mutator, 2 * RoomIn(cells), nothing);
  if (entries.IsEmpty()) return false;
  MoveEntries(mutator, HashTable(from.get()), Parts(index.get(), entries));
  const std::size_t count = HashTable(from.get()).count();
  const HashTable table(to.get());
  mutator.Write(table.index_slot(), index.get().word());
  mutator.Write(table.entries_slot(), entries.word());
  table.SetCounts(count, count);
  return true;
}

template <typename Keys>
bool TryPutBy(Keys keys, Mutator& mutator, Local local, Local key,
              Local value) {
  const std::uint32_t hash = keys.HashOf(key.get());
  HashTable table(local.get());
  if (table.count() > 0) {
    const Parts parts(table);
    const std::size_t found = parts.Find(keys, hash, key.get());
    if (found != kNone) {
      mutator.Write(parts.value_slot(found), value.get().word());
      return true;
    }
  }
  if (table.used() == RoomOf(table)) [[unlikely]] {
    if (!TryBuildAnew(mutator, local, local)) return false;
    table = HashTable(local.get());
  }
  const Parts parts(table);
  const std::size_t entry = table.used();
  mutator.Write(parts.key_slot(entry), key.get().word());
  mutator.Write(parts.value_slot(entry), value.get().word());
  parts.AddCell(hash, entry);
  table.SetCounts(table.count() + 1, entry + 1);
  return true;
}

}  // namespace

Value TryMakeHashTable(Mutator& mutator, Equivalence equivalence) {
  const Address object =
      runtime::internal::TryAllocate<ObjectType::kHashTable>(mutator);
  if (object == kNullAddress) return Value();
  return HashTable::Initialize(object, static_cast<std::uint8_t>(equivalence))
      .value();
}

Value TryCopyHashTable(Mutator& mutator, Local table) {
  const HandleScope scope(mutator);
  const Value made =
      TryMakeHashTable(mutator, EquivalenceOf(HashTable(table.get())));
  if (made.IsEmpty()) return made;
  const Local copy(mutator, made);
  return TryBuildAnew(mutator, table, copy) ? copy.get() : Value();
}

bool TryPut(Mutator& mutator, Local table, Local key, Local value) {
  return WithKeys(HashTable(table.get()), [&](auto keys) {
    return TryPutBy(keys, mutator, table, key, value);
  });
}

Value Get(HashTable table, Value key) {
  const std::size_t found =
      WithKeys(table, [&](auto keys) { return FindEntry(keys, table, key); });
  return found == kNone ? Value() : Parts(table).value(found);
}

bool Remove(Mutator& mutator, HashTable table, Value key) {
  const std::size_t found =
      WithKeys(table, [&](auto keys) { return FindEntry(keys, table, key); });
  if (found == kNone) return false;
  const Parts parts(table);
  mutator.Write(parts.key_slot(found), Value::Deleted().word());
  mutator.Write(parts.value_slot(found), Value().word());
  table.SetCounts(table.count() - 1, table.used());
  return true;
}

void Clear(Mutator& mutator, HashTable table) {
  mutator.Write(table.index_slot(), Value().word());
  mutator.Write(table.entries_slot(), Value().word());
  table.SetCounts(0, 0);
}

std::optional<HashTableEntry> NextEntry(HashTable table,
                                        std::size_t& position) {
  if (!HasParts(table)) return std::nullopt;
  const Parts parts(table);
  while (position < table.used()) {
    const std::size_t entry = position++;
    if (parts.key(entry).IsDeleted()) continue;
    return HashTableEntry{parts.key(entry), parts.value(entry)};
  }
  return std::nullopt;
}

}  // namespace fledge::lambda
