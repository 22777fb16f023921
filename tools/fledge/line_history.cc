#include "tools/fledge/line_history.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <system_error>
#include <utility>

namespace fledge::tools {
namespace {

namespace fs = std::filesystem;

// For its owner alone: what people type may be secret.
constexpr mode_t kOwnerOnly = 0600;

// In one piece, so that lines of several prompts do not mix.
bool WriteAll(const fs::path& file, int flags, const std::string& text) {
  const int descriptor =
      open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | flags, kOwnerOnly);
  if (descriptor < 0) return false;
  const bool is_whole = write(descriptor, text.data(), text.size()) ==
                        static_cast<ssize_t>(text.size());
  return close(descriptor) == 0 && is_whole;
}

// A variable that is not an absolute path is as good as none: the XDG Base
// Directory Specification.
fs::path FolderIn(const char* variable) {
  const char* const value = std::getenv(variable);
  if (value == nullptr || !fs::path(value).is_absolute()) return {};
  return value;
}

}  // namespace

LineHistory::LineHistory(fs::path file) : file_(std::move(file)) {
  if (file_.empty()) return;
  std::error_code ignored;
  fs::create_directories(file_.parent_path(), ignored);
  std::ifstream in(file_);
  for (std::string line; std::getline(in, line);) {
    lines_.push_back(std::move(line));
  }
  if (!lines_.empty()) last_ = lines_.back();
  if (lines_.size() <= kMostLines) return;
  const bool is_long = lines_.size() >= 2 * kMostLines;
  lines_.erase(lines_.begin(), lines_.end() - kMostLines);
  if (is_long) Shorten();
}

void LineHistory::Shorten() {
  std::string text;
  for (const std::string& line : lines_) text += line + "\n";
  const fs::path other =
      file_.string() + "." + std::to_string(getpid()) + ".new";
  std::error_code ignored;
  if (WriteAll(other, O_TRUNC, text)) fs::rename(other, file_, ignored);
  fs::remove(other, ignored);
}

bool LineHistory::Add(const std::string& line) {
  if (line.empty() || line.front() == ' ' || line == last_ ||
      line.find_first_not_of(" \t") == std::string::npos) {
    return false;
  }
  last_ = line;
  if (!file_.empty()) WriteAll(file_, O_APPEND, line + "\n");
  return true;
}

fs::path HistoryFile() {
  if (const fs::path state = FolderIn("XDG_STATE_HOME"); !state.empty()) {
    return state / "fledge/history";
  }
  const fs::path home = FolderIn("HOME");
  return home.empty() ? home : home / ".local/state/fledge/history";
}

}  // namespace fledge::tools
