#include "runtime/lambda/output_stream.h"

#include <utility>

#include "runtime/lambda/utf8.h"

namespace fledge::lambda {

OutputStream::OutputStream(StreamContent content, std::string name)
    : Stream(content, std::move(name)),
      is_in_memory_(true),
      buffering_(Buffering::kFull) {}

OutputStream::OutputStream(StreamContent content, File file,
                           Buffering buffering)
    : Stream(content, file.name()),
      is_in_memory_(false),
      buffering_(buffering),
      file_(std::move(file)) {}

void OutputStream::DoClose() {
  try {
    Flush();
  } catch (...) {
    File dropped = std::move(file_);
    std::string().swap(buffer_);
    throw;
  }
  std::string().swap(buffer_);
  file_.Close();
}

void OutputStream::Write(std::string_view bytes) {
  if (!is_in_memory_ && bytes.size() >= kBufferBytes) {
    Flush();
    last_of_file_ = bytes.back();
    return file_.Write(bytes);
  }
  buffer_ += bytes;
  FlushIfDue(buffering_ == Buffering::kLine &&
             bytes.find('\n') != std::string_view::npos);
}

void OutputStream::WriteCharacter(char32_t character) {
  AppendUtf8(buffer_, character);
  FlushIfDue(character == '\n');
}

void OutputStream::WriteByte(std::uint8_t byte) {
  buffer_ += static_cast<char>(byte);
  FlushIfDue(false);
}

void OutputStream::FlushIfDue(bool has_line_end) {
  if (is_in_memory_) return;
  if (buffer_.size() >= kBufferBytes || buffering_ == Buffering::kNone ||
      (buffering_ == Buffering::kLine && has_line_end)) {
    Flush();
  }
}

void OutputStream::Flush() {
  if (is_in_memory_ || buffer_.empty()) return;
  // What cannot be written is not tried again.
  struct Cleared {
    ~Cleared() { buffer.clear(); }
    std::string& buffer;
  } const cleared{buffer_};
  last_of_file_ = buffer_.back();
  file_.Write(buffer_);
}

}  // namespace fledge::lambda
