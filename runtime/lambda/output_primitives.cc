// Output: R7RS small, section 6.13.3.
#include <algorithm>
#include <string>

#include "runtime/lambda/argument_checks.h"
#include "runtime/lambda/port_arguments.h"
#include "runtime/lambda/primitives.h"
#include "runtime/lambda/printer.h"
#include "runtime/lambda/text_encoding.h"
#include "runtime/object_layout.h"
#include "runtime/text_layout.h"

namespace fledge::lambda {
namespace {

constexpr auto kText = StreamContent::kText;
constexpr auto kBytes = StreamContent::kBytes;

// What was written may have made its buffer larger.
Value Done(Vm& vm, OutputStream& stream) {
  vm.ports().Report(vm.mutator(), stream);
  return Value::Undefined();
}

class StreamSink : public PrintSink {
 public:
  explicit StreamSink(OutputStream& stream) : stream_(stream) {}
  bool Append(std::string_view text) override {
    stream_.Write(text);
    return true;
  }

 private:
  OutputStream& stream_;
};

template <PrintStyle kStyle, Labels kLabels>
Value WriteValue(Vm& vm, Arguments arguments) {
  OutputStream* const stream = CheckOutput(vm, arguments, 1, kText);
  if (stream == nullptr) return Value();
  StreamSink sink(*stream);
  Print(arguments[0], {.style = kStyle, .labels = kLabels}, sink);
  return Done(vm, *stream);
}

Value Newline(Vm& vm, Arguments arguments) {
  OutputStream* const stream = CheckOutput(vm, arguments, 0, kText);
  if (stream == nullptr) return Value();
  stream->WriteCharacter('\n');
  return Done(vm, *stream);
}

Value WriteCharacter(Vm& vm, Arguments arguments) {
  if (!CheckCharacter(vm, arguments, 0)) return Value();
  OutputStream* const stream = CheckOutput(vm, arguments, 1, kText);
  if (stream == nullptr) return Value();
  stream->WriteCharacter(arguments[0].character());
  return Done(vm, *stream);
}

// (write-string string [port [start [end]]])
Value WriteString(Vm& vm, Arguments arguments) {
  if (!CheckText(vm, arguments, 0)) return Value();
  OutputStream* const stream = CheckOutput(vm, arguments, 1, kText);
  if (stream == nullptr) return Value();
  const runtime::Text text(arguments[0]);
  const auto range = CheckRange(vm, arguments, 2, text.length());
  if (!range) return Value();
  // In pieces, so that there is no second copy of all of it.
  constexpr std::size_t kPieceCharacters = 4096;
  std::string piece;
  for (std::size_t at = range->begin; at < range->end;) {
    const Range part = {at, std::min(range->end, at + kPieceCharacters)};
    piece.resize(Utf8Bytes(text, part));
    EncodeUtf8Into(
        {reinterpret_cast<std::uint8_t*>(piece.data()), piece.size()}, text,
        part);
    stream->Write(piece);
    at = part.end;
  }
  return Done(vm, *stream);
}

Value WriteByte(Vm& vm, Arguments arguments) {
  const auto byte = CheckByte(vm, arguments, 0);
  if (!byte) return Value();
  OutputStream* const stream = CheckOutput(vm, arguments, 1, kBytes);
  if (stream == nullptr) return Value();
  stream->WriteByte(*byte);
  return Done(vm, *stream);
}

// (write-bytevector bytevector [port [start [end]]])
Value WriteBytevector(Vm& vm, Arguments arguments) {
  if (!CheckType(vm, arguments, 0, ObjectType::kBytes, "a bytevector")) {
    return Value();
  }
  OutputStream* const stream = CheckOutput(vm, arguments, 1, kBytes);
  if (stream == nullptr) return Value();
  const auto bytes = runtime::Bytes(arguments[0]).bytes();
  const auto range = CheckRange(vm, arguments, 2, bytes.size());
  if (!range) return Value();
  stream->Write({reinterpret_cast<const char*>(bytes.data()) + range->begin,
                 range->size()});
  return Done(vm, *stream);
}

Value FlushOutputPort(Vm& vm, Arguments arguments) {
  StreamContent content = kText;
  if (arguments.size() == 1) {
    if (!CheckIsOutput(vm, arguments, 0)) return Value();
    content = StreamOf(arguments[0])->content();
  }
  OutputStream* const stream = CheckOutput(vm, arguments, 0, content);
  if (stream == nullptr) return Value();
  stream->Flush();
  return Value::Undefined();
}

template <PrintStyle kStyle, Labels kLabels>
constexpr PrimitiveFunction kWrite = WithPorts<WriteValue<kStyle, kLabels>>;

constexpr Primitive kPrimitives[] = {
    {"write", kWrite<PrintStyle::kWritten, Labels::kCircles>, 1, 2},
    {"write-shared", kWrite<PrintStyle::kWritten, Labels::kShared>, 1, 2},
    {"write-simple", kWrite<PrintStyle::kWritten, Labels::kNone>, 1, 2},
    {"display", kWrite<PrintStyle::kDisplayed, Labels::kCircles>, 1, 2},
    {"newline", WithPorts<Newline>, 0, 1},
    {"write-char", WithPorts<WriteCharacter>, 1, 2},
    {"write-string", WithPorts<WriteString>, 1, 4},
    {"write-u8", WithPorts<WriteByte>, 1, 2},
    {"write-bytevector", WithPorts<WriteBytevector>, 1, 4},
    {"flush-output-port", WithPorts<FlushOutputPort>, 0, 1},
};

}  // namespace

std::span<const Primitive> OutputPrimitives() { return kPrimitives; }

}  // namespace fledge::lambda
