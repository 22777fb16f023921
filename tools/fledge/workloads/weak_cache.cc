// weak-cache: a cache by objects, with all that a language builds on weak sets.
// Keys are in a table of places and are replaced there by Zipf's law: a key at
// place r lives r times as long as one at the first, on average. So as many
// keys die at an age of one to two thousand operations as at one to two
// million, and no generation has most of the dead. Nothing but its place keeps
// a key:
//
//   places ──► key ──► name        a symbol, for as long as somebody has it
//   key ··► metadata ──► key       a weak map, which only an ephemeron lets die
//   watchers ──► weak reference ··► key                 of one key in eight
//   cleanups: when key is dead ──► serial number, name  of one key in four
//
// What the program knows of each key is beside the heap, and `wrong` counts
// where the heap says otherwise. When a key is found dead depends on the heap,
// so the result has only what is there after all were. Each operation is timed.
#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "runtime/finalizers.h"
#include "runtime/objects.h"
#include "runtime/symbol_table.h"
#include "runtime/weak_references.h"
#include "runtime/weak_table.h"
#include "tools/fledge/workloads/arguments.h"
#include "tools/fledge/workloads/checksum.h"
#include "tools/fledge/workloads/operation_timer.h"
#include "tools/fledge/workloads/record.h"
#include "tools/fledge/workloads/workloads.h"
#include "tools/fledge/workloads/xorshift.h"
#include "tools/fledge/workloads/zipf.h"

namespace fledge::tools {
namespace {

using runtime::Bytes;
using runtime::Finalizers;
using runtime::HandleScope;
using runtime::Heap;
using runtime::Local;
using runtime::Mutator;
using runtime::SetItem;
using runtime::SymbolTable;
using runtime::Value;
using runtime::Vector;
using runtime::WeakReference;
using runtime::WeakReferences;
using runtime::WeakTable;

constexpr std::uint32_t kKeysPerWatcher = 8;
constexpr std::uint32_t kKeysPerCleanup = 4;
constexpr std::size_t kPayloadBytes = 64;

// The fields of a key, and of what is held for its cleanup.
enum KeyField : std::size_t { kSerial, kNameNumber, kName };
// The fields of its metadata.
enum MetadataField : std::size_t { kKey, kUses, kPayload };

std::uint32_t NumberAt(Value record, std::size_t field) {
  return static_cast<std::uint32_t>(Vector(record).item(field).integer());
}

std::string NameText(std::uint32_t number) {
  return "name-" + std::to_string(number);
}

class Cache {
 public:
  // What is there when all that is dead was found.
  struct Census {
    std::size_t entries;
    std::size_t symbols;
    std::size_t cleanups;  // That have run, each once.
  };

  // Without keys: each place is to be replaced once before anything else.
  // REQUIRES: a HandleScope of `mutator` is open, and outlives this.
  Cache(Mutator& mutator, std::uint32_t places)
      : mutator_(mutator),
        zipf_(places),
        places_(places),
        watched_(std::max(places / kKeysPerWatcher, 1u)),
        keys_(mutator, Value::Nil()),
        watchers_(mutator, Value::Nil()),
        metadata_(WeakTable::Keeps::kValues),
        registration_(mutator.heap().RegisterWeakSet(metadata_)),
        symbols_(mutator.heap()),
        references_(mutator.heap()),
        cleanups_(mutator.heap(), Finalizers::Mode::kCleanup) {
    keys_.set(runtime::MakeVector(mutator, places, keys_));
    watchers_.set(runtime::MakeVector(mutator, watched_.size(), watchers_));
    objects_made_ = 2;
  }

  // Replaces a key, uses another, and looks at a watcher.
  void Operate() {
    Replace(zipf_.Next(random_) - 1);
    Use(random_.Below(static_cast<std::uint32_t>(places_.size())));
    LookAtWatcher(random_.Below(static_cast<std::uint32_t>(watched_.size())));
  }

  // A new key at a place, for whatever is there.
  void Replace(std::uint32_t place) {
    const HandleScope scope(mutator_);
    const auto serial = static_cast<std::uint32_t>(lives_.size());
    const std::uint32_t number = zipf_.Next(random_);
    const Local name(mutator_, Intern(number));
    const Local key(mutator_, MakeKeyRecord(serial, number, name));
    const Local metadata(mutator_, MakeMetadata(serial, key));
    metadata_.Put(mutator_, key.get(), metadata.get());

    Drop(places_[place]);
    SetItem(mutator_, Vector(keys_.get()), place, key.get());
    lives_.push_back(Life::kLive);
    places_[place] = {serial, number, CleanUp::kNo};
    if (random_.OneIn(kKeysPerWatcher)) Watch(place, key);
    if (random_.OneIn(kKeysPerCleanup)) {
      const Value held = MakeKeyRecord(serial, number, name);
      cleanups_.Register(mutator_, key.get(), held);
      ++with_cleanup_;
      places_[place].clean_up = CleanUp::kYes;
    }
  }

