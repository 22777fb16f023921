#include "runtime/lambda/live_types.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "runtime/hash_table_layout.h"
#include "runtime/lambda/type_names.h"
#include "runtime/object_layout.h"
#include "runtime/record_layout.h"
#include "runtime/text_layout.h"
#include "runtime/value.h"

namespace fledge::lambda {

using runtime::ObjectType;
using runtime::Value;

namespace {

// Counts with the world stopped, when nothing moves.
class Tally {
 public:
  void Add(Address object) {
    const runtime::Header header = gc::LoadHeader(object);
    const std::size_t size = runtime::SizeFrom(header);
    const Value value = Value::Reference(object);
    switch (const ObjectType type = runtime::TypeFrom(header)) {
      case ObjectType::kRecord: {
        Count& count = records_[runtime::Record(value).type().object()];
        if (count.objects == 0) count.name = TypeNameOf(object);
        ++count.objects;
        count.bytes += static_cast<std::int64_t>(size);
        return;
      }
      case ObjectType::kMap:
        TakeOver(runtime::Map(value).table(), type);
        break;
      case ObjectType::kHashTable:
        TakeOver(runtime::HashTable(value).index(), type);
        TakeOver(runtime::HashTable(value).entries(), type);
        break;
      case ObjectType::kMovedText:
        TakeOver(runtime::MovedText(value).text(), type);
        break;
      case ObjectType::kSymbol:
        TakeOver(runtime::Symbol(value).name().value(), type);
        break;
      default:
        break;
    }
    Count& count = CountOf(runtime::TypeFrom(header));
    ++count.objects;
    count.bytes += static_cast<std::int64_t>(size);
  }

  std::vector<LiveType> Rows() const {
    std::map<std::string, LiveType> rows;
    const auto add = [&](const std::string& name, const Count& count) {
      if (count.objects <= 0) return;
      LiveType& row = rows[name];
      row.name = name;
      row.objects += static_cast<std::uint64_t>(count.objects);
      row.bytes += static_cast<std::uint64_t>(count.bytes);
    };
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      add(std::string(NameOfType(static_cast<ObjectType>(i))), counts_[i]);
    }
    for (const auto& [type, count] : records_) add(count.name, count);
    std::vector<LiveType> sorted;
    for (auto& [name, row] : rows) sorted.push_back(std::move(row));
    std::stable_sort(
        sorted.begin(), sorted.end(),
        [](const LiveType& a, const LiveType& b) { return a.bytes > b.bytes; });
    return sorted;
  }

 private:
  // Below zero for a while: a part may be met after its owner.
  struct Count {
    std::string name;  // Of a record type.
    std::int64_t objects = 0;
    std::int64_t bytes = 0;
  };

  Count& CountOf(ObjectType type) {
    return counts_[static_cast<std::size_t>(type)];
  }
  // `part` counts with its only owner, an object of type `of`.
  void TakeOver(Value part, ObjectType of) {
    if (!part.IsReference()) return;
    const runtime::Header header = gc::LoadHeader(part.object());
    const auto size = static_cast<std::int64_t>(runtime::SizeFrom(header));
    Count& from = CountOf(runtime::TypeFrom(header));
    --from.objects;
    from.bytes -= size;
    CountOf(of).bytes += size;
  }

  std::array<Count, runtime::kObjectTypeCount> counts_;
  std::unordered_map<Address, Count> records_;
};

}  // namespace

std::vector<LiveType> LiveTypes(runtime::Heap& heap,
                                runtime::Mutator& mutator) {
  Tally tally;
  heap.VisitLive(mutator, [&](Address object) { tally.Add(object); });
  return tally.Rows();
}

}  // namespace fledge::lambda
