// Strings: R7RS small, section 6.7, and from SRFI 130 and 128 string-contains
// and string-hash.
#include <algorithm>

#include "runtime/lambda/argument_checks.h"
#include "runtime/lambda/lists.h"
#include "runtime/lambda/order.h"
#include "runtime/lambda/primitives.h"
#include "runtime/lambda/text_case.h"
#include "runtime/lambda/text_order.h"
#include "runtime/lambda/texts.h"
#include "runtime/text_contents.h"

namespace fledge::lambda {

using runtime::HandleScope;
using runtime::Pair;

namespace {

Value IsString(Vm&, Arguments arguments) {
  return Value::Boolean(IsText(arguments[0]));
}

Value MakeString(Vm& vm, Arguments arguments) {
  const auto length = CheckLength(vm, arguments, 0);
  if (!length) return Value();
  if (arguments.size() == 2 && !CheckCharacter(vm, arguments, 1)) {
    return Value();
  }
  const char32_t fill = arguments.size() == 2 ? arguments[1].character() : U' ';
  return OrOutOfMemory(vm, TryMakeText(vm.mutator(), *length, fill));
}

// The string of the `count` characters that next() returns, called for each
// twice, in order, after rewind().
template <typename Rewind, typename Next>
Value StringOf(Vm& vm, std::size_t count, Rewind&& rewind, Next&& next) {
  char32_t largest = 0;
  rewind();
  for (std::size_t i = 0; i < count; ++i) {
    largest = std::max(largest, next().character());
  }
  const Value made =
      TryMakeText(vm.mutator(), count, runtime::WidthFor(largest));
  if (made.IsEmpty()) return OrOutOfMemory(vm, made);
  const Text text(made);
  rewind();
  for (std::size_t i = 0; i < count; ++i) {
    text.SetCharacter(i, next().character());
  }
  return made;
}

Value String(Vm& vm, Arguments arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (!CheckCharacter(vm, arguments, i)) return Value();
  }
  std::size_t at = 0;
  return StringOf(
      vm, arguments.size(), [&] { at = 0; }, [&] { return arguments[at++]; });
}

Value ListToString(Vm& vm, Arguments arguments) {
  if (!CheckList(vm, arguments, 0)) return Value();
  for (Value rest = arguments[0]; !rest.IsNil(); rest = Pair(rest).cdr()) {
    if (!Pair(rest).car().IsCharacter()) {
      return vm.RaiseWrongType(arguments, 0, "a list of characters");
    }
  }
  Value rest;
  return StringOf(
      vm, *ListLength(arguments[0]), [&] { rest = arguments[0]; },
      [&] {
        const Value character = Pair(rest).car();
        rest = Pair(rest).cdr();
        return character;
      });
}

Value VectorToString(Vm& vm, Arguments arguments) {
  using runtime::Vector;
  if (!CheckType(vm, arguments, 0, ObjectType::kVector, "a vector")) {
    return Value();
  }
  const auto range =
      CheckRange(vm, arguments, 1, Vector(arguments[0]).length());
  if (!range) return Value();
  for (std::size_t i = range->begin; i < range->end; ++i) {
    if (!Vector(arguments[0]).item(i).IsCharacter()) {
      return vm.RaiseWrongType(arguments, 0, "a vector of characters");
    }
  }
  std::size_t at = 0;
  return StringOf(
      vm, range->size(), [&] { at = range->begin; },
      [&] { return Vector(arguments[0]).item(at++); });
}

Value StringLength(Vm& vm, Arguments arguments) {
  if (!CheckText(vm, arguments, 0)) return Value();
  return Value::SmallInteger(
      static_cast<std::int64_t>(Text(arguments[0]).length()));
}

Value StringRef(Vm& vm, Arguments arguments) {
  if (!CheckText(vm, arguments, 0)) return Value();
  const Text text(arguments[0]);
  const auto i = CheckIndex(vm, arguments, 1, text.length());
  return i ? Value::Character(text.character(*i)) : Value();
}

Value StringSet(Vm& vm, Arguments arguments) {
  if (!CheckMutableText(vm, arguments, 0)) return Value();
  const auto i = CheckIndex(vm, arguments, 1, Text(arguments[0]).length());
  if (!i || !CheckCharacter(vm, arguments, 2)) return Value();
  const HandleScope scope(vm.mutator());
  return DoneOrOutOfMemory(
      vm, TrySetCharacter(vm.mutator(), Local(vm.mutator(), arguments[0]), *i,
                          arguments[2].character()));
}

// string=? and its like, and string-ci=?.
template <Order kOrder, std::strong_ordering (*kCompare)(Text, Text)>
Value Compare(Vm& vm, Arguments arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (!CheckText(vm, arguments, i)) return Value();
  }
  return AreInOrder(arguments, kOrder, [](Value a, Value b) {
    return kCompare(Text(a), Text(b));
  });
}

