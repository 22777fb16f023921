// fragment: objects of many sizes of which a part dies, round by round, in
// patterns that leave holes: every second one, one kind of size, the oldest,
// any. What comes next has other sizes than what has gone, so a collector that
// does not compact needs ever more memory.
//
// Each allocation is timed, with what it takes to find a place for it.
#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string>

#include "allocator/base/address.h"
#include "runtime/objects.h"
#include "tools/fledge/workloads/arguments.h"
#include "tools/fledge/workloads/checksum.h"
#include "tools/fledge/workloads/operation_timer.h"
#include "tools/fledge/workloads/workloads.h"
#include "tools/fledge/workloads/xorshift.h"

namespace fledge::tools {
namespace {

using runtime::Bytes;
using runtime::HandleScope;
using runtime::Local;
using runtime::Mutator;
using runtime::SetItem;
using runtime::Value;
using runtime::Vector;

// Sizes are given without the header of 8 bytes.
constexpr std::uint32_t kLeastBytes = 8;
constexpr std::uint32_t kSmallBytes = 64;
constexpr std::uint32_t kMediumBytes = 1024;
constexpr std::uint32_t kLargeBytes = 8 * kKiB - 8;
constexpr std::uint32_t kHugeBytes = 200 * kKiB - 8;

constexpr std::uint32_t kObjectsPerHuge = 1024;
constexpr std::uint32_t kObjectsPerLarge = 32;

// Who dies in a round, in turns.
enum class Pattern : std::uint8_t { kEverySecond, kSmall, kOldest, kAny };
constexpr std::uint32_t kPatterns = 4;

// A table of objects, each bytes that begin with the object's serial number
// and, if they are more, end with its low byte.
class Population {
 public:
  // REQUIRES: a HandleScope of `mutator` is open, and outlives this.
  Population(Mutator& mutator, std::uint32_t places)
      : mutator_(mutator), places_(places), table_(mutator, Value::Nil()) {
    table_.set(runtime::MakeVector(mutator, places, table_));
  }

  std::uint32_t places() const { return places_; }
  bool IsFree(std::uint32_t place) const {
    return Vector(table_.get()).item(place).IsNil();
  }

  // Puts a new object of `bytes` at a free place.
  void Fill(std::uint32_t place, std::uint32_t bytes) {
    const Bytes object(runtime::MakeBytes(mutator_, bytes));
    const std::uint64_t serial = ++objects_made_;
    std::uint8_t* const begin = object.bytes().data();
    std::memcpy(begin, &serial, sizeof serial);
    if (bytes > sizeof serial) {
      begin[bytes - 1] = static_cast<std::uint8_t>(serial);
    }
    SetItem(mutator_, Vector(table_.get()), place, object.value());
  }

  // Lets the objects die that the pattern names. Never collects.
  void Cull(Pattern pattern, Xorshift& random, Checksum& checksum) {
    // Of objects that were made before half of all places were filled anew.
    const std::uint64_t old_serial =
        objects_made_ - std::min<std::uint64_t>(objects_made_, places_ / 2);
    for (std::uint32_t place = 0; place < places_; ++place) {
      if (IsFree(place)) continue;
      const Bytes object(Vector(table_.get()).item(place));
      bool dies = false;
      switch (pattern) {
        case Pattern::kEverySecond:
          dies = place % 2 == 0;
          break;
        case Pattern::kSmall:
          dies = object.length() <= kSmallBytes;
          break;
        case Pattern::kOldest:
          dies = SerialOf(object) <= old_serial;
          break;
        case Pattern::kAny:
          dies = random.OneIn(3);
          break;
      }
      if (!dies) continue;
      Add(object, checksum);
      SetItem(mutator_, Vector(table_.get()), place, Value::Nil());
    }
  }

  void AddAll(Checksum& checksum) const {
    for (std::uint32_t place = 0; place < places_; ++place) {
      if (IsFree(place)) continue;
      Add(Bytes(Vector(table_.get()).item(place)), checksum);
    }
  }

  std::uint64_t objects_made() const { return objects_made_; }

 private:
  static std::uint64_t SerialOf(Bytes object) {
    std::uint64_t serial;
    std::memcpy(&serial, object.bytes().data(), sizeof serial);
    return serial;
  }
  static void Add(Bytes object, Checksum& checksum) {
    checksum.Add(SerialOf(object));
    checksum.Add(object.length());
    checksum.Add(object.bytes().back());
  }

  Mutator& mutator_;
  const std::uint32_t places_;
  Local table_;
  std::uint64_t objects_made_ = 0;
};

// Sizes between the least and `most`, small ones more often: as many of each
// doubling as of any other.
std::uint32_t AnySize(Xorshift& random, std::uint32_t most) {
  const int doublings = std::bit_width(most / kLeastBytes);
  const std::uint32_t least =
      kLeastBytes << random.Below(static_cast<std::uint32_t>(doublings));
  return std::min(least + random.Below(least), most);
}

std::uint32_t NextSize(Xorshift& random, std::uint32_t round) {
  if (random.OneIn(kObjectsPerHuge)) return AnySize(random, kHugeBytes);
  if (random.OneIn(kObjectsPerLarge)) return AnySize(random, kLargeBytes);
  // Small ones by turns with larger ones that do not fit in their holes.
  return AnySize(random, round % 2 == 0 ? kSmallBytes : kMediumBytes);
}

class Fragment final : public Workload {
 public:
  std::string_view name() const override { return "fragment"; }
  std::string_view description() const override {
    return "objects of many sizes die in patterns; each allocation timed";
  }
  std::vector<ArgumentRow> arguments() const override {
    return {{"LIVE", "500000", "100", "live objects, 1 to 100000000"},
            {"ROUNDS", "40", "40",
             "times that a part of them dies, 1 to "
             "1000000"}};
  }

  std::optional<std::string> Configure(std::span<const std::string> arguments,
                                       SizeClass size_class) override {
    ArgumentReader reader(*this, arguments, size_class);
    live_ = static_cast<std::uint32_t>(reader.Number(1, 100'000'000));
    rounds_ = static_cast<std::uint32_t>(reader.Number(1, 1'000'000));
    return reader.Finish();
  }

  std::string Run(RunContext& context) override {
    const HandleScope scope(context.mutator);
    Population population(context.mutator, live_);
    Xorshift random;
    Checksum checksum;
    OperationTimer timer(context.operations);
    for (std::uint32_t round = 0; round < rounds_; ++round) {
      for (std::uint32_t place = 0; place < live_; ++place) {
        if (!population.IsFree(place)) continue;
        const std::uint32_t bytes = NextSize(random, round);
        timer.Skip();
        population.Fill(place, bytes);
        timer.Next();
      }
      population.Cull(Pattern{static_cast<std::uint8_t>(round % kPatterns)},
                      random, checksum);
      context.progress.Update(round + 1, rounds_);
    }
    population.AddAll(checksum);
    context.allocated_objects += 1 + population.objects_made();
    return "checksum=" + checksum.Text();
  }

 private:
  std::uint32_t live_ = 0;
  std::uint32_t rounds_ = 0;
};

}  // namespace

std::unique_ptr<Workload> MakeFragment() {
  return std::make_unique<Fragment>();
}

}  // namespace fledge::tools
