#include "tools/fledge/progress.h"

#include <unistd.h>

#include <algorithm>
#include <string>

#include "gc/clock.h"
#include "tools/fledge/console.h"
#include "tools/fledge/units.h"

namespace fledge::tools {
namespace {

constexpr std::int64_t kPatienceNs = 1'000'000'000;
constexpr std::int64_t kIntervalNs = 100'000'000;
// So that the line stays one on a terminal of 80 columns.
constexpr std::size_t kLongestTitle = 40;

}  // namespace

Progress::Progress(std::string_view title)
    : title_(title.substr(0, kLongestTitle)),
      watched_(isatty(STDERR_FILENO) != 0),
      start_ns_(gc::NowNs()),
      next_print_ns_(start_ns_ + kPatienceNs) {}

Progress::~Progress() {
  if (printed_) ShowProgressLine("");
}

void Progress::Update(std::uint64_t done, std::uint64_t total) {
  if (!watched_) return;
  const std::int64_t now_ns = gc::NowNs();
  if (now_ns < next_print_ns_) return;
  next_print_ns_ = now_ns + kIntervalNs;
  Print(done, total);
}

void Progress::Print(std::uint64_t done, std::uint64_t total) {
  const std::int64_t elapsed_ns = gc::NowNs() - start_ns_;
  std::string line = title_ + ": ";
  if (total != 0) {
    const double share =
        static_cast<double>(std::min(done, total)) / static_cast<double>(total);
    line += HumanShare(share) + ", ";
  }
  ShowProgressLine(line + HumanDuration(elapsed_ns));
  printed_ = true;
}

}  // namespace fledge::tools
