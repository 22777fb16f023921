#include "runtime/lambda/constant_calls.h"

#include <algorithm>
#include <cmath>
#include <compare>
#include <cstddef>
#include <iterator>
#include <string>
#include <vector>

#include "runtime/lambda/utf8.h"

namespace fledge::lambda {
namespace {

using Kind = Syntax::Kind;
using Arguments = std::span<const Syntax* const>;
using Fold = const Syntax* (*)(Arena&, Arguments);

__extension__ typedef __int128 Wide;

// Results.

Syntax* Make(Arena& arena, Kind kind) {
  auto* const made = arena.Make<Syntax>();
  made->kind = kind;
  return made;
}

const Syntax* Boolean(Arena& arena, bool value) {
  auto* const made = Make(arena, Kind::kBoolean);
  made->integer = value ? 1 : 0;
  return made;
}

const Syntax* Float(Arena& arena, double value) {
  auto* const made = Make(arena, Kind::kFloat);
  made->number = value;
  return made;
}

const Syntax* Character(Arena& arena, std::int64_t code_point) {
  auto* const made = Make(arena, Kind::kCharacter);
  made->integer = code_point;
  return made;
}

const Syntax* Integer(Arena& arena, Wide value) {
  auto* const made = Make(arena, Kind::kInteger);
  if (value >= Syntax::kSmallestInteger && value <= Syntax::kLargestInteger) {
    made->integer = static_cast<std::int64_t>(value);
    return made;
  }
  std::string digits;
  for (Wide rest = value; rest != 0; rest /= 10) {
    const auto digit = static_cast<int>(rest % 10);
    digits.push_back(static_cast<char>('0' + (digit < 0 ? -digit : digit)));
  }
  if (value < 0) digits.push_back('-');
  std::ranges::reverse(digits);
  made->kind = Kind::kNumber;
  made->text = arena.Copy(std::string_view(digits));
  return made;
}

// Arguments.

bool IsFloat(const Syntax& constant) { return constant.Is(Kind::kFloat); }
bool IsInteger(const Syntax& constant) { return constant.Is(Kind::kInteger); }
bool AreIntegers(Arguments arguments) {
  return std::ranges::all_of(arguments,
                             [](const Syntax* one) { return IsInteger(*one); });
}

// As arithmetic reads small integers and floats.
std::optional<double> DoubleOf(const Syntax& constant) {
  if (IsFloat(constant)) return constant.number;
  if (IsInteger(constant)) return static_cast<double>(constant.integer);
  return {};
}

// Whether its type is known, and what it is the same as.
bool IsKnown(const Syntax& constant) {
  switch (constant.kind) {
    case Kind::kNil:
    case Kind::kBoolean:
    case Kind::kInteger:
    case Kind::kFloat:
    case Kind::kCharacter:
    case Kind::kString:
    case Kind::kSymbol:
    case Kind::kPair:
    case Kind::kVector:
    case Kind::kBytevector:
      return true;
    default:
      return false;
  }
}

// Equal ones are the same object.
bool IsAtom(const Syntax& constant) {
  return constant.Is(Kind::kNil) || constant.Is(Kind::kBoolean) ||
         constant.Is(Kind::kInteger) || constant.Is(Kind::kCharacter) ||
         constant.Is(Kind::kSymbol);
}

// Arithmetic.

struct Sum {
  static bool Overflows(Wide a, Wide b, Wide* sum) {
    return __builtin_add_overflow(a, b, sum);
  }
  static double Of(double a, double b) { return a + b; }
};
struct Difference {
  static bool Overflows(Wide a, Wide b, Wide* difference) {
    return __builtin_sub_overflow(a, b, difference);
  }
  static double Of(double a, double b) { return a - b; }
};
struct Product {
  static bool Overflows(Wide a, Wide b, Wide* product) {
    return __builtin_mul_overflow(a, b, product);
  }
  static double Of(double a, double b) { return a * b; }
};

// From the left, beginning with `value`; null where it is too large.
template <typename Operation>
const Syntax* FoldIntegers(Arena& arena, Wide value, Arguments arguments) {
  for (const Syntax* argument : arguments) {
    if (Operation::Overflows(value, argument->integer, &value)) return nullptr;
  }
  return Integer(arena, value);
}

// Of integers, or of two numbers one of which is a float.
template <typename Operation, int kIdentity>
const Syntax* Arithmetic(Arena& arena, Arguments arguments) {
  if (AreIntegers(arguments)) {
    const bool has_first = arguments.size() > 1;
    return FoldIntegers<Operation>(
        arena, has_first ? arguments[0]->integer : kIdentity,
        arguments.subspan(has_first ? 1 : 0));
  }
  if (arguments.size() != 2) return nullptr;
  const auto a = DoubleOf(*arguments[0]);
  const auto b = DoubleOf(*arguments[1]);
  return a && b ? Float(arena, Operation::Of(*a, *b)) : nullptr;
}

// Of two integers where it is one, or of two floats.
const Syntax* Quotient(Arena& arena, Arguments arguments) {
  const Syntax& a = *arguments[0];
  const Syntax& b = *arguments[1];
  if (IsFloat(a) && IsFloat(b)) return Float(arena, a.number / b.number);
  if (!AreIntegers(arguments) || b.integer == 0) return nullptr;
  if (a.integer % b.integer != 0) return nullptr;
  return Integer(arena, Wide{a.integer} / b.integer);
}

enum class Division { kQuotient, kRemainder };
enum class Towards { kZero, kFloor };

template <Division kDivision, Towards kTowards>
const Syntax* Divide(Arena& arena, Arguments arguments) {
  if (!AreIntegers(arguments) || arguments[1]->integer == 0) return nullptr;
  const Wide a = arguments[0]->integer;
  const Wide b = arguments[1]->integer;
  const Wide rest = a % b;
  const bool is_below =
      kTowards == Towards::kFloor && rest != 0 && (rest < 0) != (b < 0);
  if constexpr (kDivision == Division::kQuotient) {
    return Integer(arena, a / b - (is_below ? 1 : 0));
  }
  return Integer(arena, rest + (is_below ? b : 0));
}

const Syntax* Square(Arena& arena, Arguments arguments) {
  const Syntax* const twice[] = {arguments[0], arguments[0]};
  return Arithmetic<Product, 1>(arena, twice);
}

const Syntax* Absolute(Arena& arena, Arguments arguments) {
  if (!AreIntegers(arguments)) return nullptr;
  const Wide value = arguments[0]->integer;
  return Integer(arena, value < 0 ? -value : value);
}

// Powers of more bits than a literal has are none of these.
const Syntax* Power(Arena& arena, Arguments arguments) {
  constexpr std::int64_t kMostFactors = 127;
  if (!AreIntegers(arguments) || arguments[1]->integer < 0 ||
      arguments[1]->integer > kMostFactors) {
    return nullptr;
  }
  const std::vector<const Syntax*> factors(
      static_cast<std::size_t>(arguments[1]->integer), arguments[0]);
  return FoldIntegers<Product>(arena, 1, factors);
}

template <bool kIsLargest>
const Syntax* Extreme(Arena& arena, Arguments arguments) {
  if (!AreIntegers(arguments)) return nullptr;
  const auto integer_of = [](const Syntax* one) { return one->integer; };
  return Integer(
      arena,
      kIsLargest
          ? (*std::ranges::max_element(arguments, {}, integer_of))->integer
          : (*std::ranges::min_element(arguments, {}, integer_of))->integer);
}

const Syntax* Inexact(Arena& arena, Arguments arguments) {
  const auto value = DoubleOf(*arguments[0]);
  return value ? Float(arena, *value) : nullptr;
}

// Comparisons.

// Nothing if one is no number, or has more digits than a float.
std::optional<std::partial_ordering> Order(const Syntax& a, const Syntax& b) {
  constexpr std::int64_t kExact = std::int64_t{1} << 53;
  if (IsInteger(a) && IsInteger(b)) return a.integer <=> b.integer;
  for (const Syntax* one : {&a, &b}) {
    if (!DoubleOf(*one)) return {};
    if (IsInteger(*one) && (one->integer > kExact || one->integer < -kExact)) {
      return {};
    }
  }
  return *DoubleOf(a) <=> *DoubleOf(b);
}

// Between neighbours; all are looked at.
template <bool (*kIs)(std::partial_ordering)>
const Syntax* Chain(Arena& arena, Arguments arguments) {
  bool holds = DoubleOf(*arguments[0]).has_value();
  if (!holds) return nullptr;
  for (std::size_t i = 0; i + 1 < arguments.size(); ++i) {
    const auto order = Order(*arguments[i], *arguments[i + 1]);
    if (!order) return nullptr;
    holds = holds && kIs(*order);
  }
  return Boolean(arena, holds);
}

template <bool (*kIs)(std::partial_ordering)>
const Syntax* ChainOfCharacters(Arena& arena, Arguments arguments) {
  bool holds = true;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (!arguments[i]->Is(Kind::kCharacter)) return nullptr;
    holds = holds && (i == 0 ||
                      kIs(arguments[i - 1]->integer <=> arguments[i]->integer));
  }
  return Boolean(arena, holds);
}

template <bool (*kIs)(std::partial_ordering)>
const Syntax* CompareWithZero(Arena& arena, Arguments arguments) {
  const auto value = DoubleOf(*arguments[0]);
  if (!value || std::isnan(*value)) return nullptr;
  return Boolean(arena, kIs(*value <=> 0.0));
}

template <bool kIsOdd>
const Syntax* HasParity(Arena& arena, Arguments arguments) {
  if (!AreIntegers(arguments)) return nullptr;
  return Boolean(arena, (arguments[0]->integer % 2 != 0) == kIsOdd);
}

const Syntax* IsSame(Arena& arena, Arguments arguments) {
  const Syntax& a = *arguments[0];
  const Syntax& b = *arguments[1];
  if (!IsKnown(a) || !IsKnown(b) || (!IsAtom(a) && !IsAtom(b))) return nullptr;
  return Boolean(
      arena, a.kind == b.kind && a.integer == b.integer && a.name == b.name);
}

// Types.

template <Kind kKind>
const Syntax* IsA(Arena& arena, Arguments arguments) {
  if (!IsKnown(*arguments[0])) return nullptr;
  return Boolean(arena, arguments[0]->Is(kKind));
}

template <bool (*kIs)(double)>
const Syntax* IsNumber(Arena& arena, Arguments arguments) {
  const Syntax& constant = *arguments[0];
  if (!IsKnown(constant)) return nullptr;
  return Boolean(arena, IsInteger(constant) ||
                            (IsFloat(constant) && kIs(constant.number)));
}

bool IsAny(double) { return true; }
bool IsNone(double) { return false; }
bool IsFinite(double value) { return std::isfinite(value); }
bool IsWhole(double value) {
  return std::isfinite(value) && std::floor(value) == value;
}

template <bool kWanted>
const Syntax* IsExact(Arena& arena, Arguments arguments) {
  if (!DoubleOf(*arguments[0])) return nullptr;
  return Boolean(arena, IsInteger(*arguments[0]) == kWanted);
}

const Syntax* Not(Arena& arena, Arguments arguments) {
  const auto truth = TruthOf(*arguments[0]);
  return truth ? Boolean(arena, !*truth) : nullptr;
}

// Characters and strings.

const Syntax* CodePoint(Arena& arena, Arguments arguments) {
  if (!arguments[0]->Is(Kind::kCharacter)) return nullptr;
  return Integer(arena, arguments[0]->integer);
}

const Syntax* CharacterOf(Arena& arena, Arguments arguments) {
  const Syntax& code_point = *arguments[0];
  if (!IsInteger(code_point) || code_point.integer < 0 ||
      !IsCharacter(static_cast<std::uint64_t>(code_point.integer))) {
    return nullptr;
  }
  return Character(arena, code_point.integer);
}

const Syntax* Length(Arena& arena, Arguments arguments) {
  const Syntax& string = *arguments[0];
  if (!string.Is(Kind::kString)) return nullptr;
  std::int64_t count = 0;
  for (std::size_t at = 0; at < string.text.size(); ++count) {
    const std::size_t size_bytes = DecodeUtf8(string.text, at).size_bytes;
    if (size_bytes == 0) return nullptr;
    at += size_bytes;
  }
  return Integer(arena, count);
}

constexpr std::size_t kAny = ~std::size_t{0};
constexpr auto kTruncated = Towards::kZero;
constexpr auto kFloored = Towards::kFloor;

struct Folded {
  std::string_view name;
  Fold fold;
  std::size_t least;
  std::size_t most;
};

constexpr Folded kFolded[] = {
    {"+", Arithmetic<Sum, 0>, 0, kAny},
    {"-", Arithmetic<Difference, 0>, 1, kAny},
    {"*", Arithmetic<Product, 1>, 0, kAny},
    {"/", Quotient, 2, 2},
    {"quotient", Divide<Division::kQuotient, kTruncated>, 2, 2},
    {"truncate-quotient", Divide<Division::kQuotient, kTruncated>, 2, 2},
    {"floor-quotient", Divide<Division::kQuotient, kFloored>, 2, 2},
    {"remainder", Divide<Division::kRemainder, kTruncated>, 2, 2},
    {"truncate-remainder", Divide<Division::kRemainder, kTruncated>, 2, 2},
    {"modulo", Divide<Division::kRemainder, kFloored>, 2, 2},
    {"floor-remainder", Divide<Division::kRemainder, kFloored>, 2, 2},
    {"square", Square, 1, 1},
    {"abs", Absolute, 1, 1},
    {"expt", Power, 2, 2},
    {"max", Extreme<true>, 1, kAny},
    {"min", Extreme<false>, 1, kAny},
    {"inexact", Inexact, 1, 1},

    {"=", Chain<std::is_eq>, 1, kAny},
    {"<", Chain<std::is_lt>, 1, kAny},
    {"<=", Chain<std::is_lteq>, 1, kAny},
    {">", Chain<std::is_gt>, 1, kAny},
    {">=", Chain<std::is_gteq>, 1, kAny},
    {"zero?", CompareWithZero<std::is_eq>, 1, 1},
    {"positive?", CompareWithZero<std::is_gt>, 1, 1},
    {"negative?", CompareWithZero<std::is_lt>, 1, 1},
    {"odd?", HasParity<true>, 1, 1},
    {"even?", HasParity<false>, 1, 1},

    {"eq?", IsSame, 2, 2},
    {"eqv?", IsSame, 2, 2},
    {"equal?", IsSame, 2, 2},
    {"not", Not, 1, 1},
    {"null?", IsA<Kind::kNil>, 1, 1},
    {"pair?", IsA<Kind::kPair>, 1, 1},
    {"boolean?", IsA<Kind::kBoolean>, 1, 1},
    {"char?", IsA<Kind::kCharacter>, 1, 1},
    {"string?", IsA<Kind::kString>, 1, 1},
    {"symbol?", IsA<Kind::kSymbol>, 1, 1},
    {"vector?", IsA<Kind::kVector>, 1, 1},
    {"bytevector?", IsA<Kind::kBytevector>, 1, 1},
    {"number?", IsNumber<IsAny>, 1, 1},
    {"complex?", IsNumber<IsAny>, 1, 1},
    {"real?", IsNumber<IsAny>, 1, 1},
    {"rational?", IsNumber<IsFinite>, 1, 1},
    {"integer?", IsNumber<IsWhole>, 1, 1},
    {"exact-integer?", IsNumber<IsNone>, 1, 1},
    {"exact?", IsExact<true>, 1, 1},
    {"inexact?", IsExact<false>, 1, 1},

    {"char=?", ChainOfCharacters<std::is_eq>, 1, kAny},
    {"char<?", ChainOfCharacters<std::is_lt>, 1, kAny},
    {"char<=?", ChainOfCharacters<std::is_lteq>, 1, kAny},
    {"char>?", ChainOfCharacters<std::is_gt>, 1, kAny},
    {"char>=?", ChainOfCharacters<std::is_gteq>, 1, kAny},
    {"char->integer", CodePoint, 1, 1},
    {"integer->char", CharacterOf, 1, 1},
    {"string-length", Length, 1, 1},
};
static_assert(std::size(kFolded) < 256);

}  // namespace

std::uint8_t FoldingIndex(std::string_view name) {
  const auto found = std::ranges::find(kFolded, name, &Folded::name);
  if (found == std::end(kFolded)) return 0;
  return static_cast<std::uint8_t>(found - std::begin(kFolded) + 1);
}

const Syntax* ValueOfCall(Arena& arena, std::uint8_t folding,
                          std::span<const Syntax* const> arguments) {
  const Folded& folded = kFolded[folding - 1];
  if (arguments.size() < folded.least || arguments.size() > folded.most) {
    return nullptr;
  }
  return folded.fold(arena, arguments);
}

std::optional<bool> TruthOf(const Syntax& constant) {
  if (!IsKnown(constant) && !constant.Is(Kind::kNumber)) return {};
  return !constant.Is(Kind::kBoolean) || constant.integer != 0;
}

bool IsCopied(const Syntax& constant) {
  return IsAtom(constant) || constant.Is(Kind::kFloat);
}

}  // namespace fledge::lambda
