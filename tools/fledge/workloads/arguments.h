// ArgumentReader: a workload's arguments, read one by one in the order of its
// rows, with messages that say what would be right.
//
//   ArgumentReader reader(*this, arguments, size_class);
//   depth_ = reader.Number(4, 26);
//   return reader.Finish();
//
// Threads: one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tools/fledge/workload.h"

namespace fledge::tools {

class ArgumentReader {
 public:
  // Takes what `arguments` does not give from the workload's rows, as
  // `size_class` says. Borrows `arguments`.
  ArgumentReader(const Workload& workload,
                 std::span<const std::string> arguments, SizeClass size_class);

  // The next argument, a decimal number from `first` to `last`; `first` if it
  // is none.
  // REQUIRES: the workload has a row for it.
  std::uint64_t Number(std::uint64_t first, std::uint64_t last);

  // The next argument as it is.
  // REQUIRES: the workload has a row for it.
  std::string_view Text();

  // To be called last: what was wrong with the first argument that was not
  // right, or nothing.
  // REQUIRES: an argument was read for each of the workload's rows.
  std::optional<std::string> Finish() const;

 private:
  const std::vector<ArgumentRow> rows_;
  const std::span<const std::string> arguments_;
  const SizeClass size_class_;
  std::size_t next_ = 0;
  std::optional<std::string> error_;
};

}  // namespace fledge::tools
