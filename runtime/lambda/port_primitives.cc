// Ports: R7RS small, section 6.13.1.
#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "runtime/lambda/argument_checks.h"
#include "runtime/lambda/port_arguments.h"
#include "runtime/lambda/primitives.h"
#include "runtime/lambda/text_encoding.h"
#include "runtime/lambda/texts.h"
#include "runtime/objects.h"

namespace fledge::lambda {
namespace {

Value IsPort(Vm&, Arguments arguments) {
  return Value::Boolean(StreamOf(arguments[0]) != nullptr);
}
Value IsInputPort(Vm&, Arguments arguments) {
  Stream* const stream = StreamOf(arguments[0]);
  return Value::Boolean(stream != nullptr && stream->input() != nullptr);
}
Value IsOutputPort(Vm&, Arguments arguments) {
  Stream* const stream = StreamOf(arguments[0]);
  return Value::Boolean(stream != nullptr && stream->output() != nullptr);
}
template <StreamContent kContent>
Value HasContent(Vm&, Arguments arguments) {
  const Stream* const stream = StreamOf(arguments[0]);
  return Value::Boolean(stream != nullptr && stream->content() == kContent);
}

Value IsInputPortOpen(Vm& vm, Arguments arguments) {
  if (!CheckIsInput(vm, arguments, 0)) return Value();
  return Value::Boolean(StreamOf(arguments[0])->is_open());
}
Value IsOutputPortOpen(Vm& vm, Arguments arguments) {
  if (!CheckIsOutput(vm, arguments, 0)) return Value();
  return Value::Boolean(StreamOf(arguments[0])->is_open());
}

Value Close(Vm& vm, Stream& stream) {
  try {
    stream.Close();
  } catch (const PortError&) {
    vm.ports().Report(vm.mutator(), stream);
    throw;
  }
  vm.ports().Report(vm.mutator(), stream);
  return Value::Undefined();
}

Value ClosePort(Vm& vm, Arguments arguments) {
  Stream* const stream = CheckPort(vm, arguments, 0);
  return stream == nullptr ? Value() : Close(vm, *stream);
}
Value CloseInputPort(Vm& vm, Arguments arguments) {
  if (!CheckIsInput(vm, arguments, 0)) return Value();
  return Close(vm, *StreamOf(arguments[0]));
}
Value CloseOutputPort(Vm& vm, Arguments arguments) {
  if (!CheckIsOutput(vm, arguments, 0)) return Value();
  return Close(vm, *StreamOf(arguments[0]));
}

Value OpenInputString(Vm& vm, Arguments arguments) {
  if (!CheckText(vm, arguments, 0)) return Value();
  return vm.ports().Make(vm.mutator(), std::make_unique<InputStream>(
                                           StreamContent::kText, "the string",
                                           Utf8Of(Text(arguments[0]))));
}
Value OpenInputBytevector(Vm& vm, Arguments arguments) {
  if (!CheckType(vm, arguments, 0, ObjectType::kBytes, "a bytevector")) {
    return Value();
  }
  const auto bytes = runtime::Bytes(arguments[0]).bytes();
  return vm.ports().Make(
      vm.mutator(),
      std::make_unique<InputStream>(StreamContent::kBytes, "the bytevector",
                                    std::string(bytes.begin(), bytes.end())));
}
Value OpenOutputString(Vm& vm, Arguments) {
  return vm.ports().Make(vm.mutator(), std::make_unique<OutputStream>(
                                           StreamContent::kText, "the string"));
}
Value OpenOutputBytevector(Vm& vm, Arguments) {
  return vm.ports().Make(
      vm.mutator(),
      std::make_unique<OutputStream>(StreamContent::kBytes, "the bytevector"));
}

// What was collected of argument 0; null after it has raised.
OutputStream* CheckCollecting(Vm& vm, const Arguments& arguments,
                              StreamContent content,
                              std::string_view expected) {
  Stream* const stream = StreamOf(arguments[0]);
  OutputStream* const output = stream == nullptr ? nullptr : stream->output();
  if (output == nullptr || !output->is_in_memory() ||
      output->content() != content) {
    vm.RaiseWrongType(arguments, 0, expected);
    return nullptr;
  }
  return CheckOutput(vm, arguments, 0, content);
}

Value GetOutputString(Vm& vm, Arguments arguments) {
  const OutputStream* const stream =
      CheckCollecting(vm, arguments, StreamContent::kText,
                      "a port that open-output-string has made");
  if (stream == nullptr) return Value();
  return OrOutOfMemory(vm,
                       TryMakeTextOfUtf8(vm.mutator(), stream->collected()));
}
Value GetOutputBytevector(Vm& vm, Arguments arguments) {
  const OutputStream* const stream =
      CheckCollecting(vm, arguments, StreamContent::kBytes,
                      "a port that open-output-bytevector has made");
  if (stream == nullptr) return Value();
  const std::string_view bytes = stream->collected();
  const Value made = runtime::TryMakeBytes(vm.mutator(), bytes.size());
  if (!made.IsEmpty()) {
    std::ranges::copy(bytes, runtime::Bytes(made).bytes().begin());
  }
  return OrOutOfMemory(vm, made);
}

Value IsEndOfFile(Vm&, Arguments arguments) {
  return Value::Boolean(arguments[0].IsEndOfFile());
}
Value EndOfFile(Vm&, Arguments) { return Value::EndOfFile(); }

constexpr Primitive kPrimitives[] = {
    {"port?", IsPort, 1, 1},
    {"input-port?", IsInputPort, 1, 1},
    {"output-port?", IsOutputPort, 1, 1},
    {"textual-port?", HasContent<StreamContent::kText>, 1, 1},
    {"binary-port?", HasContent<StreamContent::kBytes>, 1, 1},
    {"input-port-open?", IsInputPortOpen, 1, 1},
    {"output-port-open?", IsOutputPortOpen, 1, 1},
    {"close-port", WithPorts<ClosePort>, 1, 1},
    {"close-input-port", WithPorts<CloseInputPort>, 1, 1},
    {"close-output-port", WithPorts<CloseOutputPort>, 1, 1},
    {"open-input-string", WithPorts<OpenInputString>, 1, 1},
    {"open-output-string", WithPorts<OpenOutputString>, 0, 0},
    {"get-output-string", GetOutputString, 1, 1},
    {"open-input-bytevector", WithPorts<OpenInputBytevector>, 1, 1},
    {"open-output-bytevector", WithPorts<OpenOutputBytevector>, 0, 0},
    {"get-output-bytevector", GetOutputBytevector, 1, 1},
    {"eof-object?", IsEndOfFile, 1, 1},
    {"eof-object", EndOfFile, 0, 0},
};

}  // namespace

std::span<const Primitive> PortPrimitives() { return kPrimitives; }

}  // namespace fledge::lambda
