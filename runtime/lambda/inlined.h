// Inlined: the procedures of the library that the interpreter has instructions
// for. A call of one, by a global that nobody assigns, is such an instruction.
//
// Design: docs/design/lambda.md. Threads: constants.
#pragma once

#include <cstdint>
#include <string_view>

#include "runtime/lambda/operation.h"

namespace fledge::lambda {

// How the call's arguments become the instruction's operands.
enum class InlinedForm : std::uint8_t {
  kValue,   // a = op(arguments)
  kEffect,  // op(arguments), and the value is unspecified
  // Of %record-ref and %record-set!, whose types are checked first; the index
  // is a constant.
  kGetField,
  kSetField,
};

struct Inlined {
  std::string_view name;
  std::uint32_t argument_count;
  Operation operation;
  InlinedForm form = InlinedForm::kValue;
};

// Global::operation is an index into it plus 1.
inline constexpr Inlined kInlined[] = {
    {"cons", 2, Operation::kCons},
    {"car", 1, Operation::kCar},
    {"cdr", 1, Operation::kCdr},
    {"set-car!", 2, Operation::kSetCar, InlinedForm::kEffect},
    {"set-cdr!", 2, Operation::kSetCdr, InlinedForm::kEffect},
    {"eq?", 2, Operation::kEq},
    {"not", 1, Operation::kNot},
    {"null?", 1, Operation::kIsNil},
    {"pair?", 1, Operation::kIsPair},
    {"+", 2, Operation::kAdd},
    {"-", 2, Operation::kSubtract},
    {"*", 2, Operation::kMultiply},
    {"=", 2, Operation::kNumberEqual},
    {"<", 2, Operation::kLess},
    {"<=", 2, Operation::kAtMost},
    {">", 2, Operation::kGreater},
    {">=", 2, Operation::kAtLeast},
    {"vector-ref", 2, Operation::kVectorRef},
    {"vector-set!", 3, Operation::kVectorSet, InlinedForm::kEffect},
    {"vector-length", 1, Operation::kVectorLength},
    {"%record?", 2, Operation::kIsRecord},
    {"%record-ref", 3, Operation::kGetField, InlinedForm::kGetField},
    {"%record-set!", 4, Operation::kSetField, InlinedForm::kSetField},
    {"cadr", 1, Operation::kCadr},
    {"cddr", 1, Operation::kCddr},
    {"caar", 1, Operation::kCaar},
    {"cdar", 1, Operation::kCdar},
    {"caddr", 1, Operation::kCaddr},
    {"eqv?", 2, Operation::kEqv},
    {"zero?", 1, Operation::kIsZero},
    {"quotient", 2, Operation::kQuotient},
    {"remainder", 2, Operation::kRemainder},
    {"modulo", 2, Operation::kModulo},
    {"string-length", 1, Operation::kStringLength},
    {"string-ref", 2, Operation::kStringRef},
    {"char=?", 2, Operation::kCharacterEqual},
    {"char?", 1, Operation::kIsCharacter},
    {"string?", 1, Operation::kIsString},
    {"symbol?", 1, Operation::kIsSymbol},
    {"vector?", 1, Operation::kIsVector},
};

// What Global::operation is for a procedure of the library; 0 is none.
constexpr std::uint8_t InlinedIndex(std::string_view name) {
  for (std::uint8_t i = 0; i < std::size(kInlined); ++i) {
    if (kInlined[i].name == name) return i + 1;
  }
  return 0;
}

}  // namespace fledge::lambda
