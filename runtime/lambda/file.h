// File: a file of the system's, while it is open.
//
// Design: docs/design/lambda_ports.md. Threads: one at a time. Errors: throws
// PortError, a file-error with the file's name and what the system says.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "runtime/heap.h"

namespace fledge::lambda {

enum class FileMode : std::uint8_t {
  kRead,
  kWrite,   // Made if it is not there, and empty then.
  kAppend,  // The same, but what it has stays.
};

class File {
 public:
  // None.
  File() = default;
  // Asked while something is waited for; may be empty, and says no then.
  using IsInterrupted = std::function<bool()>;

  // Opens the file with this name. `name` is for messages, too. May wait for
  // the other end of a pipe: others may collect meanwhile, and
  // WaitingInterrupted is thrown after a signal if `is_interrupted()`.
  File(runtime::Mutator& mutator, const std::string& name, FileMode mode,
       const IsInterrupted& is_interrupted);
  // One that is open already, and is not to be closed: standard input and the
  // like.
  static File Standard(int descriptor, std::string name);
  ~File();
  File(File&& other) noexcept;
  File& operator=(File&& other) noexcept;

  bool is_open() const { return descriptor_ >= 0; }
  const std::string& name() const { return name_; }
  bool IsTerminal() const;

  // Reads what is there, at least a byte unless the file is at its end; how
  // many. Others may collect meanwhile. Throws WaitingInterrupted if
  // `is_interrupted()`, which is asked some times a second and after a signal.
  // REQUIRES: is_open().
  std::size_t Read(runtime::Mutator& mutator, std::span<char> bytes,
                   const IsInterrupted& is_interrupted);
  // Whether Read() would not wait. REQUIRES: is_open().
  bool IsReady() const;
  // Writes all of it. Never collects, nor may others. REQUIRES: is_open().
  void Write(std::string_view bytes);
  // It is not open then, whatever happens.
  void Close();

 private:
  // Until there is something to read.
  void Wait(const IsInterrupted& is_interrupted) const;
  [[noreturn]] void Fail(std::string_view what) const;

  int descriptor_ = -1;
  bool is_borrowed_ = false;
  std::string name_;
};

bool FileExists(const std::string& name);
void DeleteFile(const std::string& name);

}  // namespace fledge::lambda
