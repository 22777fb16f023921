// HeapOptions: what an embedder may set about a heap, and its text form.
//
// The text form is KEY=VALUE,KEY=VALUE..., as `fledge --gc` and FLEDGE_GC take
// it. Design: docs/design/heap.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "allocator/base/address.h"
#include "allocator/block.h"

namespace fledge::allocator {
class Os;
}

namespace fledge::gc {

enum class Policy : std::uint8_t { kNoGc, kSemispace, kGenCopy, kGenImmix };

// Which collections the verifier looks at the heap around.
enum class Verify : std::uint8_t { kOff, kOn };

// Stress: how to make rare things happen often. Text form: KEY=VALUE,... with
// the keys below, as `fledge --stress` takes it.
struct StressOptions {
  std::uint64_t every = 0;      // every=N: a minor collection at each N-th
                                // allocation. 0: never.
  std::uint64_t random = 0;     // random=N: at one in N, on average.
  std::uint64_t major = 0;      // major=N: each N-th collection is major.
  std::uint64_t fail_page = 0;  // fail-page=K: the K-th memory request fails.
  bool evacuate_all = false;    // evacuate=all: every block is a candidate.
  bool protect = false;         // protect=on: from-space is inaccessible.
  bool tiny = false;            // tiny=on: smallest spaces, queues, tables.
  bool cycles = false;          // cycles=on: a cycle of marking in steps is
                                // always under way, and advances at random.
  std::uint64_t seed = 0;  // seed=S: of random. `fledge stress` chooses one
                           // where it is 0, and prints it.

  bool enabled() const { return every != 0 || random != 0 || cycles; }
};

// How genimmix marks: in one pause, or in steps between minor collections.
enum class Marking : std::uint8_t { kStopped, kInSteps };

// Whether new objects are born in old space: where nearly all of them are
// promoted, always, or never.
enum class Pretenure : std::uint8_t { kAuto, kOn, kOff };

// The least limit that a heap has; a lower one counts as this.
inline constexpr std::size_t kLeastHeapBytes = 8 * allocator::kBlockBytes;

struct HeapOptions {
  Policy policy = Policy::kGenImmix;
  std::size_t max_heap_bytes = 0;   // 0: half of the machine's memory.
  std::size_t nursery_bytes = 0;    // 0: chosen by the heap.
  unsigned tenuring_threshold = 0;  // Survivals until promotion, 1 to 3; 0:
                                    // chosen by the heap.
  Pretenure pretenure = Pretenure::kAuto;
  std::int64_t pause_target_ns = 2'000'000;  // What the nursery's size is to
                                             // keep minor pauses below.
  unsigned growth_percent = 0;  // Of live bytes, by which old space grows until
                                // a major collection; 0: chosen by the heap.
  Marking marking = Marking::kStopped;
  Verify verify = Verify::kOff;
  StressOptions stress = {};
  allocator::Os* os = nullptr;  // Null: the operating system. Borrowed.
};

// A problem with a text form: what was wrong, where, and what would be right,
// without the name of the option it came from: "nursery: 'abc' is not a size
// (try 16M)".
struct OptionError {
  std::string message;
};

// Sets in `options` what `text` says; empty text sets nothing. On an error
// `options` is unchanged.
std::optional<OptionError> ParseHeapOptions(std::string_view text,
                                            HeapOptions& options);
std::optional<OptionError> ParseStressOptions(std::string_view text,
                                              StressOptions& options);

// The text form that parses back to `options`, seed included.
std::string ToText(const StressOptions& options);

// "64", "64K", "16M", "4G" as bytes; nothing for anything else.
std::optional<std::size_t> ParseSize(std::string_view text);

std::string_view NameOf(Policy policy);
std::optional<Policy> PolicyNamed(std::string_view name);

// What there is to set, for --help: one row per key of ParseHeapOptions().
struct OptionRow {
  std::string_view key;
  std::string_view values;   // "SIZE", "on|off", "genimmix|gencopy|...".
  std::string_view initial;  // "32M", "half of memory".
  std::string_view meaning;
};
const std::vector<OptionRow>& HeapOptionRows();
const std::vector<OptionRow>& StressOptionRows();

}  // namespace fledge::gc