  // Takes note of the keys that were found dead. Never collects.
  void RunCleanups() {
    cleanups_.Drain(mutator_, [&](Local held) {
      Life& life = lives_[NumberAt(held.get(), kSerial)];
      // Not while it is alive, and not twice; and the name is still the name.
      Expect(life == Life::kDropped && HasItsName(held.get()));
      life = Life::kCleaned;
      ++cleaned_;
    });
  }

  // Adds the entries of the keys that are in the cache, in the order in which
  // those were made. Never collects.
  void AddEntries() {
    WeakTable::Cursor cursor(metadata_);
    while (const auto entry = cursor.Next()) {
      // There, if no collection has found it dead.
      if (lives_[NumberAt(entry->key, kSerial)] != Life::kLive) continue;
      AddEntry(entry->key, entry->value);
    }
  }

  // What the heap says after all that is dead was found.
  Census Count() {
    if (!mutator_.heap().policy().collects) return Expected();
    mutator_.Collect(gc::CollectionKind::kMajor);
    RunCleanups();
    // Once more, for the names that only cleanups had.
    mutator_.Collect(gc::CollectionKind::kMajor);
    const Census found = {metadata_.count(), symbols_.count(), cleaned_};
    const Census expected = Expected();
    Expect(found.entries == expected.entries);
    Expect(found.symbols == expected.symbols);
    Expect(found.cleanups == expected.cleanups);
    Expect(cleanups_.count() == with_cleanup_ - cleaned_);
    return found;
  }

  const Checksum& checksum() const { return checksum_; }
  std::uint64_t wrong() const { return wrong_; }
  std::uint64_t objects_made() const { return objects_made_; }

 private:
  enum class CleanUp : std::uint8_t { kNo, kYes };
  enum class Life : std::uint8_t { kLive, kDropped, kCleaned };

  static constexpr std::uint32_t kNoSerial = ~std::uint32_t{0};

  // The key at a place.
  struct Place {
    std::uint32_t serial = kNoSerial;
    std::uint32_t name_number = 0;
    CleanUp clean_up = CleanUp::kNo;
  };
  // The key that a watcher was made for.
  struct Watched {
    std::uint32_t serial = kNoSerial;
    std::uint32_t place = 0;
  };

  void Expect(bool is_right) {
    if (!is_right) ++wrong_;
  }

  Value Intern(std::uint32_t number) {
    const std::string text = NameText(number);
    const Value found = symbols_.Find(text);
    if (!found.IsEmpty()) return found;
    objects_made_ += 2;
    return symbols_.Intern(mutator_, text);
  }
  // Whether a key's name is what its number is interned as. Never collects.
  bool HasItsName(Value key) {
    const std::string text = NameText(NumberAt(key, kNameNumber));
    return Vector(key).item(kName) == symbols_.Find(text);
  }

  Value MakeKeyRecord(std::uint32_t serial, std::uint32_t number, Local name) {
    ++objects_made_;
    return MakeRecord(mutator_, Value::SmallInteger(serial),
                      Value::SmallInteger(number), name);
  }
  Value MakeMetadata(std::uint32_t serial, Local key) {
    objects_made_ += 2;
    const Local payload(mutator_, runtime::MakeBytes(mutator_, kPayloadBytes));
    std::ranges::fill(Bytes(payload.get()).bytes(),
                      static_cast<std::uint8_t>(serial));
    return MakeRecord(mutator_, key, Value::SmallInteger(0), payload);
  }

  void Drop(const Place& place) {
    if (place.serial == kNoSerial) return;
    lives_[place.serial] = Life::kDropped;
    if (place.clean_up == CleanUp::kYes) ++dropped_with_cleanup_;
  }

  void Watch(std::uint32_t place, Local key) {
    ++objects_made_;
    const Value reference = references_.Make(mutator_, key);
    const std::uint32_t i =
        random_.Below(static_cast<std::uint32_t>(watched_.size()));
    SetItem(mutator_, Vector(watchers_.get()), i, reference);
    watched_[i] = {places_[place].serial, place};
  }

  // Never collects.
  void Use(std::uint32_t place) {
    const Value key = Vector(keys_.get()).item(place);
    const Value metadata = metadata_.Get(key);
    Expect(NumberAt(key, kSerial) == places_[place].serial);
    Expect(HasItsName(key));
    Expect(!metadata.IsEmpty());
    if (metadata.IsEmpty()) return;
    AddEntry(key, metadata);
    const Value uses = Value::SmallInteger(NumberAt(metadata, kUses) + 1);
    SetItem(mutator_, Vector(metadata), kUses, uses);
  }

