// Stream: what a port of a program is outside the heap.
//
// A port is an object of the heap with the address of its stream
// (runtime/port_layout.h); the port table has the stream and frees it when the
// port is dead. A stream that is closed has no memory and no file any more.
//
// Design: docs/design/lambda_ports.md. Threads: one at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace fledge::lambda {

enum class StreamContent : std::uint8_t { kText, kBytes };

class InputStream;
class OutputStream;

class Stream {
 public:
  Stream(StreamContent content, std::string name)
      : content_(content), name_(std::move(name)) {}
  virtual ~Stream() = default;
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  // One of both is not null.
  virtual InputStream* input() { return nullptr; }
  virtual OutputStream* output() { return nullptr; }

  StreamContent content() const { return content_; }
  // Of the file, or "string", or the like.
  const std::string& name() const { return name_; }
  bool is_open() const { return is_open_; }

  // Writes what is to be written, and gives memory and file back, also where it
  // throws PortError. Nothing if it is closed.
  void Close() {
    if (std::exchange(is_open_, false)) DoClose();
  }

  // What it has outside the heap, about.
  virtual std::size_t memory_bytes() const = 0;
  // Whether it has a file, which is better closed soon.
  virtual bool has_file() const = 0;

 private:
  friend class PortTable;

  virtual void DoClose() = 0;

  const StreamContent content_;
  const std::string name_;
  bool is_open_ = true;
  // Of the port table.
  std::uint32_t place_ = 0;
  std::size_t reported_bytes_ = 0;
};

}  // namespace fledge::lambda
