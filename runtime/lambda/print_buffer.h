// PrintBuffer: what is printed, on its way to where it is wanted.
//
// Pieces are collected and given to a sink some thousand bytes at a time, so
// that text of any length takes little memory. Who prints asks IsDone() now and
// then, and stops.
//
// Design: docs/design/lambda_ports.md. Threads: one at a time.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace fledge::lambda {

// Where printed text goes, as UTF-8 that is cut between characters.
class PrintSink {
 public:
  virtual ~PrintSink() = default;
  // False if it wants no more. Never collects.
  virtual bool Append(std::string_view text) = 0;
};

class PrintBuffer {
 public:
  // To `sink`, which must outlive it: at most `limit_bytes` and then "...".
  PrintBuffer(PrintSink& sink, std::size_t limit_bytes)
      : sink_(sink), left_bytes_(limit_bytes) {}

  void Add(std::string_view text) {
    text_ += text;
    FlushIfLarge();
  }
  void Add(char32_t character);

  // Gives the sink what it has not got yet.
  void Flush();
  // Whether nothing more is wanted.
  bool IsDone() const { return is_done_; }

 private:
  static constexpr std::size_t kMostBytes = 4096;

  void FlushIfLarge() {
    if (text_.size() >= kMostBytes) Flush();
  }

  PrintSink& sink_;
  std::size_t left_bytes_;
  std::string text_;
  bool is_done_ = false;
};

}  // namespace fledge::lambda
