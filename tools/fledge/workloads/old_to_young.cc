// old-to-young: a large old structure into which fresh objects are stored at
// random places. Each store dirties a card, few cards are dirtied twice, and
// every minor collection has to find its survivors through them.
#include <cstdint>
#include <string>

#include "runtime/objects.h"
#include "tools/fledge/workloads/arguments.h"
#include "tools/fledge/workloads/checksum.h"
#include "tools/fledge/workloads/workloads.h"
#include "tools/fledge/workloads/xorshift.h"

namespace fledge::tools {
namespace {

using runtime::Box;
using runtime::HandleScope;
using runtime::Local;
using runtime::Mutator;
using runtime::SetItem;
using runtime::Value;
using runtime::Vector;

constexpr std::uint32_t kRowItems = 256;

// A vector of `rows` vectors of kRowItems items, all nil.
Value MakeTable(Mutator& mutator, std::uint32_t rows) {
  const HandleScope scope(mutator);
  const Local nil(mutator, Value::Nil());
  const Local table(mutator, runtime::MakeVector(mutator, rows, nil));
  for (std::uint32_t i = 0; i < rows; ++i) {
    const Value row = runtime::MakeVector(mutator, kRowItems, nil);
    SetItem(mutator, Vector(table.get()), i, row);
  }
  return table.get();
}

void AddItem(Checksum& checksum, Value item) {
  if (!item.IsNil()) {
    checksum.Add(static_cast<std::uint64_t>(Box(item).content().integer()));
  }
}

class OldToYoung final : public Workload {
 public:
  std::string_view name() const override { return "old-to-young"; }
  std::string_view description() const override {
    return "new objects stored at random places of a large old structure";
  }
  std::vector<ArgumentRow> arguments() const override {
    return {{"OLD", "4000000", "2000",
             "places in the old structure, 1 to 1000000000"},
            {"OPERATIONS", "20000000", "4000",
             "objects to store in it, 1 to 1000000000"}};
  }

  std::optional<std::string> Configure(std::span<const std::string> arguments,
                                       SizeClass size_class) override {
    ArgumentReader reader(*this, arguments, size_class);
    const std::uint64_t places = reader.Number(1, 1'000'000'000);
    rows_ = static_cast<std::uint32_t>((places + kRowItems - 1) / kRowItems);
    operations_ = static_cast<std::uint32_t>(reader.Number(1, 1'000'000'000));
    return reader.Finish();
  }

  std::string Run(RunContext& context) override {
    Mutator& mutator = context.mutator;
    const HandleScope scope(mutator);
    const Local table(mutator, MakeTable(mutator, rows_));
    Local serial(mutator, Value::Nil());
    Xorshift random;
    Checksum checksum;

    for (std::uint32_t i = 0; i < operations_; ++i) {
      if (i % kOperationsBetweenUpdates == 0) {
        context.progress.Update(i, operations_);
      }
      serial.set(Value::SmallInteger(i));
      const Value fresh = runtime::MakeBox(mutator, serial);
      const Vector row(Vector(table.get()).item(random.Below(rows_)));
      const std::uint32_t place = random.Below(kRowItems);
      AddItem(checksum, row.item(place));  // What was stored there before.
      SetItem(mutator, row, place, fresh);
    }

    for (std::uint32_t i = 0; i < rows_; ++i) {
      const Vector row(Vector(table.get()).item(i));
      for (std::uint32_t j = 0; j < kRowItems; ++j) {
        AddItem(checksum, row.item(j));
      }
    }
    context.allocated_objects += 1 + rows_ + operations_;
    return "checksum=" + checksum.Text();
  }

 private:
  static constexpr std::uint32_t kOperationsBetweenUpdates = 1 << 16;

  std::uint32_t rows_ = 0;
  std::uint32_t operations_ = 0;
};

}  // namespace

std::unique_ptr<Workload> MakeOldToYoung() {
  return std::make_unique<OldToYoung>();
}

}  // namespace fledge::tools
