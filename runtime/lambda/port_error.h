// PortError: what files and streams throw; primitives make a condition of it.
//
// Design: docs/design/lambda_ports.md. Threads: plain data.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace fledge::lambda {

class PortError : public std::runtime_error {
 public:
  // `kind` is the condition's, in static storage: "file-error" or "read-error".
  PortError(std::string_view kind, const std::string& message)
      : std::runtime_error(message), kind_(kind) {}

  std::string_view kind() const { return kind_; }

 private:
  std::string_view kind_;
};

// The program is to be interrupted and not to wait for a file: what
// Vm::is_interrupted() says is to be raised.
struct WaitingInterrupted {};

// There are no more descriptors; ports that were dropped may still have some.
class OutOfFilesError : public PortError {
 public:
  using PortError::PortError;
};

}  // namespace fledge::lambda
