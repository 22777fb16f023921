#include "runtime/lambda/input_stream.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "runtime/lambda/port_error.h"
#include "runtime/lambda/text_encoding.h"

namespace fledge::lambda {
namespace {

// Of the character that begins so, as far as its first byte says.
std::size_t CharacterBytes(char first) {
  const auto byte = static_cast<unsigned char>(first);
  if (byte < 0xC0) return 1;
  if (byte < 0xE0) return 2;
  return byte < 0xF0 ? 3 : 4;
}

// The place of the first line feed or return, or npos.
std::size_t FindLineEnd(std::string_view text) {
  const std::size_t feed = text.find('\n');
  const std::size_t back = text.substr(0, feed).find('\r');
  return std::min(feed, back);
}

}  // namespace

InputStream::InputStream(StreamContent content, std::string name,
                         std::string bytes)
    : Stream(content, std::move(name)),
      buffer_(std::move(bytes)),
      end_(buffer_.size()) {}

InputStream::InputStream(StreamContent content, File file)
    : Stream(content, file.name()), file_(std::move(file)) {}

void InputStream::DoClose() {
  std::string().swap(buffer_);
  std::string().swap(line_);
  next_ = end_ = 0;
  file_.Close();
}

bool InputStream::Fill(Mutator& mutator, std::size_t count) {
  while (available() < count) {
    if (!file_.is_open() || is_at_end_) return false;
    if (buffer_.empty()) buffer_.resize(kBufferBytes);
    if (next_ > 0) {
      std::memmove(buffer_.data(), buffer_.data() + next_, available());
      before_ += next_;
      end_ -= std::exchange(next_, 0);
    }
    if (before_waiting_) before_waiting_();
    const std::size_t read =
        file_.Read(mutator, std::span(buffer_).subspan(end_), is_interrupted_);
    end_ += read;
    is_at_end_ = read == 0;
  }
  return true;
}

void InputStream::SkipLineFeed(Mutator& mutator) {
  if (!skips_line_feed_) [[likely]]
    return;
  if (Fill(mutator, 1) && buffer_[next_] == '\n') ++next_;
  skips_line_feed_ = false;
}

DecodedCharacter InputStream::FillCharacter(Mutator& mutator) {
  SkipLineFeed(mutator);
  if (!Fill(mutator, 1)) return {};
  const char first = buffer_[next_];
  if (static_cast<unsigned char>(first) < 0x80) [[likely]] {
    return {static_cast<char32_t>(first), 1};
  }
  Fill(mutator, CharacterBytes(first));
  const DecodedCharacter decoded = DecodeUtf8(rest(), 0);
  if (decoded.size_bytes == 0) {
    ++next_;
    FailNotUtf8(offset_bytes() - 1);
  }
  return decoded;
}

void InputStream::FailNotUtf8(std::size_t offset_bytes) const {
  throw PortError("read-error", name() + " is not UTF-8 at its byte " +
                                    std::to_string(offset_bytes));
}

void InputStream::Advance(char32_t character) {
  const bool is_after_return =
      std::exchange(is_after_return_, character == '\r');
  if (character == '\r' || (character == '\n' && !is_after_return)) {
    ++at_.line;
    at_.column = 1;
  } else if (character != '\n') {
    ++at_.column;
  }
}

std::optional<char32_t> InputStream::PeekCharacter(Mutator& mutator) {
  const DecodedCharacter next = FillCharacter(mutator);
  if (next.size_bytes == 0) return std::nullopt;
  return next.code_point;
}

std::optional<char32_t> InputStream::ReadCharacter(Mutator& mutator) {
  const DecodedCharacter next = FillCharacter(mutator);
  if (next.size_bytes == 0) {
    TakeEnd();
    return std::nullopt;
  }
  next_ += next.size_bytes;
  Advance(next.code_point);
  return next.code_point;
}

std::optional<std::uint8_t> InputStream::PeekByte(Mutator& mutator) {
  if (!Fill(mutator, 1)) return std::nullopt;
  return static_cast<std::uint8_t>(buffer_[next_]);
}

std::optional<std::uint8_t> InputStream::ReadByte(Mutator& mutator) {
  const auto byte = PeekByte(mutator);
  if (byte) {
    ++next_;
  } else {
    TakeEnd();
  }
  return byte;
}

std::string_view InputStream::Available(Mutator& mutator) {
  if (!Fill(mutator, 1)) TakeEnd();
  return rest();
}

std::optional<std::string_view> InputStream::ReadLine(Mutator& mutator) {
  SkipLineFeed(mutator);
  line_.clear();
  const std::size_t begin = offset_bytes();
  while (FillLine(mutator)) {
    const std::string_view there = rest();
    const std::size_t length = FindLineEnd(there);
    if (length == std::string_view::npos) {
      line_ += there;
      next_ = end_;
      continue;
    }
    skips_line_feed_ = there[length] == '\r';
    is_after_return_ = false;
    next_ += length + 1;
    ++at_.line;
    at_.column = 1;
    if (line_.empty()) return CheckedLine(there.substr(0, length), begin);
    line_ += there.substr(0, length);
    return CheckedLine(line_, begin);
  }
  if (!line_.empty()) return CheckedLine(line_, begin);
  TakeEnd();
  return std::nullopt;
}

bool InputStream::FillLine(Mutator& mutator) {
  try {
    return Fill(mutator, 1);
  } catch (const WaitingInterrupted&) {
    // Who asks next gets the line from its beginning. Nothing else is there.
    if (!line_.empty()) {
      buffer_.resize(std::max(buffer_.size(), line_.size() + kBufferBytes));
      line_.copy(buffer_.data(), line_.size());
      before_ -= line_.size();
      end_ = line_.size();
      line_.clear();
    }
    throw;
  }
}

std::string_view InputStream::CheckedLine(std::string_view line,
                                          std::size_t begin) const {
  const std::size_t valid_bytes = MeasureUtf8(line).valid_bytes;
  if (valid_bytes != line.size()) FailNotUtf8(begin + valid_bytes);
  return line;
}

bool InputStream::IsByteReady() {
  return available() > 0 || !file_.is_open() || is_at_end_ || file_.IsReady();
}

bool InputStream::IsCharacterReady() {
  // After a return a line feed may be there that is to be skipped.
  const std::size_t skipped =
      skips_line_feed_ && available() > 0 && buffer_[next_] == '\n' ? 1 : 0;
  const std::string_view there = rest().substr(skipped);
  if (!there.empty() && there.size() >= CharacterBytes(there[0])) return true;
  return !file_.is_open() || is_at_end_ || file_.IsReady();
}

}  // namespace fledge::lambda
