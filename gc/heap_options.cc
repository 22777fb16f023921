#include "gc/heap_options.h"

#include <algorithm>
#include <array>
#include <limits>
#include <span>

#include "gc/option_text.h"

namespace fledge::gc {
namespace {

// What is wrong with a value, without the key; nothing if it is right.
using Complaint = std::optional<std::string>;

// One key of a text form, and what its value does to `Options`.
template <typename Options>
struct Key {
  OptionRow row;
  std::string_view example;  // A value that is right.
  Complaint (*set)(std::string_view value, Options& options);
};

// Values. Each sets its target, or leaves it and complains.

std::string Unlike(std::string_view value, std::string_view what,
                   std::string_view example) {
  return Quote(value) + " is not " + std::string(what) + " (try " +
         std::string(example) + ")";
}

Complaint SetSize(std::string_view value, std::string_view example,
                  std::size_t& target) {
  std::size_t size_bytes = 0;
  switch (ParseSizeOrFault(value, size_bytes)) {
    case NumberFault::kNotANumber:
      return Unlike(value, "a size", SuggestedSize(value, example));
    case NumberFault::kTooLarge:
      return Quote(value) + " is too large (at most " +
             SizeText(
                 AlignDown(std::numeric_limits<std::size_t>::max(), kGiB)) +
             ")";
    case NumberFault::kNone:
      break;
  }
  if (size_bytes == 0) return Unlike(value, "more than zero", example);
  target = size_bytes;
  return std::nullopt;
}

enum class Zero : std::uint8_t { kRefused, kAllowed };

Complaint SetNumber(std::string_view value, std::string_view example, Zero zero,
                    std::uint64_t& target) {
  std::uint64_t number = 0;
  switch (ParseNumber(value, number)) {
    case NumberFault::kNotANumber:
      return Unlike(value, "a number", example);
    case NumberFault::kTooLarge:
      return Quote(value) + " is too large (at most " +
             std::to_string(std::numeric_limits<std::uint64_t>::max()) + ")";
    case NumberFault::kNone:
      break;
  }
  if (number == 0 && zero == Zero::kRefused) {
    return Unlike(value, "more than zero", example);
  }
  target = number;
  return std::nullopt;
}

Complaint SetDuration(std::string_view value, std::string_view example,
                      std::int64_t& target) {
  std::int64_t duration_ns = 0;
  switch (ParseDuration(value, duration_ns)) {
    case NumberFault::kNotANumber:
      return Unlike(value, "a time in us, ms or s", example);
    case NumberFault::kTooLarge:
      return Quote(value) + " is too large (at most " +
             std::to_string(std::numeric_limits<std::int64_t>::max() /
                            1'000'000'000) +
             "s)";
    case NumberFault::kNone:
      break;
  }
  if (duration_ns == 0) return Unlike(value, "more than zero", example);
  target = duration_ns;
  return std::nullopt;
}

Complaint SetSwitch(std::string_view value, bool& target) {
  if (value != "on" && value != "off") return Unlike(value, "on or off", "on");
  target = value == "on";
  return std::nullopt;
}

constexpr std::array<std::string_view, 4> kPolicyNames = {
    "nogc", "semispace", "gencopy", "genimmix"};
static_assert(kPolicyNames.size() ==
              static_cast<std::size_t>(Policy::kGenImmix) + 1);

// The keys.

constexpr Key<HeapOptions> kHeapKeys[] = {
    {{"policy", "nogc|semispace|gencopy|genimmix", "genimmix",
      "how spaces and collections are arranged"},
     "genimmix",
     [](std::string_view value, HeapOptions& options) -> Complaint {
       const std::optional<Policy> policy = PolicyNamed(value);
       if (!policy) {
         return Quote(value) + " is not a policy " +
                KnownNames(value, kPolicyNames);
       }
       options.policy = *policy;
       return std::nullopt;
     }},
    {{"max-heap", "SIZE", "half of memory",
      "the most that the heap may use, in bytes or with K, M or G"},
     "4G",
     [](std::string_view value, HeapOptions& options) {
       return SetSize(value, "4G", options.max_heap_bytes);
     }},
    {{"nursery", "SIZE", "chosen by the heap",
      "where new objects are allocated; larger is fewer minor collections"},
     "16M",
     [](std::string_view value, HeapOptions& options) {
       return SetSize(value, "16M", options.nursery_bytes);
     }},
    {{"tenuring", "1..3|auto", "auto",
      "minor collections that an object survives until it is promoted"},
     "auto",
     [](std::string_view value, HeapOptions& options) -> Complaint {
       if (value == "auto") {
         options.tenuring_threshold = 0;
       } else if (value == "1" || value == "2" || value == "3") {
         options.tenuring_threshold = static_cast<unsigned>(value[0] - '0');
       } else {
         return Unlike(value, "1, 2, 3 or auto", "auto");
       }
       return std::nullopt;
     }},
    {{"pretenure", "auto|on|off", "auto",
      "whether new objects are born in old space"},
     "off",
     [](std::string_view value, HeapOptions& options) -> Complaint {
       if (value == "auto") {
         options.pretenure = Pretenure::kAuto;
       } else if (value == "on" || value == "off") {
         options.pretenure = value == "on" ? Pretenure::kOn : Pretenure::kOff;
       } else {
         return Unlike(value, "auto, on or off", "auto");
       }
       return std::nullopt;
     }},
    {{"pause-target", "TIME", "2ms",
      "what the size of the nursery is to keep minor pauses below"},
     "2ms",
     [](std::string_view value, HeapOptions& options) -> Complaint {
       return SetDuration(value, "2ms", options.pause_target_ns);
     }},
    {{"growth", "PERCENT", "chosen by the heap",
      "of what lives in old space, until the next major collection"},
     "100",
     [](std::string_view value, HeapOptions& options) -> Complaint {
       std::uint64_t percent = 0;
       Complaint complaint = SetNumber(value, "100", Zero::kRefused, percent);
       constexpr std::uint64_t kMost = 10'000;
       if (complaint) return complaint;
       if (percent > kMost) {
         return Quote(value) + " is too large (at most 10000)";
       }
       options.growth_percent = static_cast<unsigned>(percent);
       return std::nullopt;
     }},
    {{"marking", "stopped|steps", "stopped",
      "whether genimmix marks in one pause, or in steps between them"},
     "steps",
     [](std::string_view value, HeapOptions& options) -> Complaint {
       if (value != "stopped" && value != "steps") {
         return Unlike(value, "stopped or steps", "steps");
       }
       options.marking =
           value == "steps" ? Marking::kInSteps : Marking::kStopped;
       return std::nullopt;
     }},
    {{"verify", "on|off", "off",
      "look at the whole heap before and after each collection"},
     "on",
     [](std::string_view value, HeapOptions& options) {
       bool verify = false;
       Complaint complaint = SetSwitch(value, verify);
       if (!complaint) options.verify = verify ? Verify::kOn : Verify::kOff;
       return complaint;
     }},
};

constexpr Key<StressOptions> kStressKeys[] = {
    {{"every", "N", "never", "a minor collection at each N-th allocation"},
     "1",
     [](std::string_view value, StressOptions& options) {
       return SetNumber(value, "1", Zero::kRefused, options.every);
     }},
    {{"random", "N", "never",
      "a minor collection at one in N allocations, on average"},
     "100",
     [](std::string_view value, StressOptions& options) {
       return SetNumber(value, "100", Zero::kRefused, options.random);
     }},
    {{"major", "N", "never", "each N-th collection is major"},
     "10",
     [](std::string_view value, StressOptions& options) {
       return SetNumber(value, "10", Zero::kRefused, options.major);
     }},
    {{"fail-page", "K", "never", "the K-th request for memory fails"},
     "100",
     [](std::string_view value, StressOptions& options) {
       return SetNumber(value, "100", Zero::kRefused, options.fail_page);
     }},
    {{"evacuate", "all", "sparse blocks",
      "a major collection evacuates every block"},
     "all",
     [](std::string_view value, StressOptions& options) -> Complaint {
       if (value != "all") return Unlike(value, "all", "all");
       options.evacuate_all = true;
       return std::nullopt;
     }},
    {{"protect", "on|off", "off",
      "what a collection evacuated is inaccessible afterwards"},
     "on",
     [](std::string_view value, StressOptions& options) {
       return SetSwitch(value, options.protect);
     }},
    {{"tiny", "on|off", "off", "the smallest spaces, queues and tables"},
     "on",
     [](std::string_view value, StressOptions& options) {
       return SetSwitch(value, options.tiny);
     }},
    {{"cycles", "on|off", "off",
      "marks in steps, with genimmix: a cycle is always under way, and "
      "advances at random"},
     "on",
     [](std::string_view value, StressOptions& options) {
       return SetSwitch(value, options.cycles);
     }},
    {{"seed", "S", "chosen and printed",
      "of all that is random; 0 is to choose and print one"},
     "42",
     [](std::string_view value, StressOptions& options) {
       return SetNumber(value, "42", Zero::kAllowed, options.seed);
     }},
};

// KEY=VALUE,KEY=VALUE...

template <typename Options>
std::vector<OptionRow> RowsOf(std::span<const Key<Options>> keys) {
  std::vector<OptionRow> rows;
  for (const Key<Options>& key : keys) rows.push_back(key.row);
  return rows;
}

template <typename Options>
std::vector<std::string_view> NamesOf(std::span<const Key<Options>> keys) {
  std::vector<std::string_view> names;
  for (const Key<Options>& key : keys) names.push_back(key.row.key);
  return names;
}

template <typename Options>
std::string ExampleOf(const Key<Options>& key) {
  return std::string(key.row.key) + "=" + std::string(key.example);
}

// Why `item`, which has no '=', sets nothing: a key without a value, a value
// without its key, or neither.
template <typename Options>
std::string NotASetting(std::string_view item,
                        std::span<const Key<Options>> keys) {
  if (item.empty()) {
    return "empty setting (write " + ExampleOf(keys.front()) + "," +
           ExampleOf(keys.back()) + ")";
  }
  for (const Key<Options>& key : keys) {
    if (item == key.row.key) {
      return std::string(item) + ": no value (try " + ExampleOf(key) + ")";
    }
  }
  for (const Key<Options>& key : keys) {
    Options scratch;
    if (!key.set(item, scratch)) {
      return Quote(item) + " is not KEY=VALUE (try " +
             std::string(key.row.key) + "=" + std::string(item) + ")";
    }
  }
  return Quote(item) + " is not KEY=VALUE " + KnownNames(item, NamesOf(keys));
}

template <typename Options>
std::optional<OptionError> Parse(std::string_view text,
                                 std::span<const Key<Options>> keys,
                                 Options& options) {
  std::vector<std::optional<std::string_view>> given(keys.size());
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    const std::string_view item = text.substr(0, comma);
    const std::size_t equals = item.find('=');
    if (equals == std::string_view::npos) {
      return OptionError{NotASetting(item, keys)};
    }
    const std::string_view name = item.substr(0, equals);
    const std::string_view value = item.substr(equals + 1);
    const auto key = std::find_if(
        keys.begin(), keys.end(),
        [&](const Key<Options>& known) { return known.row.key == name; });
    if (key == keys.end()) {
      return OptionError{"unknown key " + Quote(name) + " " +
                         KnownNames(name, NamesOf(keys))};
    }
    const std::string where = std::string(name) + ": ";
    if (value.empty()) {
      return OptionError{where + "no value (try " + ExampleOf(*key) + ")"};
    }
    auto& before = given[static_cast<std::size_t>(key - keys.begin())];
    if (before) {
      return OptionError{where + "given twice (keep one of " + Quote(*before) +
                         " and " + Quote(value) + ")"};
    }
    before = value;
    if (const Complaint complaint = key->set(value, options)) {
      return OptionError{where + *complaint};
    }
    if (comma == std::string_view::npos) break;
    text.remove_prefix(comma + 1);
    if (text.empty()) return OptionError{NotASetting(text, keys)};
  }
  return std::nullopt;
}

std::optional<OptionError> CheckTogether(const HeapOptions& options) {
  if (options.max_heap_bytes == 0 ||
      options.nursery_bytes < options.max_heap_bytes) {
    return std::nullopt;
  }
  return OptionError{
      "nursery: " + SizeText(options.nursery_bytes) +
      " is not less than max-heap, " + SizeText(options.max_heap_bytes) +
      " (try " +
      SizeText(std::max<std::size_t>(options.max_heap_bytes / 4, 1)) + ")"};
}

}  // namespace

std::optional<OptionError> ParseHeapOptions(std::string_view text,
                                            HeapOptions& options) {
  HeapOptions parsed = options;
  auto error = Parse<HeapOptions>(text, kHeapKeys, parsed);
  if (!error && !text.empty()) error = CheckTogether(parsed);
  if (!error) options = parsed;
  return error;
}

std::optional<OptionError> ParseStressOptions(std::string_view text,
                                              StressOptions& options) {
  StressOptions parsed = options;
  auto error = Parse<StressOptions>(text, kStressKeys, parsed);
  if (!error) options = parsed;
  return error;
}

std::string ToText(const StressOptions& options) {
  std::string text;
  const auto append = [&text](std::string_view key, const std::string& value) {
    if (!text.empty()) text += ',';
    text += key;
    text += '=';
    text += value;
  };
  const auto append_number = [&](std::string_view key, std::uint64_t number) {
    if (number != 0) append(key, std::to_string(number));
  };
  append_number("every", options.every);
  append_number("random", options.random);
  append_number("major", options.major);
  append_number("fail-page", options.fail_page);
  if (options.evacuate_all) append("evacuate", "all");
  if (options.protect) append("protect", "on");
  if (options.tiny) append("tiny", "on");
  if (options.cycles) append("cycles", "on");
  append_number("seed", options.seed);
  return text;
}

std::optional<std::size_t> ParseSize(std::string_view text) {
  std::size_t size_bytes = 0;
  if (ParseSizeOrFault(text, size_bytes) != NumberFault::kNone) {
    return std::nullopt;
  }
  return size_bytes;
}

std::string_view NameOf(Policy policy) {
  return kPolicyNames[static_cast<std::size_t>(policy)];
}

std::optional<Policy> PolicyNamed(std::string_view name) {
  for (std::size_t i = 0; i < kPolicyNames.size(); ++i) {
    if (name == kPolicyNames[i]) return static_cast<Policy>(i);
  }
  return std::nullopt;
}

const std::vector<OptionRow>& HeapOptionRows() {
  static const std::vector<OptionRow> rows = RowsOf<HeapOptions>(kHeapKeys);
  return rows;
}

const std::vector<OptionRow>& StressOptionRows() {
  static const std::vector<OptionRow> rows = RowsOf<StressOptions>(kStressKeys);
  return rows;
}

}  // namespace fledge::gc
