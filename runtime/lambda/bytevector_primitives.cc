// Bytevectors: R7RS small, section 6.9.
#include <algorithm>
#include <cstring>
#include <string>

#include "runtime/lambda/argument_checks.h"
#include "runtime/lambda/primitives.h"
#include "runtime/lambda/text_encoding.h"
#include "runtime/lambda/texts.h"
#include "runtime/objects.h"

namespace fledge::lambda {

using runtime::Bytes;

namespace {

bool CheckBytes(Vm& vm, const Arguments& arguments, std::size_t i) {
  return CheckType(vm, arguments, i, ObjectType::kBytes, "a bytevector");
}

// The bytes of argument `i` in `range`, until the next call that may collect.
std::span<std::uint8_t> BytesOf(const Arguments& arguments, std::size_t i,
                                Range range) {
  return Bytes(arguments[i]).bytes().subspan(range.begin, range.size());
}

Value IsBytevector(Vm&, Arguments arguments) {
  return Value::Boolean(Is(arguments[0], ObjectType::kBytes));
}

Value MakeBytevector(Vm& vm, Arguments arguments) {
  const auto length = CheckLength(vm, arguments, 0);
  if (!length) return Value();
  std::uint8_t fill = 0;
  if (arguments.size() == 2) {
    const auto byte = CheckByte(vm, arguments, 1);
    if (!byte) return Value();
    fill = *byte;
  }
  const Value made = TryMakeBytes(vm.mutator(), *length);
  if (made.IsEmpty()) return OrOutOfMemory(vm, made);
  std::ranges::fill(Bytes(made).bytes(), fill);
  return made;
}

Value Bytevector(Vm& vm, Arguments arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (!CheckByte(vm, arguments, i)) return Value();
  }
  const Value made = TryMakeBytes(vm.mutator(), arguments.size());
  if (made.IsEmpty()) return OrOutOfMemory(vm, made);
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    Bytes(made).bytes()[i] = static_cast<std::uint8_t>(arguments[i].integer());
  }
  return made;
}

Value BytevectorLength(Vm& vm, Arguments arguments) {
  if (!CheckBytes(vm, arguments, 0)) return Value();
  return Value::SmallInteger(
      static_cast<std::int64_t>(Bytes(arguments[0]).length()));
}

Value BytevectorRef(Vm& vm, Arguments arguments) {
  if (!CheckBytes(vm, arguments, 0)) return Value();
  const auto bytes = Bytes(arguments[0]).bytes();
  const auto i = CheckIndex(vm, arguments, 1, bytes.size());
  return i ? Value::SmallInteger(bytes[*i]) : Value();
}

Value BytevectorSet(Vm& vm, Arguments arguments) {
  if (!CheckBytes(vm, arguments, 0)) return Value();
  const auto i = CheckIndex(vm, arguments, 1, Bytes(arguments[0]).length());
  if (!i) return Value();
  const auto byte = CheckByte(vm, arguments, 2);
  if (!byte) return Value();
  Bytes(arguments[0]).bytes()[*i] = *byte;
  return Value::Undefined();
}

Value BytevectorCopy(Vm& vm, Arguments arguments) {
  if (!CheckBytes(vm, arguments, 0)) return Value();
  const auto range = CheckRange(vm, arguments, 1, Bytes(arguments[0]).length());
  if (!range) return Value();
  const Value made = TryMakeBytes(vm.mutator(), range->size());
  if (made.IsEmpty()) return OrOutOfMemory(vm, made);
  std::ranges::copy(BytesOf(arguments, 0, *range), Bytes(made).bytes().begin());
  return made;
}

Value BytevectorCopyTo(Vm& vm, Arguments arguments) {
  if (!CheckBytes(vm, arguments, 0) || !CheckBytes(vm, arguments, 2)) {
    return Value();
  }
  const auto range = CheckRange(vm, arguments, 3, Bytes(arguments[2]).length());
  if (!range) return Value();
  const auto at =
      CheckPlace(vm, arguments, 1, Bytes(arguments[0]).length(), range->size());
  if (!at) return Value();
  // They may overlap.
  if (range->size() != 0) {
    std::memmove(Bytes(arguments[0]).bytes().data() + *at,
                 BytesOf(arguments, 2, *range).data(), range->size());
  }
  return Value::Undefined();
}

Value BytevectorAppend(Vm& vm, Arguments arguments) {
  std::size_t length = 0;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (!CheckBytes(vm, arguments, i)) return Value();
    length += Bytes(arguments[i]).length();
  }
  const Value made = TryMakeBytes(vm.mutator(), length);
  if (made.IsEmpty()) return OrOutOfMemory(vm, made);
  auto to = Bytes(made).bytes().begin();
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    to = std::ranges::copy(Bytes(arguments[i]).bytes(), to).out;
  }
  return made;
}

Value Utf8ToString(Vm& vm, Arguments arguments) {
  if (!CheckBytes(vm, arguments, 0)) return Value();
  const auto range = CheckRange(vm, arguments, 1, Bytes(arguments[0]).length());
  if (!range) return Value();
  const auto utf8 = [&] {
    const auto bytes = BytesOf(arguments, 0, *range);
    return std::string_view(reinterpret_cast<const char*>(bytes.data()),
                            bytes.size());
  };
  const Utf8Extent extent = MeasureUtf8(utf8());
  if (extent.valid_bytes != range->size()) {
    return vm.RaiseOutOfRange(
        arguments, 0,
        "UTF-8 at byte " + std::to_string(range->begin + extent.valid_bytes));
  }
  const Value made =
      TryMakeText(vm.mutator(), extent.characters, extent.width());
  if (made.IsEmpty()) return OrOutOfMemory(vm, made);
  DecodeUtf8Into(Text(made), utf8());
  return made;
}

Value StringToUtf8(Vm& vm, Arguments arguments) {
  if (!CheckText(vm, arguments, 0)) return Value();
  const auto range = CheckRange(vm, arguments, 1, Text(arguments[0]).length());
  if (!range) return Value();
  const Value made =
      TryMakeBytes(vm.mutator(), Utf8Bytes(Text(arguments[0]), *range));
  if (made.IsEmpty()) return OrOutOfMemory(vm, made);
  EncodeUtf8Into(Bytes(made).bytes(), Text(arguments[0]), *range);
  return made;
}

constexpr Primitive kBytevectorPrimitives[] = {
    {"bytevector?", IsBytevector, 1, 1},
    {"make-bytevector", MakeBytevector, 1, 2},
    {"bytevector", Bytevector, 0, Primitive::kAnyNumber},
    {"bytevector-u8-ref", BytevectorRef, 2, 2},
    {"bytevector-u8-set!", BytevectorSet, 3, 3},
    {"bytevector-length", BytevectorLength, 1, 1},
    {"bytevector-copy", BytevectorCopy, 1, 3},
    {"bytevector-copy!", BytevectorCopyTo, 3, 5},
    {"bytevector-append", BytevectorAppend, 0, Primitive::kAnyNumber},
    {"utf8->string", Utf8ToString, 1, 3},
    {"string->utf8", StringToUtf8, 1, 3},
};

}  // namespace

std::span<const Primitive> BytevectorPrimitives() {
  return kBytevectorPrimitives;
}

}  // namespace fledge::lambda
