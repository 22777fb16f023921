// Progress: how far a run has come, for people who watch it.
//
// Prints to stderr, only if that is a terminal and the run has lasted for more
// than a second, and takes the line away when it ends.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fledge::tools {

class Progress {
 public:
  explicit Progress(std::string_view title);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // `done` of `total` steps; cheap enough to call a thousand times a second.
  void Update(std::uint64_t done, std::uint64_t total);

 private:
  void Print(std::uint64_t done, std::uint64_t total);

  const std::string title_;
  const bool watched_;
  std::int64_t start_ns_;
  std::int64_t next_print_ns_;
  bool printed_ = false;
};

}  // namespace fledge::tools
