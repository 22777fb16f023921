// Pairs and lists: R7RS small, section 6.4, but for what calls a procedure.
#include <algorithm>
#include <string>
#include <string_view>

#include "runtime/lambda/argument_checks.h"
#include "runtime/lambda/equivalence.h"
#include "runtime/lambda/lists.h"
#include "runtime/lambda/primitives.h"

namespace fledge::lambda {

using runtime::HandleScope;
using runtime::Pair;

namespace {

bool IsPairValue(Value value) { return Is(value, ObjectType::kPair); }

Value IsPair(Vm&, Arguments arguments) {
  return Value::Boolean(IsPairValue(arguments[0]));
}

Value IsNull(Vm&, Arguments arguments) {
  return Value::Boolean(arguments[0].IsNil());
}

Value IsList(Vm&, Arguments arguments) {
  return Value::Boolean(ListLength(arguments[0]).has_value());
}

Value Cons(Vm& vm, Arguments arguments) {
  return runtime::MakePair(vm.mutator(), arguments[0], arguments[1]);
}

// car, cdr and what is made of them. The path is the letters between c and r:
// the last is taken first.
template <std::size_t kLetters>
struct Path {
  constexpr Path(const char (&letters)[kLetters]) {
    std::copy_n(letters, kLetters, text);
  }
  constexpr std::string_view view() const { return {text, kLetters - 1}; }

