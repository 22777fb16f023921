// Characters: R7RS small, section 6.6.
#include "runtime/lambda/argument_checks.h"
#include "runtime/lambda/characters.h"
#include "runtime/lambda/order.h"
#include "runtime/lambda/primitives.h"

namespace fledge::lambda {
namespace {

Value IsCharacter(Vm&, Arguments arguments) {
  return Value::Boolean(arguments[0].IsCharacter());
}

char32_t Itself(char32_t character) { return character; }

// char=? and its like; of what kMap makes of the characters.
template <Order kOrder, char32_t (*kMap)(char32_t) = Itself>
Value Compare(Vm& vm, Arguments arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (!CheckCharacter(vm, arguments, i)) return Value();
  }
  return AreInOrder(arguments, kOrder, [](Value a, Value b) {
    return kMap(a.character()) <=> kMap(b.character());
  });
}

template <bool (*kProperty)(char32_t)>
Value Has(Vm& vm, Arguments arguments) {
  if (!CheckCharacter(vm, arguments, 0)) return Value();
  return Value::Boolean(kProperty(arguments[0].character()));
}

template <char32_t (*kMap)(char32_t)>
Value Map(Vm& vm, Arguments arguments) {
  if (!CheckCharacter(vm, arguments, 0)) return Value();
  return Value::Character(kMap(arguments[0].character()));
}

bool IsDigit(char32_t character) { return DigitValue(character).has_value(); }

Value DigitValueOf(Vm& vm, Arguments arguments) {
  if (!CheckCharacter(vm, arguments, 0)) return Value();
  const auto digit = DigitValue(arguments[0].character());
  return digit ? Value::SmallInteger(*digit) : Value::False();
}

Value CharacterToInteger(Vm& vm, Arguments arguments) {
  if (!CheckCharacter(vm, arguments, 0)) return Value();
  return Value::SmallInteger(arguments[0].character());
}

Value IntegerToCharacter(Vm& vm, Arguments arguments) {
  const Value integer = arguments[0];
  if (!integer.IsSmallInteger()) {
    return vm.RaiseWrongType(arguments, 0, "a code point, an exact integer");
  }
  if (integer.integer() < 0 || integer.integer() > Value::kLargestCodePoint ||
      !Value::IsScalarValue(static_cast<char32_t>(integer.integer()))) {
    return vm.RaiseOutOfRange(arguments, 0,
                              "a code point, from 0 to #xD7FF or from #xE000 "
                              "to #x10FFFF");
  }
  return Value::Character(static_cast<char32_t>(integer.integer()));
}

constexpr auto kAny = Primitive::kAnyNumber;

constexpr Primitive kCharacterPrimitives[] = {
    {"char?", IsCharacter, 1, 1},
    {"char=?", Compare<Order::kEqual>, 1, kAny},
    {"char<?", Compare<Order::kLess>, 1, kAny},
    {"char>?", Compare<Order::kGreater>, 1, kAny},
    {"char<=?", Compare<Order::kAtMost>, 1, kAny},
    {"char>=?", Compare<Order::kAtLeast>, 1, kAny},
    {"char-ci=?", Compare<Order::kEqual, Foldcase>, 1, kAny},
    {"char-ci<?", Compare<Order::kLess, Foldcase>, 1, kAny},
    {"char-ci>?", Compare<Order::kGreater, Foldcase>, 1, kAny},
    {"char-ci<=?", Compare<Order::kAtMost, Foldcase>, 1, kAny},
    {"char-ci>=?", Compare<Order::kAtLeast, Foldcase>, 1, kAny},
    {"char-alphabetic?", Has<IsAlphabetic>, 1, 1},
    {"char-numeric?", Has<IsDigit>, 1, 1},
    {"char-whitespace?", Has<IsWhitespace>, 1, 1},
    {"char-upper-case?", Has<IsUppercase>, 1, 1},
    {"char-lower-case?", Has<IsLowercase>, 1, 1},
    {"digit-value", DigitValueOf, 1, 1},
    {"char->integer", CharacterToInteger, 1, 1},
    {"integer->char", IntegerToCharacter, 1, 1},
    {"char-upcase", Map<Upcase>, 1, 1},
    {"char-downcase", Map<Downcase>, 1, 1},
    {"char-foldcase", Map<Foldcase>, 1, 1},
};

}  // namespace

std::span<const Primitive> CharacterPrimitives() {
  return kCharacterPrimitives;
}

}  // namespace fledge::lambda
