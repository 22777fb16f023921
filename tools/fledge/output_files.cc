#include "tools/fledge/output_files.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include "tools/fledge/console.h"
#include "tools/fledge/interrupt.h"

namespace fledge::tools {
namespace {

namespace fs = std::filesystem;

// A name beside `path` that no other process writes to.
std::string ScratchFor(const std::string& path) {
  return path + "." + std::to_string(getpid()) + ".tmp";
}

// Devices and pipes have no content to keep whole. Links to a stream that is
// open already must not be replaced, whatever that stream is.
bool IsWrittenDirectly(const std::string& path) {
  for (const char* stream : {"/dev/std", "/dev/fd/", "/proc/"}) {
    if (path.starts_with(stream)) return true;
  }
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  return fs::exists(status) && !fs::is_regular_file(status);
}

// What stands in the way of making files in `folder`, which exists.
std::optional<std::string> WhyNoFileIn(const std::string& folder) {
  const std::string probe = ScratchFor(folder + "/probe");
  errno = 0;
  const bool opened = std::ofstream(probe).is_open();
  const int fault = errno;
  std::error_code ignored;
  fs::remove(probe, ignored);
  if (opened) return std::nullopt;
  return std::strerror(fault);
}

std::string CannotWrite(const std::string& option, const std::string& path,
                        const std::string& why, std::string_view advice) {
  return option + ": " + QuotePath(path) + " cannot be written: " + why + " (" +
         std::string(advice) + ")";
}

// A slash at the end would be a last folder without a name.
std::string WithoutSlashAtEnd(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

// Makes `folder` and those above it that are missing, and reports those that
// it made, the outermost first.
std::error_code MakeFolders(const fs::path& folder,
                            std::vector<fs::path>& made) {
  std::error_code error;
  if (fs::is_directory(folder, error)) return {};
  if (fs::exists(folder, error)) {
    return std::make_error_code(std::errc::not_a_directory);
  }
  const fs::path above = folder.parent_path();
  if (!above.empty() && above != folder) {
    if (const std::error_code failed = MakeFolders(above, made)) return failed;
  }
  if (fs::create_directory(folder, error)) made.push_back(folder);
  return error;
}

}  // namespace

std::optional<std::string> OutputFiles::Write(const File& file,
                                              const std::string& path,
                                              std::ios::openmode mode) {
  errno = 0;
  std::ofstream out(path, mode);
  file.write(out);
  out.close();
  if (out) return std::nullopt;
  const std::string why =
      errno == 0 ? "" : std::string(": ") + std::strerror(errno);
  return QuotePath(file.path) + " cannot be written" + why;
}

std::optional<std::string> OutputFiles::TryFolder(const std::string& option,
                                                  const std::string& folder) {
  constexpr std::string_view kAdvice = "give a folder that you may write to";
  std::vector<fs::path> made;
  const std::error_code error = MakeFolders(WithoutSlashAtEnd(folder), made);
  std::optional<std::string> why;
  if (error) {
    why = error.message();
  } else {
    why = WhyNoFileIn(folder);
  }
  std::error_code ignored;
  while (!made.empty()) {
    fs::remove(made.back(), ignored);
    made.pop_back();
  }
  if (why) return CannotWrite(option, folder, *why, kAdvice);
  folders_.push_back(folder);
  return std::nullopt;
}

std::optional<std::string> OutputFiles::TryFile(const std::string& option,
                                                const std::string& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) {
    return CannotWrite(option, path, "it is a folder",
                       "try " + (fs::path(path) / "summary.json").string());
  }
  constexpr std::string_view kAdvice = "give a file that you may write to";
  if (fs::exists(path, error) && access(path.c_str(), W_OK) != 0) {
    return CannotWrite(option, path, std::strerror(errno), kAdvice);
  }
  if (IsWrittenDirectly(path)) return std::nullopt;
  const fs::path above = fs::path(path).parent_path();
  const auto why = WhyNoFileIn(above.empty() ? "." : above.string());
  if (why) return CannotWrite(option, path, *why, kAdvice);
  return std::nullopt;
}

void OutputFiles::Add(const std::string& path, Writer write) {
  if (IsWrittenDirectly(path)) {
    files_.push_back({path, "", std::move(write)});
    return;
  }
  // A link is followed: what it leads to is replaced, not the link.
  std::error_code error;
  std::string target = path;
  if (fs::is_symlink(path, error)) {
    const fs::path real = fs::weakly_canonical(path, error);
    if (!error) target = real.string();
  }
  files_.push_back({target, ScratchFor(target), std::move(write)});
}

std::optional<std::string> OutputFiles::WriteAll() {
  // A pipe may wait for its reader forever, and so comes before the delay.
  for (const File& file : files_) {
    if (!file.scratch.empty()) continue;
    if (auto problem = Write(file, file.path, std::ios::app)) return problem;
  }
  const InterruptDelay delay;
  auto problem = WriteScratch();
  for (const File& file : files_) {
    if (problem || file.scratch.empty()) continue;
    std::error_code error;
    fs::rename(file.scratch, file.path, error);
    if (error) {
      problem = QuotePath(file.path) + " cannot be written: " + error.message();
    }
  }
  if (problem) DropScratch();
  return problem;
}

std::optional<std::string> OutputFiles::WriteScratch() {
  for (const std::string& folder : folders_) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) {
      return QuotePath(folder) + " cannot be made: " + error.message();
    }
  }
  for (const File& file : files_) {
    if (file.scratch.empty()) continue;
    if (auto problem = Write(file, file.scratch, std::ios::trunc)) {
      return problem;
    }
  }
  return std::nullopt;
}

void OutputFiles::DropScratch() {
  std::error_code ignored;
  for (const File& file : files_) {
    if (!file.scratch.empty()) fs::remove(file.scratch, ignored);
  }
}

}  // namespace fledge::tools
