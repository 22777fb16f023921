#include "runtime/lambda/standard_ports.h"

#include <unistd.h>

#include <memory>
#include <utility>

#include "runtime/lambda/input_stream.h"
#include "runtime/lambda/output_stream.h"
#include "runtime/lambda/port_arguments.h"
#include "runtime/lambda/port_error.h"
#include "runtime/lambda/vm.h"
#include "runtime/objects.h"
#include "runtime/record_layout.h"

namespace fledge::lambda {

using runtime::HandleScope;

namespace {

// What converts the values of the parameters: whatever is not such a port is an
// error where it is to be bound.
Value CheckedInput(Vm& vm, Arguments arguments) {
  if (!CheckIsInput(vm, arguments, 0)) return Value();
  return arguments[0];
}
Value CheckedOutput(Vm& vm, Arguments arguments) {
  if (!CheckIsOutput(vm, arguments, 0)) return Value();
  return arguments[0];
}

constexpr Primitive kInput = {"current-input-port", CheckedInput, 1, 1};
constexpr Primitive kOutput = {"current-output-port", CheckedOutput, 1, 1};
constexpr Primitive kError = {"current-error-port", CheckedOutput, 1, 1};

Value MakeParameter(Vm& vm, const Primitive& check,
                    std::unique_ptr<Stream> stream) {
  const HandleScope scope(vm.mutator());
  const Local port(vm.mutator(),
                   vm.ports().Make(vm.mutator(), std::move(stream)));
  const Local converter(vm.mutator(), vm.MakePrimitive(check));
  const Address object =
      vm.mutator().Allocate(runtime::SizeOf(ObjectType::kParameter));
  return runtime::Parameter::Initialize(object, port.get(), converter.get())
      .value();
}

}  // namespace

StandardPorts::StandardPorts(Vm& vm)
    : input_(vm.mutator(), Value().word()),
      output_(vm.mutator(), Value().word()),
      error_(vm.mutator(), Value().word()) {
  const auto set = [&](runtime::Persistent& parameter, Value value) {
    parameter.set(vm.mutator(), value.word());
  };
  File in = File::Standard(STDIN_FILENO, "standard input");
  File out = File::Standard(STDOUT_FILENO, "standard output");
  File error = File::Standard(STDERR_FILENO, "standard error");
  const bool is_asking = in.IsTerminal();
  const Buffering buffering =
      out.IsTerminal() ? Buffering::kLine : Buffering::kFull;

  auto output = std::make_unique<OutputStream>(StreamContent::kText,
                                               std::move(out), buffering);
  auto input =
      std::make_unique<InputStream>(StreamContent::kText, std::move(in));
  input->SetIsInterrupted([&vm] { return vm.is_interrupted(); });
  if (is_asking) {
    // Its port is that of the parameter, which is as old as this one.
    input->SetBeforeWaiting([&written = *output] {
      try {
        if (written.is_open()) written.Flush();
      } catch (const PortError&) {
        // It is not the reader's error.
      }
    });
  }
  set(output_, MakeParameter(vm, kOutput, std::move(output)));
  set(input_, MakeParameter(vm, kInput, std::move(input)));
  set(error_, MakeParameter(vm, kError,
                            std::make_unique<OutputStream>(StreamContent::kText,
                                                           std::move(error),
                                                           Buffering::kNone)));
}

}  // namespace fledge::lambda
