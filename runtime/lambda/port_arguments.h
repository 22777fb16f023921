// Port arguments: what primitives ask of ports, in the manner of
// runtime/lambda/argument_checks.h.
//
// A port that is left out is that of the parameter: current-input-port or
// current-output-port. Streams are those of their ports, and live as long as
// the primitive runs.
//
// Design: docs/design/lambda_ports.md. Threads: the machine's.
#pragma once

#include <cstddef>
#include <new>
#include <stdexcept>
#include <string>

#include "runtime/lambda/input_stream.h"
#include "runtime/lambda/output_stream.h"
#include "runtime/lambda/port_error.h"
#include "runtime/lambda/primitive.h"
#include "runtime/lambda/vm.h"

namespace fledge::lambda {

// The stream of `value`, or null if it is no port.
Stream* StreamOf(Value value);

// Of any port, open or not; null or false after it has raised.
Stream* CheckPort(Vm& vm, const Arguments& arguments, std::size_t i);
bool CheckIsInput(Vm& vm, const Arguments& arguments, std::size_t i);
bool CheckIsOutput(Vm& vm, const Arguments& arguments, std::size_t i);

// Of an open port of this direction and content; null after it has raised.
InputStream* CheckInput(Vm& vm, const Arguments& arguments, std::size_t i,
                        StreamContent content);
OutputStream* CheckOutput(Vm& vm, const Arguments& arguments, std::size_t i,
                          StreamContent content);

// The primitive that does `kFunction`, which may throw what streams throw.
template <PrimitiveFunction kFunction>
Value WithPorts(Vm& vm, Arguments arguments) {
  try {
    return kFunction(vm, arguments);
  } catch (const PortError& error) {
    return vm.RaiseError(error.kind(), error.what());
  } catch (const WaitingInterrupted&) {
    vm.RaiseInterruption();
    return Value();
  } catch (const std::bad_alloc&) {
    return vm.RaiseError("out-of-memory", "there is no memory for this");
  } catch (const std::length_error&) {
    return vm.RaiseError("out-of-memory", "there is no memory for this");
  }
}

}  // namespace fledge::lambda