  // Never collects.
  void LookAtWatcher(std::uint32_t i) {
    const Watched watched = watched_[i];
    if (watched.serial == kNoSerial) return;
    const WeakReference reference(Vector(watchers_.get()).item(i));
    const Value key = WeakReferences::Get(mutator_, reference);
    const Life life = lives_[watched.serial];
    if (life == Life::kLive) {
      Expect(key == Vector(keys_.get()).item(watched.place));
      checksum_.Add(watched.serial);
    } else if (!key.IsEmpty()) {
      // Dropped, but not found dead, so everything of it is as it was.
      Expect(NumberAt(key, kSerial) == watched.serial);
      Expect(life == Life::kDropped && !metadata_.Get(key).IsEmpty());
    }
  }

  void AddEntry(Value key, Value metadata) {
    const Vector record(metadata);
    Expect(record.item(kKey) == key);
    checksum_.Add(NumberAt(key, kSerial));
    checksum_.Add(NumberAt(key, kNameNumber));
    checksum_.Add(NumberAt(metadata, kUses));
    checksum_.Add(Bytes(record.item(kPayload)).bytes().back());
  }

  // What the program knows itself.
  Census Expected() const {
    std::vector<std::uint32_t> names;
    for (const Place& place : places_) names.push_back(place.name_number);
    std::ranges::sort(names);
    const auto repeated = std::ranges::unique(names);
    return {places_.size(), names.size() - repeated.size(),
            dropped_with_cleanup_};
  }

  Mutator& mutator_;
  const Zipf zipf_;  // Of places, and of names.
  Xorshift random_;
  Checksum checksum_;
  std::vector<Place> places_;
  std::vector<Watched> watched_;
  std::vector<Life> lives_;  // By serial number.
  std::size_t with_cleanup_ = 0;
  std::size_t dropped_with_cleanup_ = 0;
  std::size_t cleaned_ = 0;
  std::uint64_t wrong_ = 0;
  std::uint64_t objects_made_ = 0;

  Local keys_;      // Vector of keys, by place.
  Local watchers_;  // Vector of weak references, or nil.
  WeakTable metadata_;
  const decltype(std::declval<Heap>().RegisterWeakSet(
      std::declval<WeakTable&>())) registration_;
  SymbolTable symbols_;
  WeakReferences references_;
  Finalizers cleanups_;
};

class WeakCache final : public Workload {
 public:
  std::string_view name() const override { return "weak-cache"; }
  std::string_view description() const override {
    return "weak maps, symbols and cleanups of short and long lives; each "
           "operation timed";
  }
  std::vector<ArgumentRow> arguments() const override {
    return {{"KEYS", "400000", "100",
             "keys that are alive, and names that there are, 1 to 100000000"},
            {"OPERATIONS", "1500000", "1000",
             "keys that are replaced, 1 to 1000000000"}};
  }

  std::optional<std::string> Configure(std::span<const std::string> arguments,
                                       SizeClass size_class) override {
    ArgumentReader reader(*this, arguments, size_class);
    keys_ = static_cast<std::uint32_t>(reader.Number(1, 100'000'000));
    operations_ = static_cast<std::uint32_t>(reader.Number(1, 1'000'000'000));
    return reader.Finish();
  }

  std::string Run(RunContext& context) override {
    const HandleScope scope(context.mutator);
    Cache cache(context.mutator, keys_);
    for (std::uint32_t place = 0; place < keys_; ++place) cache.Replace(place);

    OperationTimer timer(context.operations);
    for (std::uint32_t i = 0; i < operations_; ++i) {
      if (i % kOperationsBetweenUpdates == 0) {
        context.progress.Update(i, operations_);
        timer.Skip();
      }
      cache.Operate();
      if (i % kOperationsBetweenCleanups == 0) cache.RunCleanups();
      timer.Next();
    }

    cache.AddEntries();
    const Cache::Census census = cache.Count();
    context.allocated_objects += cache.objects_made();
    return "checksum=" + cache.checksum().Text() +
           " wrong=" + std::to_string(cache.wrong()) +
           " entries=" + std::to_string(census.entries) +
           " symbols=" + std::to_string(census.symbols) +
           " cleanups=" + std::to_string(census.cleanups);
  }

 private:
  static constexpr std::uint32_t kOperationsBetweenUpdates = 1 << 15;
  static constexpr std::uint32_t kOperationsBetweenCleanups = 64;

  std::uint32_t keys_ = 0;
  std::uint32_t operations_ = 0;
};

}  // namespace

std::unique_ptr<Workload> MakeWeakCache() {
  return std::make_unique<WeakCache>();
}

}  // namespace fledge::tools
