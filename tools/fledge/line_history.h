// LineHistory: the lines that were typed at a prompt, kept in a file.
//
// The file has a line for each. Each is appended when it is typed, so that
// several prompts may be open at a time and none is lost when one is killed.
// Where the file cannot be written, the history lasts as long as the prompt.
//
// Threads: one at a time.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace fledge::tools {

class LineHistory {
 public:
  // The file is shortened to so many when it has twice as many.
  static constexpr std::size_t kMostLines = 1000;

  // In `file`, whose folder is made if it is missing; nowhere if it is empty.
  explicit LineHistory(std::filesystem::path file);

  // What the file had: oldest first, at most kMostLines.
  const std::vector<std::string>& lines() const { return lines_; }

  // Adds to the file what is not the same as the line before, and not blank. A
  // line that begins with a space is not kept. Whether it was added.
  bool Add(const std::string& line);

 private:
  void Shorten();

  const std::filesystem::path file_;
  std::vector<std::string> lines_;
  std::string last_;
};

// fledge/history in the folder of the environment's XDG_STATE_HOME, or in
// .local/state in HOME; empty if there is neither.
std::filesystem::path HistoryFile();

}  // namespace fledge::tools
