// Input: R7RS small, section 6.13.2, but for read.
#include <algorithm>
#include <string>

#include "runtime/lambda/argument_checks.h"
#include "runtime/lambda/port_arguments.h"
#include "runtime/lambda/primitives.h"
#include "runtime/lambda/texts.h"
#include "runtime/objects.h"

namespace fledge::lambda {
namespace {

using runtime::Bytes;

constexpr auto kText = StreamContent::kText;
constexpr auto kBytes = StreamContent::kBytes;

Value OrEnd(std::optional<char32_t> character) {
  return character ? Value::Character(*character) : Value::EndOfFile();
}
Value OrEnd(std::optional<std::uint8_t> byte) {
  return byte ? Value::SmallInteger(*byte) : Value::EndOfFile();
}

// What was read may have made its buffers.
void Report(Vm& vm, InputStream& stream) {
  vm.ports().Report(vm.mutator(), stream);
}

Value ReadCharacter(Vm& vm, Arguments arguments) {
  InputStream* const stream = CheckInput(vm, arguments, 0, kText);
  if (stream == nullptr) return Value();
  const auto character = stream->ReadCharacter(vm.mutator());
  Report(vm, *stream);
  return OrEnd(character);
}

Value PeekCharacter(Vm& vm, Arguments arguments) {
  InputStream* const stream = CheckInput(vm, arguments, 0, kText);
  if (stream == nullptr) return Value();
  const auto character = stream->PeekCharacter(vm.mutator());
  Report(vm, *stream);
  return OrEnd(character);
}

Value IsCharacterReady(Vm& vm, Arguments arguments) {
  InputStream* const stream = CheckInput(vm, arguments, 0, kText);
  if (stream == nullptr) return Value();
  return Value::Boolean(stream->IsCharacterReady());
}

Value ReadLine(Vm& vm, Arguments arguments) {
  InputStream* const stream = CheckInput(vm, arguments, 0, kText);
  if (stream == nullptr) return Value();
  std::optional<std::string_view> line;
  try {
    line = stream->ReadLine(vm.mutator());
  } catch (...) {
    // Of a long line, what there was may have been put back.
    Report(vm, *stream);
    throw;
  }
  Report(vm, *stream);
  if (!line) return Value::EndOfFile();
  return OrOutOfMemory(vm, TryMakeTextOfUtf8(vm.mutator(), *line));
}

// (read-string k [port])
Value ReadString(Vm& vm, Arguments arguments) {
  const auto count = CheckLength(vm, arguments, 0);
  if (!count) return Value();
  InputStream* const stream = CheckInput(vm, arguments, 1, kText);
  if (stream == nullptr) return Value();
  std::u32string characters;
  while (characters.size() < *count) {
    const auto character = stream->ReadCharacter(vm.mutator());
    if (!character) break;
    characters += *character;
  }
  Report(vm, *stream);
  if (characters.empty() && *count > 0) return Value::EndOfFile();
  return OrOutOfMemory(vm, TryMakeText(vm.mutator(), characters));
}

Value ReadByte(Vm& vm, Arguments arguments) {
  InputStream* const stream = CheckInput(vm, arguments, 0, kBytes);
  if (stream == nullptr) return Value();
  const auto byte = stream->ReadByte(vm.mutator());
  Report(vm, *stream);
  return OrEnd(byte);
}

Value PeekByte(Vm& vm, Arguments arguments) {
  InputStream* const stream = CheckInput(vm, arguments, 0, kBytes);
  if (stream == nullptr) return Value();
  const auto byte = stream->PeekByte(vm.mutator());
  Report(vm, *stream);
  return OrEnd(byte);
}

Value IsByteReady(Vm& vm, Arguments arguments) {
  InputStream* const stream = CheckInput(vm, arguments, 0, kBytes);
  if (stream == nullptr) return Value();
  return Value::Boolean(stream->IsByteReady());
}

// Calls use(piece) with up to `count` bytes, piece by piece; how many there
// were. Between two calls others may collect.
template <typename Use>
std::size_t ReadPieces(Vm& vm, InputStream& stream, std::size_t count,
                       Use&& use) {
  std::size_t read = 0;
  while (read < count) {
    const std::string_view there = stream.Available(vm.mutator());
    if (there.empty()) break;
    const std::string_view piece = there.substr(0, count - read);
    use(piece);
    stream.Skip(piece.size());
    read += piece.size();
  }
  return read;
}

// (read-bytevector k [port])
Value ReadBytevector(Vm& vm, Arguments arguments) {
  const auto count = CheckLength(vm, arguments, 0);
  if (!count) return Value();
  InputStream* const stream = CheckInput(vm, arguments, 1, kBytes);
  if (stream == nullptr) return Value();
  std::string bytes;
  ReadPieces(vm, *stream, *count,
             [&](std::string_view piece) { bytes += piece; });
  Report(vm, *stream);
  if (bytes.empty() && *count > 0) return Value::EndOfFile();
  const Value made = runtime::TryMakeBytes(vm.mutator(), bytes.size());
  if (!made.IsEmpty()) std::ranges::copy(bytes, Bytes(made).bytes().begin());
  return OrOutOfMemory(vm, made);
}

// (read-bytevector! bytevector [port [start [end]]])
Value ReadBytevectorInto(Vm& vm, Arguments arguments) {
  if (!CheckType(vm, arguments, 0, ObjectType::kBytes, "a bytevector")) {
    return Value();
  }
  InputStream* const stream = CheckInput(vm, arguments, 1, kBytes);
  if (stream == nullptr) return Value();
  const auto range = CheckRange(vm, arguments, 2, Bytes(arguments[0]).length());
  if (!range) return Value();
  std::size_t at = range->begin;
  const std::size_t read =
      ReadPieces(vm, *stream, range->size(), [&](std::string_view piece) {
        const auto bytes = Bytes(arguments[0]).bytes();
        std::ranges::copy(piece,
                          bytes.begin() + static_cast<std::ptrdiff_t>(at));
        at += piece.size();
      });
  Report(vm, *stream);
  if (read == 0 && range->size() > 0) return Value::EndOfFile();
  return Value::SmallInteger(static_cast<std::int64_t>(read));
}

constexpr Primitive kPrimitives[] = {
    {"read-char", WithPorts<ReadCharacter>, 0, 1},
    {"peek-char", WithPorts<PeekCharacter>, 0, 1},
    {"char-ready?", IsCharacterReady, 0, 1},
    {"read-line", WithPorts<ReadLine>, 0, 1},
    {"read-string", WithPorts<ReadString>, 1, 2},
    {"read-u8", WithPorts<ReadByte>, 0, 1},
    {"peek-u8", WithPorts<PeekByte>, 0, 1},
    {"u8-ready?", IsByteReady, 0, 1},
    {"read-bytevector", WithPorts<ReadBytevector>, 1, 2},
    {"read-bytevector!", WithPorts<ReadBytevectorInto>, 1, 4},
};

}  // namespace

std::span<const Primitive> InputPrimitives() { return kPrimitives; }

}  // namespace fledge::lambda
