// Operation: what an instruction of the interpreter does.
//
// The list says of each operation what its three operands are, for whoever has
// to know without running it: liveness, the assembler's checks, listings.
//
//   kWrites    a register that is written
//   kReads     a register that is read
//   kNumber    a number of 16 bits; a count, an index, a small integer
//   kWide      one of 32 bits, of the second and third operand together
//   kTarget    where to jump, relative to the next instruction: 16 bits
//   kFarTarget the same, 32 bits
//   kBase      the first register of a call's frame; see
//              docs/design/lambda.md. What a call leaves is in this register.
//
// Design: docs/design/lambda.md. Threads: constants.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fledge::lambda {

enum class Operand : std::uint8_t {
  kNone,
  kWrites,
  kReads,
  kNumber,
  kWide,
  kTarget,
  kFarTarget,
  kBase,
};

// Whether a collection may happen while the instruction is the frame's.
enum class Collects : std::uint8_t { kNever, kMay };

// Of V(name, first operand, second, third, collects).
#define FLEDGE_LAMBDA_OPERATIONS(V)                                         \
  /* a = b */                                                               \
  V(Move, kWrites, kReads, kNone, kNever)                                   \
  /* a = constant */                                                        \
  V(LoadConstant, kWrites, kWide, kNone, kNever)                            \
  V(LoadInteger, kWrites, kWide, kNone, kNever)                             \
  V(LoadImmediate, kWrites, kWide, kNone, kNever)                           \
  V(LoadCapture, kWrites, kNumber, kNone, kNever)                           \
  /* The constant is the variable's cell. */                                \
  V(LoadGlobal, kWrites, kWide, kNone, kNever)                              \
  V(SetGlobal, kReads, kWide, kNone, kNever)                                \
  V(DefineGlobal, kReads, kWide, kNone, kNever)                             \
  V(MakeBox, kWrites, kReads, kNone, kMay)                                  \
  V(LoadBox, kWrites, kReads, kNone, kNever)                                \
  /* The same, of a variable that may not have a value yet. */              \
  V(LoadBoxChecked, kWrites, kReads, kNone, kNever)                         \
  V(SetBox, kReads, kReads, kNone, kNever)                                  \
  /* a = a closure of the template; its captures follow. */                 \
  V(MakeClosure, kWrites, kWide, kNone, kMay)                               \
  /* Capture b of closure a = c */                                          \
  V(SetCapture, kReads, kNumber, kReads, kNever)                            \
  V(Jump, kFarTarget, kNone, kNone, kNever)                                 \
  V(JumpIfFalse, kReads, kFarTarget, kNone, kNever)                         \
  V(JumpIfTrue, kReads, kFarTarget, kNone, kNever)                          \
  /* A jump back, where other threads may collect. */                       \
  V(Loop, kFarTarget, kNone, kNone, kMay)                                   \
  V(JumpUnlessEq, kReads, kReads, kTarget, kNever)                          \
  V(JumpIfEq, kReads, kReads, kTarget, kNever)                              \
  V(JumpUnlessEqual, kReads, kReads, kTarget, kMay)                         \
  V(JumpUnlessLess, kReads, kReads, kTarget, kMay)                          \
  V(JumpUnlessAtMost, kReads, kReads, kTarget, kMay)                        \
  V(JumpUnlessGreater, kReads, kReads, kTarget, kMay)                       \
  V(JumpUnlessAtLeast, kReads, kReads, kTarget, kMay)                       \
  V(JumpUnlessEqualInteger, kReads, kNumber, kTarget, kMay)                 \
  V(JumpUnlessLessInteger, kReads, kNumber, kTarget, kMay)                  \
  V(JumpUnlessGreaterInteger, kReads, kNumber, kTarget, kMay)               \
  V(JumpUnlessPair, kReads, kFarTarget, kNone, kNever)                      \
  V(JumpUnlessNil, kReads, kFarTarget, kNone, kNever)                       \
  V(JumpIfPair, kReads, kFarTarget, kNone, kNever)                          \
  V(JumpIfNil, kReads, kFarTarget, kNone, kNever)                           \
  V(Call, kBase, kNumber, kNone, kMay)                                      \
  V(TailCall, kBase, kNumber, kNone, kMay)                                  \
  V(Return, kReads, kNone, kNone, kNever)                                   \
  V(ReturnImmediate, kNone, kWide, kNone, kNever)                           \
  /* Raises unless a is a record of the type b. */                          \
  V(CheckRecord, kReads, kReads, kNone, kMay)                               \
  V(IsRecord, kWrites, kReads, kReads, kNever)                              \
  /* a = field c of the record b; field b of the record a = c */            \
  V(GetField, kWrites, kReads, kNumber, kNever)                             \
  V(SetField, kReads, kNumber, kReads, kNever)                              \
  /* b registers from a on = the values of c */                             \
  V(Receive, kNumber, kNumber, kReads, kMay)                                \
  /* The same, and the last gets a list of the others. */                   \
  V(ReceiveRest, kNumber, kNumber, kReads, kMay)                            \
  V(Cons, kWrites, kReads, kReads, kMay)                                    \
  V(Car, kWrites, kReads, kNone, kNever)                                    \
  V(Cdr, kWrites, kReads, kNone, kNever)                                    \
  V(SetCar, kReads, kReads, kNone, kNever)                                  \
  V(SetCdr, kReads, kReads, kNone, kNever)                                  \
  V(Eq, kWrites, kReads, kReads, kNever)                                    \
  V(Not, kWrites, kReads, kNone, kNever)                                    \
  V(IsNil, kWrites, kReads, kNone, kNever)                                  \
  V(IsPair, kWrites, kReads, kNone, kNever)                                 \
  V(Add, kWrites, kReads, kReads, kMay)                                     \
  /* a = b + c, c + b and b - c: errors say which is which. */              \
  V(AddInteger, kWrites, kReads, kNumber, kMay)                             \
  V(AddToInteger, kWrites, kReads, kNumber, kMay)                           \
  V(SubtractInteger, kWrites, kReads, kNumber, kMay)                        \
  V(Subtract, kWrites, kReads, kReads, kMay)                                \
  V(Multiply, kWrites, kReads, kReads, kMay)                                \
  V(NumberEqual, kWrites, kReads, kReads, kMay)                             \
  V(Less, kWrites, kReads, kReads, kMay)                                    \
  V(AtMost, kWrites, kReads, kReads, kMay)                                  \
  V(Greater, kWrites, kReads, kReads, kMay)                                 \
  V(AtLeast, kWrites, kReads, kReads, kMay)                                 \
  V(VectorRef, kWrites, kReads, kReads, kNever)                             \
  V(VectorSet, kReads, kReads, kReads, kNever)                              \
  V(VectorLength, kWrites, kReads, kNone, kNever)                           \
  /* Primitives with a short common case; the others call the primitive. */ \
  V(Cadr, kWrites, kReads, kNone, kMay)                                     \
  V(Cddr, kWrites, kReads, kNone, kMay)                                     \
  V(Caar, kWrites, kReads, kNone, kMay)                                     \
  V(Cdar, kWrites, kReads, kNone, kMay)                                     \
  V(Caddr, kWrites, kReads, kNone, kMay)                                    \
  V(Eqv, kWrites, kReads, kReads, kMay)                                     \
  V(IsZero, kWrites, kReads, kNone, kMay)                                   \
  V(Quotient, kWrites, kReads, kReads, kMay)                                \
  V(Remainder, kWrites, kReads, kReads, kMay)                               \
  V(Modulo, kWrites, kReads, kReads, kMay)                                  \
  V(StringLength, kWrites, kReads, kNone, kMay)                             \
  V(StringRef, kWrites, kReads, kReads, kMay)                               \
  V(CharacterEqual, kWrites, kReads, kReads, kMay)                          \
  V(IsCharacter, kWrites, kReads, kNone, kNever)                            \
  V(IsString, kWrites, kReads, kNone, kNever)                               \
  V(IsSymbol, kWrites, kReads, kNone, kNever)                               \
  V(IsVector, kWrites, kReads, kNone, kNever)                               \
  /* For the library's own procedures: a = the continuation of the frame;   \
     calls a with the items of the list b, in the frame's place. */         \
  V(CaptureContinuation, kWrites, kNone, kNone, kMay)                       \
  V(TailApply, kReads, kReads, kNone, kMay)

enum class Operation : std::uint8_t {
#define FLEDGE_LAMBDA_NAME(name, a, b, c, collects) k##name,
  FLEDGE_LAMBDA_OPERATIONS(FLEDGE_LAMBDA_NAME)
#undef FLEDGE_LAMBDA_NAME
};

struct OperationShape {
  std::string_view name;
  std::array<Operand, 3> operands;
  Collects collects;
};

inline constexpr OperationShape kOperationShapes[] = {
#define FLEDGE_LAMBDA_SHAPE(name, a, b, c, collects) \
  {#name, {Operand::a, Operand::b, Operand::c}, Collects::collects},
    FLEDGE_LAMBDA_OPERATIONS(FLEDGE_LAMBDA_SHAPE)
#undef FLEDGE_LAMBDA_SHAPE
};
inline constexpr std::size_t kOperationCount = std::size(kOperationShapes);

constexpr const OperationShape& ShapeOf(Operation operation) {
  return kOperationShapes[static_cast<std::size_t>(operation)];
}

}  // namespace fledge::lambda
