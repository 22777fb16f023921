#include "runtime/lambda/port_arguments.h"

#include <string_view>

#include "runtime/port_layout.h"

namespace fledge::lambda {
namespace {

std::string_view NameOf(StreamContent content) {
  return content == StreamContent::kText ? "textual" : "binary";
}

// The same of what is not among the arguments.
Value RaiseOfCurrent(Vm& vm, std::string_view parameter,
                     const std::string& expected) {
  return vm.RaiseError("wrong-type", vm.RunningName() + "the port of " +
                                         std::string(parameter) + " is not " +
                                         expected);
}

// Null after it has raised. `parameter` is asked if argument `i` is left out.
Stream* CheckOpen(Vm& vm, const Arguments& arguments, std::size_t i,
                  std::string_view name, Value parameter, StreamContent content,
                  bool is_input) {
  const bool is_given = i < arguments.size();
  Stream* const stream =
      StreamOf(is_given ? arguments[i] : vm.ParameterValue(parameter));
  if (stream != nullptr && stream->is_open() && stream->content() == content &&
      (is_input ? stream->input() != nullptr : stream->output() != nullptr))
      [[likely]] {
    return stream;
  }
  const bool is_closed = stream != nullptr && !stream->is_open();
  const std::string expected =
      is_closed ? "open any more"
                : "a " + std::string(NameOf(content)) +
                      (is_input ? " input port" : " output port");
  if (is_given) {
    vm.RaiseWrongType(arguments, i, expected);
  } else {
    RaiseOfCurrent(vm, name, expected);
  }
  return nullptr;
}

}  // namespace

Stream* StreamOf(Value value) {
  if (!Is(value, ObjectType::kPort)) return nullptr;
  return static_cast<Stream*>(runtime::Port(value).stream());
}

Stream* CheckPort(Vm& vm, const Arguments& arguments, std::size_t i) {
  Stream* const stream = StreamOf(arguments[i]);
  if (stream == nullptr) vm.RaiseWrongType(arguments, i, "a port");
  return stream;
}

bool CheckIsInput(Vm& vm, const Arguments& arguments, std::size_t i) {
  Stream* const stream = StreamOf(arguments[i]);
  if (stream != nullptr && stream->input() != nullptr) return true;
  vm.RaiseWrongType(arguments, i, "an input port");
  return false;
}

bool CheckIsOutput(Vm& vm, const Arguments& arguments, std::size_t i) {
  Stream* const stream = StreamOf(arguments[i]);
  if (stream != nullptr && stream->output() != nullptr) return true;
  vm.RaiseWrongType(arguments, i, "an output port");
  return false;
}

InputStream* CheckInput(Vm& vm, const Arguments& arguments, std::size_t i,
                        StreamContent content) {
  Stream* const stream =
      CheckOpen(vm, arguments, i, "current-input-port",
                vm.standard_ports().input(), content, /*is_input=*/true);
  return stream == nullptr ? nullptr : stream->input();
}

OutputStream* CheckOutput(Vm& vm, const Arguments& arguments, std::size_t i,
                          StreamContent content) {
  Stream* const stream =
      CheckOpen(vm, arguments, i, "current-output-port",
                vm.standard_ports().output(), content, /*is_input=*/false);
  return stream == nullptr ? nullptr : stream->output();
}

}  // namespace fledge::lambda
