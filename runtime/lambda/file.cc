#include "runtime/lambda/file.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "runtime/lambda/port_error.h"

namespace fledge::lambda {
namespace {

// Of what a process may have open, and of what the system may.
bool IsOutOfFiles(int system_error) {
  return system_error == EMFILE || system_error == ENFILE;
}

[[noreturn]] void FailWith(int system_error, std::string_view what,
                           const std::string& name) {
  const std::string message = "cannot " + std::string(what) + " " + name +
                              ": " +
                              std::generic_category().message(system_error);
  if (IsOutOfFiles(system_error)) throw OutOfFilesError("file-error", message);
  throw PortError("file-error", message);
}

// The system's names end at a zero.
void CheckName(std::string_view what, const std::string& name) {
  if (name.find('\0') == std::string::npos) return;
  throw PortError("file-error",
                  "cannot " + std::string(what) +
                      " a file with the character #\\null in its name");
}

int FlagsOf(FileMode mode) {
  switch (mode) {
    case FileMode::kRead:
      return O_RDONLY;
    case FileMode::kWrite:
      return O_WRONLY | O_CREAT | O_TRUNC;
    case FileMode::kAppend:
      return O_WRONLY | O_CREAT | O_APPEND;
  }
  return O_RDONLY;
}

}  // namespace

File::File(runtime::Mutator& mutator, const std::string& name, FileMode mode,
           const IsInterrupted& is_interrupted)
    : name_(name) {
  constexpr mode_t kReadAndWriteForAll = 0666;  // But for the process's mask.
  CheckName("open", name);
  int error = 0;
  {
    const gc::BlockingRegion region(mutator);
    do {
      if (is_interrupted && is_interrupted()) throw WaitingInterrupted();
      descriptor_ =
          open(name.c_str(), FlagsOf(mode) | O_CLOEXEC, kReadAndWriteForAll);
      error = errno;
    } while (descriptor_ < 0 && error == EINTR);
  }
  if (descriptor_ < 0) FailWith(error, "open", name);
  struct stat status = {};
  // A folder can be opened, but not read.
  if (fstat(descriptor_, &status) == 0 && S_ISDIR(status.st_mode)) {
    close(std::exchange(descriptor_, -1));
    FailWith(EISDIR, "open", name);
  }
}

File File::Standard(int descriptor, std::string name) {
  File file;
  file.descriptor_ = descriptor;
  file.is_borrowed_ = true;
  file.name_ = std::move(name);
  return file;
}

File::~File() {
  if (is_open() && !is_borrowed_) close(descriptor_);
}

File::File(File&& other) noexcept { *this = std::move(other); }

File& File::operator=(File&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(is_borrowed_, other.is_borrowed_);
  std::swap(name_, other.name_);
  return *this;
}

bool File::IsTerminal() const { return is_open() && isatty(descriptor_) != 0; }

std::size_t File::Read(runtime::Mutator& mutator, std::span<char> bytes,
                       const IsInterrupted& is_interrupted) {
  ssize_t count = 0;
  int error = 0;
  {
    const gc::BlockingRegion region(mutator);
    do {
      if (is_interrupted) Wait(is_interrupted);
      count = read(descriptor_, bytes.data(), bytes.size());
      error = errno;
    } while (count < 0 && error == EINTR);
  }
  if (count < 0) FailWith(error, "read", name_);
  return static_cast<std::size_t>(count);
}

void File::Wait(const IsInterrupted& is_interrupted) const {
  // A signal may come after it was asked and before it waits.
  constexpr int kAskAgainMs = 100;
  pollfd asked = {descriptor_, POLLIN, 0};
  int ready = 0;
  do {
    if (is_interrupted()) throw WaitingInterrupted();
    ready = poll(&asked, 1, kAskAgainMs);
  } while (ready == 0 || (ready < 0 && errno == EINTR));
}

bool File::IsReady() const {
  pollfd asked = {descriptor_, POLLIN, 0};
  return poll(&asked, 1, 0) != 0;
}

void File::Write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = write(descriptor_, bytes.data(), bytes.size());
    if (count >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno == EAGAIN) {
      // Somebody else has made it one that does not wait.
      pollfd asked = {descriptor_, POLLOUT, 0};
      poll(&asked, 1, -1);
    } else if (errno != EINTR) {
      Fail("write to");
    }
  }
}

void File::Close() {
  const int descriptor = std::exchange(descriptor_, -1);
  if (descriptor < 0 || is_borrowed_) return;
  // It is closed also where it was interrupted.
  if (close(descriptor) != 0 && errno != EINTR) Fail("close");
}

void File::Fail(std::string_view what) const { FailWith(errno, what, name_); }

bool FileExists(const std::string& name) {
  struct stat status = {};
  return name.find('\0') == std::string::npos &&
         stat(name.c_str(), &status) == 0;
}

void DeleteFile(const std::string& name) {
  CheckName("delete", name);
  if (unlink(name.c_str()) != 0) FailWith(errno, "delete", name);
}

}  // namespace fledge::lambda
