// Records, promises and parameters: what core forms expand into calls of
// (runtime/lambda/internal_procedures.h), and what
// runtime/lambda/library/control.scm is built on.
#include <string>

#include "runtime/lambda/primitives.h"
#include "runtime/lambda/vm.h"
#include "runtime/objects.h"
#include "runtime/record_layout.h"

namespace fledge::lambda {
namespace {

using runtime::Parameter;
using runtime::Promise;
using runtime::Record;
using runtime::RecordType;

// An object of fixed size, of slots.
template <ObjectType kType>
Address Allocate(Vm& vm) {
  return vm.mutator().Allocate(runtime::SizeOf(kType));
}

// (%make-record-type name fields)
Value MakeRecordType(Vm& vm, Arguments arguments) {
  const Address object = Allocate<ObjectType::kRecordType>(vm);
  return RecordType::Initialize(object, arguments[0], arguments[1]).value();
}

// (%make-record type value ...)
Value MakeRecord(Vm& vm, Arguments arguments) {
  const std::size_t fields = arguments.size() - 1;
  const Address object =
      vm.mutator().Allocate(runtime::SizeOf(ObjectType::kRecord, 1 + fields));
  const Record record = Record::Initialize(object, arguments[0], fields);
  for (std::size_t i = 0; i < fields; ++i) {
    *record.field_slot(i) = arguments[1 + i].word();
  }
  return record.value();
}

bool IsRecordOf(Value value, Value type) {
  return Is(value, ObjectType::kRecord) && Record(value).type() == type;
}

// (%record? object type)
Value IsRecord(Vm&, Arguments arguments) {
  return Value::Boolean(IsRecordOf(arguments[0], arguments[1]));
}

Value RaiseOtherRecord(Vm& vm, const Arguments& arguments) {
  const runtime::Symbol name(RecordType(arguments[1]).name());
  return vm.RaiseWrongType(arguments, 0,
                           "a " + std::string(name.name().text()));
}

// (%record-ref record type index)
Value RecordRef(Vm& vm, Arguments arguments) {
  if (!IsRecordOf(arguments[0], arguments[1])) {
    return RaiseOtherRecord(vm, arguments);
  }
  return Record(arguments[0])
      .field(static_cast<std::size_t>(arguments[2].integer()));
}

// (%record-set! record type index value)
Value RecordSet(Vm& vm, Arguments arguments) {
  if (!IsRecordOf(arguments[0], arguments[1])) {
    return RaiseOtherRecord(vm, arguments);
  }
  const Record record(arguments[0]);
  const auto i = static_cast<std::size_t>(arguments[2].integer());
  vm.mutator().Write(record.field_slot(i), arguments[3].word());
  return Value::Undefined();
}

// (%make-promise content)
Value MakePromise(Vm& vm, Arguments arguments) {
  const Address object = Allocate<ObjectType::kPromise>(vm);
  return Promise::Initialize(object, arguments[0]).value();
}

Value IsPromise(Vm&, Arguments arguments) {
  return Value::Boolean(Is(arguments[0], ObjectType::kPromise));
}

Value PromiseContent(Vm& vm, Arguments arguments) {
  if (!Is(arguments[0], ObjectType::kPromise)) {
    return vm.RaiseWrongType(arguments, 0, "a promise");
  }
  return Promise(arguments[0]).content();
}

// (%set-promise-content! promise content)
Value SetPromiseContent(Vm& vm, Arguments arguments) {
  vm.mutator().Write(Promise(arguments[0]).content_slot(), arguments[1].word());
  return Value::Undefined();
}

// (%make-parameter value converter)
Value MakeParameter(Vm& vm, Arguments arguments) {
  const Address object = Allocate<ObjectType::kParameter>(vm);
  return Parameter::Initialize(object, arguments[0], arguments[1]).value();
}

// (%parameter-converter parameter): false if it has none.
Value ParameterConverter(Vm& vm, Arguments arguments) {
  if (!Is(arguments[0], ObjectType::kParameter)) {
    return vm.RaiseWrongType(arguments, 0, "a parameter");
  }
  return Parameter(arguments[0]).converter();
}

// (%case-lambda closure ...)
Value MakeCaseLambda(Vm& vm, Arguments arguments) {
  const Address object = vm.mutator().Allocate(
      runtime::SizeOf(ObjectType::kCaseLambda, arguments.size()));
  const auto made = runtime::CaseLambda::Initialize(object, arguments.size());
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    *made.closure_slot(i) = arguments[i].word();
  }
  return made.value();
}

constexpr Primitive kPrimitives[] = {
    {"%make-record-type", MakeRecordType, 2, 2},
    {"%make-record", MakeRecord, 1, Primitive::kAnyNumber},
    {"%record?", IsRecord, 2, 2},
    {"%record-ref", RecordRef, 3, 3},
    {"%record-set!", RecordSet, 4, 4},
    {"%make-promise", MakePromise, 1, 1},
    {"promise?", IsPromise, 1, 1},
    {"%promise-content", PromiseContent, 1, 1},
    {"%set-promise-content!", SetPromiseContent, 2, 2},
    {"%make-parameter", MakeParameter, 2, 2},
    {"%parameter-converter", ParameterConverter, 1, 1},
    {"%case-lambda", MakeCaseLambda, 0, Primitive::kAnyNumber},
};

}  // namespace

std::span<const Primitive> RecordPrimitives() { return kPrimitives; }

}  // namespace fledge::lambda
