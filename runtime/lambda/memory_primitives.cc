// What programs see of the heap; see docs/design/lambda_extensions.md.
#include <string_view>

#include "runtime/hash_table_layout.h"
#include "runtime/lambda/memory_services.h"
#include "runtime/lambda/primitives.h"
#include "runtime/lambda/vm.h"
#include "runtime/map.h"
#include "runtime/objects.h"
#include "runtime/retained_size.h"
#include "runtime/text_layout.h"

namespace fledge::lambda {
namespace {

using gc::CollectionKind;
using runtime::HandleScope;

Value Bytes(std::size_t bytes) {
  return Value::SmallInteger(static_cast<std::int64_t>(bytes));
}

// A map of keywords to numbers.
class Stats {
 public:
  explicit Stats(Vm& vm)
      : vm_(vm), map_(vm.mutator(), runtime::MakeMap(vm.mutator())) {}

  void Add(std::string_view key, std::size_t number) {
    const HandleScope scope(vm_.mutator());
    const Local keyword(vm_.mutator(), vm_.KeywordOf(key));
    const Local value(vm_.mutator(), Bytes(number));
    runtime::MapPut(vm_.mutator(), map_, keyword, value);
  }
  Value map() const { return map_.get(); }

 private:
  Vm& vm_;
  Local map_;
};

std::size_t Ask(const std::function<std::size_t()>& count) {
  return count ? count() : 0;
}

Value MemoryStats(Vm& vm, Arguments) {
  const HandleScope scope(vm.mutator());
  runtime::Heap& heap = vm.heap();
  const MemoryServices& services = vm.memory();
  // As they are before anything is made of them.
  const CollectionCounts::Row minor =
      services.counts.of(CollectionKind::kMinor);
  const CollectionCounts::Row major =
      services.counts.of(CollectionKind::kMajor);
  const std::size_t used = heap.used_bytes();
  const std::size_t total =
      heap.young().range().bytes + heap.memory().committed().bytes;
  const std::size_t allocated = vm.mutator().allocated_bytes();

  Stats stats(vm);
  stats.Add("heap-used", used);
  stats.Add("heap-total", total);
  stats.Add("heap-limit", heap.account().limit_bytes());
  stats.Add("heap-peak", heap.peak_used_bytes());
  stats.Add("external", heap.external().total_bytes());
  stats.Add("allocated", allocated);
  stats.Add("snapshots", Ask(services.count_snapshots));
  stats.Add("namespaces", Ask(services.count_namespaces));
  stats.Add("minor-collections", minor.count);
  stats.Add("minor-ns", static_cast<std::size_t>(minor.pause_ns));
  stats.Add("minor-longest-ns",
            static_cast<std::size_t>(minor.longest_pause_ns));
  stats.Add("minor-freed", minor.freed_bytes);
  stats.Add("major-collections", major.count);
  stats.Add("major-ns", static_cast<std::size_t>(major.pause_ns));
  stats.Add("major-longest-ns",
            static_cast<std::size_t>(major.longest_pause_ns));
  stats.Add("major-freed", major.freed_bytes);
  return stats.map();
}

// (%collect): whether there was a collection.
Value Collect(Vm& vm, Arguments) {
  return Value::Boolean(vm.mutator().Collect(CollectionKind::kMajor));
}

std::size_t SizeOfObject(Value value) {
  return value.IsReference() ? runtime::SizeFrom(gc::LoadHeader(value.object()))
                             : 0;
}

// With the parts that belong to it alone, and that no program can get.
Value ObjectSize(Vm&, Arguments arguments) {
  const Value value = arguments[0];
  std::size_t bytes = SizeOfObject(value);
  if (Is(value, ObjectType::kMap)) {
    bytes += SizeOfObject(runtime::Map(value).table());
  } else if (Is(value, ObjectType::kHashTable)) {
    const runtime::HashTable table(value);
    bytes += SizeOfObject(table.index()) + SizeOfObject(table.entries());
  } else if (Is(value, ObjectType::kMovedText)) {
    bytes += SizeOfObject(runtime::MovedText(value).text());
  } else if (Is(value, ObjectType::kSymbol)) {
    bytes += SizeOfObject(runtime::Symbol(value).name().value());
  }
  return Bytes(bytes);
}

Value RetainedSize(Vm& vm, Arguments arguments) {
  return Bytes(runtime::RetainedSize(vm.mutator(), arguments[0]));
}

constexpr Primitive kPrimitives[] = {
    {"memory-stats", MemoryStats, 0, 0},
    {"%collect", Collect, 0, 0},
    {"object-size", ObjectSize, 1, 1},
    {"retained-size", RetainedSize, 1, 1},
};

}  // namespace

std::span<const Primitive> MemoryPrimitives() { return kPrimitives; }

}  // namespace fledge::lambda