template <Value (*kMap)(Mutator&, Local)>
Value Map(Vm& vm, Arguments arguments) {
  if (!CheckText(vm, arguments, 0)) return Value();
  const HandleScope scope(vm.mutator());
  return OrOutOfMemory(vm,
                       kMap(vm.mutator(), Local(vm.mutator(), arguments[0])));
}

// substring and string-copy.
Value StringCopy(Vm& vm, Arguments arguments) {
  if (!CheckText(vm, arguments, 0)) return Value();
  const auto range = CheckRange(vm, arguments, 1, Text(arguments[0]).length());
  if (!range) return Value();
  const HandleScope scope(vm.mutator());
  return OrOutOfMemory(
      vm, TryCopyText(vm.mutator(), Local(vm.mutator(), arguments[0]), *range));
}

Value StringAppend(Vm& vm, Arguments arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (!CheckText(vm, arguments, i)) return Value();
  }
  return OrOutOfMemory(vm, TryAppendTexts(vm.mutator(), arguments));
}

Value StringToList(Vm& vm, Arguments arguments) {
  if (!CheckText(vm, arguments, 0)) return Value();
  const auto range = CheckRange(vm, arguments, 1, Text(arguments[0]).length());
  if (!range) return Value();
  Value list = Value::Nil();
  for (std::size_t i = range->end; i-- > range->begin;) {
    const Value character = Value::Character(Text(arguments[0]).character(i));
    list = runtime::MakePair(vm.mutator(), character, list);
    if (!MayGoOn(vm)) return Value();
  }
  return list;
}

Value StringToVector(Vm& vm, Arguments arguments) {
  if (!CheckText(vm, arguments, 0)) return Value();
  const auto range = CheckRange(vm, arguments, 1, Text(arguments[0]).length());
  if (!range) return Value();
  const HandleScope scope(vm.mutator());
  const Local nothing(vm.mutator(), Value::Undefined());
  const Value made = TryMakeVector(vm.mutator(), range->size(), nothing);
  if (made.IsEmpty()) return OrOutOfMemory(vm, made);
  const runtime::Vector vector(made);
  const Text text(arguments[0]);
  for (std::size_t i = 0; i < range->size(); ++i) {
    // An immediate in place of another: no barrier.
    *vector.item_slot(i) =
        Value::Character(text.character(range->begin + i)).word();
  }
  return made;
}

Value StringCopyTo(Vm& vm, Arguments arguments) {
  if (!CheckMutableText(vm, arguments, 0)) return Value();
  if (!CheckText(vm, arguments, 2)) return Value();
  const auto range = CheckRange(vm, arguments, 3, Text(arguments[2]).length());
  if (!range) return Value();
  const auto at =
      CheckPlace(vm, arguments, 1, Text(arguments[0]).length(), range->size());
  if (!at) return Value();
  Mutator& mutator = vm.mutator();
  const HandleScope scope(mutator);
  const Local to(mutator, arguments[0]);
  const Local from(mutator, arguments[2]);
  return DoneOrOutOfMemory(vm,
                           TryCopyCharacters(mutator, to, *at, from, *range));
}

