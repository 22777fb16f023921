// read: R7RS small, section 6.13.2.
#include <string>

#include "runtime/lambda/arena.h"
#include "runtime/lambda/datum_scanner.h"
#include "runtime/lambda/datum_values.h"
#include "runtime/lambda/names.h"
#include "runtime/lambda/port_arguments.h"
#include "runtime/lambda/primitives.h"
#include "runtime/lambda/reader.h"

namespace fledge::lambda {
namespace {

Value RaiseSyntaxError(Vm& vm, const InputStream& stream,
                       const SyntaxError& error) {
  const bool no_memory = dynamic_cast<const NoMemoryError*>(&error) != nullptr;
  return vm.RaiseError(no_memory ? "out-of-memory" : "read-error",
                       stream.name() + ", line " +
                           std::to_string(error.at().line) + ", column " +
                           std::to_string(error.at().column) + ": " +
                           error.what());
}

Value Read(Vm& vm, Arguments arguments) {
  InputStream* const stream =
      CheckInput(vm, arguments, 0, StreamContent::kText);
  if (stream == nullptr) return Value();
  const Position begin = stream->at();
  const std::string text = DatumScanner(vm.mutator(), *stream).Take();
  vm.ports().Report(vm.mutator(), *stream);
  try {
    Names names;
    Arena arena;
    Reader reader(text, begin, names, stream->letter_case());
    const Syntax* const datum = reader.Read(arena);
    stream->set_letter_case(reader.letter_case());
    if (datum->Is(Syntax::Kind::kEndOfFile)) {
      stream->ReadCharacter(vm.mutator());  // The end of a terminal, once.
      return Value::EndOfFile();
    }
    return MakeDatum(vm, *datum, Literals::kMutable);
  } catch (const SyntaxError& error) {
    return RaiseSyntaxError(vm, *stream, error);
  }
}

constexpr Primitive kPrimitives[] = {{"read", WithPorts<Read>, 0, 1}};

}  // namespace

std::span<const Primitive> ReadPrimitives() { return kPrimitives; }

}  // namespace fledge::lambda
