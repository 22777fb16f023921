// InputStream: a stream of bytes, or of UTF-8, that is read from left to right.
//
// Bytes are read from a file some thousand at a time, and a line that lies
// within what is there is not copied. What a memory stream reads is all there
// from the beginning.
//
// Text that is not UTF-8 is a read-error that says where; the byte that is
// wrong is gone then, or the line that it is in, so that reading can go on.
// Lines end in a line feed, a return, or a return and a line feed.
//
// Design: docs/design/lambda_ports.md. Threads: one at a time. Errors: throws
// PortError, and WaitingInterrupted of a file. Others may collect while a file
// is read, so references are in handles then.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/heap.h"
#include "runtime/lambda/file.h"
#include "runtime/lambda/stream.h"
#include "runtime/lambda/syntax_error.h"
#include "runtime/lambda/utf8.h"

namespace fledge::lambda {

class InputStream : public Stream {
 public:
  using Mutator = runtime::Mutator;

  static constexpr std::size_t kBufferBytes = std::size_t{16} << 10;

  // Of what `bytes` has.
  InputStream(StreamContent content, std::string name, std::string bytes);
  // Of a file.
  InputStream(StreamContent content, File file);

  InputStream* input() override { return this; }
  std::size_t memory_bytes() const override {
    return buffer_.capacity() + line_.capacity();
  }
  bool has_file() const override { return file_.is_open(); }

  // What is done before a file is waited for.
  void SetBeforeWaiting(std::function<void()> action) {
    before_waiting_ = std::move(action);
  }
  // Whether the program is to stop waiting: reading throws WaitingInterrupted
  // then. What is there of a line or a character is read again by the next.
  void SetIsInterrupted(File::IsInterrupted is_interrupted) {
    is_interrupted_ = std::move(is_interrupted);
  }

  // What comes next, or nothing at the end. The end of a terminal is no last
  // one: it is gone when it was read.
  std::optional<char32_t> PeekCharacter(Mutator& mutator);
  std::optional<char32_t> ReadCharacter(Mutator& mutator);
  std::optional<std::uint8_t> PeekByte(Mutator& mutator);
  std::optional<std::uint8_t> ReadByte(Mutator& mutator);

  // The next line without its end, which is UTF-8; valid until the next call.
  // Nothing if there is none.
  std::optional<std::string_view> ReadLine(Mutator& mutator);
  // What is there, at least a byte unless it is at the end; valid until the
  // next call. Skip() takes some of it.
  std::string_view Available(Mutator& mutator);
  void Skip(std::size_t count) { next_ += count; }

  // Whether reading one would not wait.
  bool IsCharacterReady();
  bool IsByteReady();

  // Of what comes next; columns count characters, but only of what was not read
  // as a line.
  Position at() const { return at_; }
  std::size_t offset_bytes() const { return before_ + next_; }
  // How the reader takes the letters of symbols.
  LetterCase letter_case() const { return letter_case_; }
  void set_letter_case(LetterCase letter_case) { letter_case_ = letter_case; }

 private:
  void DoClose() override;

  std::size_t available() const { return end_ - next_; }
  std::string_view rest() const {
    return {buffer_.data() + next_, available()};
  }
  // Reads so that there are `count` bytes; false if there are fewer.
  bool Fill(Mutator& mutator, std::size_t count);
  // Reads if nothing is there, for more of a line of which line_ has the
  // beginning; puts that back if it throws WaitingInterrupted.
  bool FillLine(Mutator& mutator);
  // The same as Fill() for a character; its size is 0 at the end.
  DecodedCharacter FillCharacter(Mutator& mutator);
  // A line feed after a return whose line was read.
  void SkipLineFeed(Mutator& mutator);
  // REQUIRES: the line begins at byte `begin`.
  std::string_view CheckedLine(std::string_view line, std::size_t begin) const;
  [[noreturn]] void FailNotUtf8(std::size_t offset_bytes) const;
  void Advance(char32_t character);
  // Nothing is there; the next one to ask looks again.
  void TakeEnd() { is_at_end_ = false; }

  File file_;
  std::string buffer_;
  std::size_t next_ = 0;
  std::size_t end_ = 0;
  std::size_t before_ = 0;  // Bytes that were read before those in the buffer.
  bool is_at_end_ = false;  // The file has said so, and nobody has read it.
  // After a return: a line feed is skipped, or is on the same line.
  bool skips_line_feed_ = false;
  bool is_after_return_ = false;
  std::string line_;  // One that the buffer has not whole.
  Position at_ = {0, 1, 1};
  LetterCase letter_case_ = LetterCase::kKept;
  std::function<void()> before_waiting_;
  File::IsInterrupted is_interrupted_;
};

}  // namespace fledge::lambda