Value StringFill(Vm& vm, Arguments arguments) {
  if (!CheckMutableText(vm, arguments, 0)) return Value();
  if (!CheckCharacter(vm, arguments, 1)) return Value();
  const auto range = CheckRange(vm, arguments, 2, Text(arguments[0]).length());
  if (!range) return Value();
  const HandleScope scope(vm.mutator());
  const Local text(vm.mutator(), arguments[0]);
  return DoneOrOutOfMemory(
      vm, TryFillText(vm.mutator(), text, *range, arguments[1].character()));
}

Value StringContains(Vm& vm, Arguments arguments) {
  if (!CheckText(vm, arguments, 0) || !CheckText(vm, arguments, 1)) {
    return Value();
  }
  const Text text(arguments[0]);
  const auto range = CheckRange(vm, arguments, 2, text.length());
  if (!range) return Value();
  const auto found = FindText(text, Text(arguments[1]), range->begin);
  if (!found) return Value::False();
  return Value::SmallInteger(static_cast<std::int64_t>(*found));
}

Value StringHash(Vm& vm, Arguments arguments) {
  if (!CheckText(vm, arguments, 0)) return Value();
  const auto hash =
      static_cast<std::int64_t>(runtime::HashOf(Text(arguments[0])) >> 2);
  if (arguments.size() == 1) return Value::SmallInteger(hash);
  if (!arguments[1].IsSmallInteger() || arguments[1].integer() <= 0) {
    return vm.RaiseWrongType(arguments, 1, "a bound, an integer above 0");
  }
  return Value::SmallInteger(hash % arguments[1].integer());
}

constexpr auto kAny = Primitive::kAnyNumber;

constexpr Primitive kTextPrimitives[] = {
    {"string?", IsString, 1, 1},
    {"make-string", MakeString, 1, 2},
    {"string", String, 0, kAny},
    {"string-length", StringLength, 1, 1},
    {"string-ref", StringRef, 2, 2},
    {"string-set!", StringSet, 3, 3},
    {"string=?", Compare<Order::kEqual, CompareTexts>, 1, kAny},
    {"string<?", Compare<Order::kLess, CompareTexts>, 1, kAny},
    {"string>?", Compare<Order::kGreater, CompareTexts>, 1, kAny},
    {"string<=?", Compare<Order::kAtMost, CompareTexts>, 1, kAny},
    {"string>=?", Compare<Order::kAtLeast, CompareTexts>, 1, kAny},
    {"string-ci=?", Compare<Order::kEqual, CompareFoldedTexts>, 1, kAny},
    {"string-ci<?", Compare<Order::kLess, CompareFoldedTexts>, 1, kAny},
    {"string-ci>?", Compare<Order::kGreater, CompareFoldedTexts>, 1, kAny},
    {"string-ci<=?", Compare<Order::kAtMost, CompareFoldedTexts>, 1, kAny},
    {"string-ci>=?", Compare<Order::kAtLeast, CompareFoldedTexts>, 1, kAny},
    {"string-upcase", Map<TryUpcaseText>, 1, 1},
    {"string-downcase", Map<TryDowncaseText>, 1, 1},
    {"string-foldcase", Map<TryFoldText>, 1, 1},
    {"substring", StringCopy, 3, 3},
    {"string-append", StringAppend, 0, kAny},
    {"string->list", StringToList, 1, 3},
    {"list->string", ListToString, 1, 1},
    {"string->vector", StringToVector, 1, 3},
    {"vector->string", VectorToString, 1, 3},
    {"string-copy", StringCopy, 1, 3},
    {"string-copy!", StringCopyTo, 3, 5},
    {"string-fill!", StringFill, 2, 4},
    {"string-contains", StringContains, 2, 3},
    {"string-hash", StringHash, 1, 2},
};

}  // namespace

std::span<const Primitive> TextPrimitives() { return kTextPrimitives; }

}  // namespace fledge::lambda
