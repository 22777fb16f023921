#include "runtime/lambda/argument_checks.h"

#include <string>

#include "runtime/lambda/lists.h"
#include "runtime/text_layout.h"

namespace fledge::lambda {
namespace {

// A small integer from `least` to `most`, called `what` in the error.
std::optional<std::size_t> CheckBetween(Vm& vm, const Arguments& arguments,
                                        std::size_t i, std::string_view what,
                                        std::size_t least, std::size_t most) {
  const Value value = arguments[i];
  if (!value.IsSmallInteger()) {
    vm.RaiseWrongType(arguments, i, std::string(what) + ", an exact integer");
    return std::nullopt;
  }
  const std::int64_t integer = value.integer();
  if (integer < 0 || static_cast<std::size_t>(integer) < least ||
      static_cast<std::size_t>(integer) > most) {
    vm.RaiseOutOfRange(arguments, i,
                       std::string(what) + " from " + std::to_string(least) +
                           " to " + std::to_string(most));
    return std::nullopt;
  }
  return static_cast<std::size_t>(integer);
}

}  // namespace

bool CheckType(Vm& vm, const Arguments& arguments, std::size_t i,
               ObjectType type, std::string_view expected) {
  if (Is(arguments[i], type)) [[likely]]
    return true;
  vm.RaiseWrongType(arguments, i, expected);
  return false;
}

bool CheckText(Vm& vm, const Arguments& arguments, std::size_t i) {
  if (runtime::IsText(arguments[i])) [[likely]]
    return true;
  vm.RaiseWrongType(arguments, i, "a string");
  return false;
}

bool CheckMutableText(Vm& vm, const Arguments& arguments, std::size_t i) {
  if (!CheckText(vm, arguments, i)) return false;
  if (!runtime::Text(arguments[i]).is_constant()) [[likely]]
    return true;
  vm.RaiseWrongType(arguments, i,
                    "a string that may be changed, but a literal or the name "
                    "of a symbol: string-copy makes one");
  return false;
}

bool CheckCharacter(Vm& vm, const Arguments& arguments, std::size_t i) {
  if (arguments[i].IsCharacter()) [[likely]]
    return true;
  vm.RaiseWrongType(arguments, i, "a character");
  return false;
}

bool CheckList(Vm& vm, const Arguments& arguments, std::size_t i) {
  if (ListLength(arguments[i])) [[likely]]
    return true;
  vm.RaiseWrongType(arguments, i, "a list");
  return false;
}

std::optional<std::size_t> CheckIndex(Vm& vm, const Arguments& arguments,
                                      std::size_t i, std::size_t limit) {
  const Value value = arguments[i];
  if (value.IsSmallInteger() &&
      static_cast<std::uint64_t>(value.integer()) < limit) [[likely]] {
    return static_cast<std::size_t>(value.integer());
  }
  if (value.IsSmallInteger()) {
    vm.RaiseOutOfRange(arguments, i, "an index below " + std::to_string(limit));
  } else {
    vm.RaiseWrongType(arguments, i, "an index, an exact integer");
  }
  return std::nullopt;
}

std::optional<std::size_t> CheckLength(Vm& vm, const Arguments& arguments,
                                       std::size_t i) {
  return CheckBetween(vm, arguments, i, "a length", 0, runtime::kLargestLength);
}

std::optional<std::uint8_t> CheckByte(Vm& vm, const Arguments& arguments,
                                      std::size_t i) {
  const auto byte = CheckBetween(vm, arguments, i, "a byte", 0, 255);
  if (!byte) return std::nullopt;
  return static_cast<std::uint8_t>(*byte);
}

std::optional<Range> CheckRange(Vm& vm, const Arguments& arguments,
                                std::size_t i, std::size_t length) {
  Range range = {0, length};
  // The end first: it limits the start.
  if (i + 1 < arguments.size()) {
    const auto end = CheckBetween(vm, arguments, i + 1, "an end", 0, length);
    if (!end) return std::nullopt;
    range.end = *end;
  }
  if (i < arguments.size()) {
    const auto begin = CheckBetween(vm, arguments, i, "a start", 0, range.end);
    if (!begin) return std::nullopt;
    range.begin = *begin;
  }
  return range;
}

std::optional<std::size_t> CheckPlace(Vm& vm, const Arguments& arguments,
                                      std::size_t i, std::size_t length,
                                      std::size_t count) {
  if (count > length) {
    vm.RaiseOutOfRange(arguments, i - 1,
                       "long enough for " + std::to_string(count) + " items");
    return std::nullopt;
  }
  return CheckBetween(vm, arguments, i,
                      "a place for " + std::to_string(count) + " items", 0,
                      length - count);
}

Value OrOutOfMemory(Vm& vm, Value made) {
  if (!made.IsEmpty()) [[likely]]
    return made;
  vm.RaiseError("out-of-memory", "there is no memory for this");
  vm.ForgetOutOfMemory();
  return Value();
}

Value DoneOrOutOfMemory(Vm& vm, bool done) {
  return OrOutOfMemory(vm, done ? Value::Undefined() : Value());
}

}  // namespace fledge::lambda