  char text[kLetters] = {};
};

template <Path kPath>
Value Take(Vm& vm, Arguments arguments) {
  Value value = arguments[0];
  for (std::size_t i = kPath.view().size(); i-- > 0;) {
    if (!IsPairValue(value)) {
      return vm.RaiseWrongType(
          arguments, 0,
          kPath.view().size() == 1
              ? "a pair"
              : "a pair whose parts are pairs, as the name asks");
    }
    value = kPath.view()[i] == 'a' ? Pair(value).car() : Pair(value).cdr();
  }
  return value;
}

Value SetCarOf(Vm& vm, Arguments arguments) {
  if (!CheckType(vm, arguments, 0, ObjectType::kPair, "a pair")) return Value();
  SetCar(vm.mutator(), Pair(arguments[0]), arguments[1]);
  return Value::Undefined();
}

Value SetCdrOf(Vm& vm, Arguments arguments) {
  if (!CheckType(vm, arguments, 0, ObjectType::kPair, "a pair")) return Value();
  SetCdr(vm.mutator(), Pair(arguments[0]), arguments[1]);
  return Value::Undefined();
}

Value MakeList(Vm& vm, Arguments arguments) {
  const auto length = CheckLength(vm, arguments, 0);
  if (!length) return Value();
  Value list = Value::Nil();
  for (std::size_t i = 0; i < *length; ++i) {
    const Value fill =
        arguments.size() == 2 ? arguments[1] : Value::Undefined();
    list = runtime::MakePair(vm.mutator(), fill, list);
    if (!MayGoOn(vm)) return Value();
  }
  return list;
}

Value List(Vm& vm, Arguments arguments) {
  Value list = Value::Nil();
  for (std::size_t i = arguments.size(); i-- > 0;) {
    list = runtime::MakePair(vm.mutator(), arguments[i], list);
  }
  return list;
}

Value Length(Vm& vm, Arguments arguments) {
  const auto length = ListLength(arguments[0]);
  if (!length) return vm.RaiseWrongType(arguments, 0, "a list");
  return Value::SmallInteger(static_cast<std::int64_t>(*length));
}

// Adds copies of the pairs of `rest` and returns what comes after them; empty
// if it has raised.
Value AddItems(Vm& vm, ListBuilder& builder, Value rest) {
  const HandleScope scope(vm.mutator());
  Local at(vm.mutator(), rest);
  for (; IsPairValue(at.get()); at.set(Pair(at.get()).cdr())) {
    builder.Add(Pair(at.get()).car());
    if (!MayGoOn(vm)) return Value();
  }
  return at.get();
}

Value Append(Vm& vm, Arguments arguments) {
  if (arguments.size() == 0) return Value::Nil();
  const std::size_t last = arguments.size() - 1;
  for (std::size_t i = 0; i < last; ++i) {
    if (!CheckList(vm, arguments, i)) return Value();
  }
  const HandleScope scope(vm.mutator());
  ListBuilder builder(vm.mutator());
  for (std::size_t i = 0; i < last; ++i) {
    if (AddItems(vm, builder, arguments[i]).IsEmpty()) return Value();
  }
  builder.End(arguments[last]);
  return builder.list();
}

Value Reverse(Vm& vm, Arguments arguments) {
  if (!CheckList(vm, arguments, 0)) return Value();
  Value reversed = Value::Nil();
  // Where it is, in place of the argument, which is a root.
  while (!arguments[0].IsNil()) {
    reversed =
        runtime::MakePair(vm.mutator(), Pair(arguments[0]).car(), reversed);
    arguments.Set(0, Pair(arguments[0]).cdr());
    if (!MayGoOn(vm)) return Value();
  }
  return reversed;
}

// The list without its first argument-1 items; raises if it is too short.
Value TailOf(Vm& vm, const Arguments& arguments) {
  const auto k = CheckIndex(vm, arguments, 1, runtime::kLargestLength);
  if (!k) return Value();
  Value rest = arguments[0];
  for (std::size_t i = 0; i < *k; ++i) {
    if (!IsPairValue(rest)) {
      return vm.RaiseOutOfRange(
          arguments, 1,
          "at most " + std::to_string(i) + ", the length of the list");
    }
    rest = Pair(rest).cdr();
  }
  return rest;
}

// The same, and that what remains has an item.
Value PairAt(Vm& vm, const Arguments& arguments) {
  const Value rest = TailOf(vm, arguments);
  if (rest.IsEmpty() || IsPairValue(rest)) return rest;
  return vm.RaiseOutOfRange(arguments, 1,
                            "below " + std::to_string(arguments[1].integer()) +
                                ", the length of the list");
}

Value ListTail(Vm& vm, Arguments arguments) { return TailOf(vm, arguments); }

Value ListRef(Vm& vm, Arguments arguments) {
  const Value pair = PairAt(vm, arguments);
  return pair.IsEmpty() ? pair : Pair(pair).car();
}

Value ListSet(Vm& vm, Arguments arguments) {
  const Value pair = PairAt(vm, arguments);
  if (pair.IsEmpty()) return pair;
  SetCar(vm.mutator(), Pair(pair), arguments[2]);
  return Value::Undefined();
}

// An improper list is copied too, and any other object is its own copy.
Value ListCopy(Vm& vm, Arguments arguments) {
  if (IsPairValue(arguments[0]) && IsCircular(arguments[0])) {
    return vm.RaiseWrongType(arguments, 0, "a list that ends");
  }
  const HandleScope scope(vm.mutator());
  ListBuilder builder(vm.mutator());
  const Value end = AddItems(vm, builder, arguments[0]);
  if (end.IsEmpty()) return end;
  builder.End(end);
  return builder.list();
}

bool AreTheSame(Value a, Value b) { return a == b; }

// memq and its like: the first pair whose car is equivalent, or false.
template <bool (*kAreEquivalent)(Value, Value)>
Value Member(Vm& vm, Arguments arguments) {
  if (!CheckList(vm, arguments, 1)) return Value();
  for (Value rest = arguments[1]; !rest.IsNil(); rest = Pair(rest).cdr()) {
    if (kAreEquivalent(arguments[0], Pair(rest).car())) return rest;
  }
  return Value::False();
}

// assq and its like: the first pair in the list whose car is equivalent.
template <bool (*kAreEquivalent)(Value, Value)>
Value Associate(Vm& vm, Arguments arguments) {
  if (!CheckList(vm, arguments, 1)) return Value();
  for (Value rest = arguments[1]; !rest.IsNil(); rest = Pair(rest).cdr()) {
    const Value entry = Pair(rest).car();
    if (!IsPairValue(entry)) {
      return vm.RaiseWrongType(arguments, 1, "a list of pairs");
    }
    if (kAreEquivalent(arguments[0], Pair(entry).car())) return entry;
  }
  return Value::False();
}

constexpr auto kAny = Primitive::kAnyNumber;

constexpr Primitive kListPrimitives[] = {
    {"pair?", IsPair, 1, 1},
    {"cons", Cons, 2, 2},
    {"set-car!", SetCarOf, 2, 2},
    {"set-cdr!", SetCdrOf, 2, 2},
    {"null?", IsNull, 1, 1},
    {"list?", IsList, 1, 1},
    {"make-list", MakeList, 1, 2},
    {"list", List, 0, kAny},
    {"length", Length, 1, 1},
    {"append", Append, 0, kAny},
    {"reverse", Reverse, 1, 1},
    {"list-tail", ListTail, 2, 2},
    {"list-ref", ListRef, 2, 2},
    {"list-set!", ListSet, 3, 3},
    {"list-copy", ListCopy, 1, 1},
    {"memq", Member<AreTheSame>, 2, 2},
    {"memv", Member<AreEqv>, 2, 2},
    {"member", Member<AreEqual>, 2, 2},
    {"assq", Associate<AreTheSame>, 2, 2},
    {"assv", Associate<AreEqv>, 2, 2},
    {"assoc", Associate<AreEqual>, 2, 2},
    {"car", Take<"a">, 1, 1},
    {"cdr", Take<"d">, 1, 1},
    {"caar", Take<"aa">, 1, 1},
    {"cadr", Take<"ad">, 1, 1},
    {"cdar", Take<"da">, 1, 1},
    {"cddr", Take<"dd">, 1, 1},
    {"caaar", Take<"aaa">, 1, 1},
    {"caadr", Take<"aad">, 1, 1},
    {"cadar", Take<"ada">, 1, 1},
    {"caddr", Take<"add">, 1, 1},
    {"cdaar", Take<"daa">, 1, 1},
    {"cdadr", Take<"dad">, 1, 1},
    {"cddar", Take<"dda">, 1, 1},
    {"cdddr", Take<"ddd">, 1, 1},
    {"caaaar", Take<"aaaa">, 1, 1},
    {"caaadr", Take<"aaad">, 1, 1},
    {"caadar", Take<"aada">, 1, 1},
    {"caaddr", Take<"aadd">, 1, 1},
    {"cadaar", Take<"adaa">, 1, 1},
    {"cadadr", Take<"adad">, 1, 1},
    {"caddar", Take<"adda">, 1, 1},
    {"cadddr", Take<"addd">, 1, 1},
    {"cdaaar", Take<"daaa">, 1, 1},
    {"cdaadr", Take<"daad">, 1, 1},
    {"cdadar", Take<"dada">, 1, 1},
    {"cdaddr", Take<"dadd">, 1, 1},
    {"cddaar", Take<"ddaa">, 1, 1},
    {"cddadr", Take<"ddad">, 1, 1},
    {"cdddar", Take<"ddda">, 1, 1},
    {"cddddr", Take<"dddd">, 1, 1},
};

}  // namespace

std::span<const Primitive> ListPrimitives() { return kListPrimitives; }

}  // namespace fledge::lambda
