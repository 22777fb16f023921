#include "tools/fledge/memory_profile.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>

namespace fledge::tools {
namespace {

using Row = lambda::AllocationProfile::Row;

// Sums are of fractions, and rounded once.
struct Sums {
  lambda::AllocationProfile::Amount allocated, live, peak;

  void Add(const Row& row) {
    AddTo(allocated, row.allocated);
    AddTo(live, row.live);
    AddTo(peak, row.peak);
  }
  MemoryProfile::Amounts Rounded() const {
    return {RoundedOf(allocated), RoundedOf(live), RoundedOf(peak)};
  }

 private:
  using Amount = lambda::AllocationProfile::Amount;

  static void AddTo(Amount& sum, const Amount& amount) {
    sum.samples += amount.samples;
    sum.objects += amount.objects;
    sum.bytes += amount.bytes;
  }
  static MemoryProfile::Amount RoundedOf(const Amount& amount) {
    const auto rounded = [](double number) {
      return static_cast<std::uint64_t>(std::llround(std::max(0.0, number)));
    };
    return {amount.samples, rounded(amount.objects), rounded(amount.bytes)};
  }
};

// What allocated most comes first; of the same, what is kept, then by name.
template <typename Items, typename NameOf>
void SortByBytes(Items& items, NameOf name_of) {
  std::sort(items.begin(), items.end(), [&](const auto& a, const auto& b) {
    const auto rank = [&](const auto& item) {
      return std::make_tuple(~item.sampled.allocated.bytes,
                             ~item.sampled.live.bytes, name_of(item));
    };
    return rank(a) < rank(b);
  });
}

std::string FunctionName(const Row& row) {
  if (row.is_own) return "(Lambda itself)";
  if (!row.function.empty()) return row.function;
  return row.is_form ? "a form" : "a procedure";
}

std::string LineOf(const lambda::Sources& sources, const lambda::Position& at) {
  if (at.line == 0) return {};
  return sources.NameOf(at.source) + ":" + std::to_string(at.line);
}

}  // namespace

MemoryProfile MakeMemoryProfile(const lambda::AllocationProfile& samples,
                                const lambda::Sources& sources,
                                const std::vector<lambda::LiveType>& live) {
  struct Function {
    Sums sums;
    std::map<std::tuple<std::string, std::string, std::string>, Sums> places;
  };
  Sums all;
  std::map<std::string, Sums> types;
  std::map<std::pair<std::string, std::string>, Function> functions;
  for (const Row& row : samples.Rows()) {
    all.Add(row);
    types[row.type].Add(row);
    Function& function =
        functions[{FunctionName(row), LineOf(sources, row.function_at)}];
    function.sums.Add(row);
    const std::string at =
        row.at.line == 0 ? std::string() : sources.PlaceOf(row.at);
    function.places[{at, row.through, row.type}].Add(row);
  }

  MemoryProfile profile;
  profile.interval_bytes = samples.interval_bytes();
  profile.sampled = all.Rounded();
  profile.has_heap = !live.empty();
  for (const lambda::LiveType& type : live) {
    types[type.name];
    profile.live_objects += type.objects;
    profile.live_bytes += type.bytes;
  }
  for (const auto& [name, sums] : types) {
    MemoryProfile::OfType& type = profile.types.emplace_back();
    type.name = name;
    type.sampled = sums.Rounded();
    for (const lambda::LiveType& row : live) {
      if (row.name != name) continue;
      type.live_objects = row.objects;
      type.live_bytes = row.bytes;
    }
  }
  std::sort(profile.types.begin(), profile.types.end(),
            [](const auto& a, const auto& b) {
              const auto rank = [](const MemoryProfile::OfType& type) {
                return std::make_tuple(~type.sampled.allocated.bytes,
                                       ~type.live_bytes, type.name);
              };
              return rank(a) < rank(b);
            });
  for (const auto& [key, of] : functions) {
    MemoryProfile::OfFunction& function = profile.functions.emplace_back();
    std::tie(function.name, function.place) = key;
    function.sampled = of.sums.Rounded();
    for (const auto& [place_key, sums] : of.places) {
      MemoryProfile::OfPlace& place = function.places.emplace_back();
      std::tie(place.at, place.through, place.type) = place_key;
      place.sampled = sums.Rounded();
    }
    SortByBytes(function.places, [](const MemoryProfile::OfPlace& place) {
      return std::tie(place.at, place.through, place.type);
    });
  }
  SortByBytes(profile.functions, [](const MemoryProfile::OfFunction& function) {
    return std::tie(function.name, function.place);
  });
  return profile;
}

}  // namespace fledge::tools
