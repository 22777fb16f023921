// OutputStream: a stream that bytes, or UTF-8, are written to: a file, or
// memory.
//
// What is written to a file is collected, and given to the system when there is
// enough of it, when somebody flushes it, and when the stream is closed. If the
// system refuses it, it is lost.
//
// Design: docs/design/lambda_ports.md. Threads: one at a time. Errors: throws
// PortError. Never collects.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/lambda/file.h"
#include "runtime/lambda/stream.h"

namespace fledge::lambda {

// When a file has what was written to it, at the latest.
enum class Buffering : std::uint8_t {
  kFull,  // When it is flushed.
  kLine,  // When the line is complete: a terminal.
  kNone,  // At once: for messages of errors.
};

class OutputStream : public Stream {
 public:
  static constexpr std::size_t kBufferBytes = std::size_t{16} << 10;

  // To memory.
  OutputStream(StreamContent content, std::string name);
  // To a file.
  OutputStream(StreamContent content, File file,
               Buffering buffering = Buffering::kFull);

  OutputStream* output() override { return this; }
  std::size_t memory_bytes() const override { return buffer_.capacity(); }
  bool has_file() const override { return file_.is_open(); }
  bool is_in_memory() const { return is_in_memory_; }

  void Write(std::string_view bytes);
  void WriteCharacter(char32_t character);
  void WriteByte(std::uint8_t byte);
  // Nothing for memory.
  void Flush();

  // Whether nothing was written after the last end of a line.
  bool is_at_line_begin() const {
    return (buffer_.empty() ? last_of_file_ : buffer_.back()) == '\n';
  }

  // All that was written. REQUIRES: is_in_memory().
  std::string_view collected() const { return buffer_; }

 private:
  void DoClose() override;
  // After something was added that has, or has not, the end of a line.
  void FlushIfDue(bool has_line_end);

  const bool is_in_memory_;
  const Buffering buffering_;
  File file_;
  std::string buffer_;
  char last_of_file_ = '\n';  // Of what the file was given.
};

}  // namespace fledge::lambda
