// OutputFiles: writes the results of a run, all of them or none.
//
// Each file is written beside its place and moved there when all are complete,
// so that a reader never sees half of one and a failure leaves what was there.
// A device or pipe (`--json /dev/stdout`) is written to directly.
//
// Threads: one.
#pragma once

#include <functional>
#include <ios>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace fledge::tools {

class OutputFiles {
 public:
  using Writer = std::function<void(std::ostream&)>;

  // A folder that files will be added to; it and those above it are made when
  // the files are. Tries now whether that will work, and leaves nothing
  // behind. Returns what is wrong, or nothing. `option` is where the path comes
  // from: "--out".
  std::optional<std::string> TryFolder(const std::string& option,
                                       const std::string& folder);
  // The same for one file, in a folder that is there already.
  std::optional<std::string> TryFile(const std::string& option,
                                     const std::string& path);

  // `write` will fill the file at `path`. REQUIRES: it was tried.
  void Add(const std::string& path, Writer write);

  // Writes all files. Returns what is wrong, or nothing.
  std::optional<std::string> WriteAll();

 private:
  struct File {
    std::string path;
    std::string scratch;  // Where it is written first; empty for a device.
    Writer write;
  };

  static std::optional<std::string> Write(const File& file,
                                          const std::string& path,
                                          std::ios::openmode mode);
  std::optional<std::string> WriteScratch();
  void DropScratch();

  std::vector<std::string> folders_;
  std::vector<File> files_;
};

}  // namespace fledge::tools
