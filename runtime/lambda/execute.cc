// What single instructions do: Interpreter::Execute().
//
// The common case of each is here, in a few machine instructions; the others
// are calls. What may collect, or raise, stores where it is first
// (FLEDGE_AT_POINT), and reads registers anew.
//
// The file is longer than others, as labels cannot be jumped to from another
// function: an instruction that is not here is a call.
#include <cstdint>

#include "runtime/lambda/interpreter.h"
#include "runtime/lambda/slow_instructions.h"
#include "runtime/objects.h"
#include "runtime/procedure_layout.h"
#include "runtime/record_layout.h"
#include "runtime/text_layout.h"

// Addresses of labels are an extension that all our compilers have.
#pragma GCC diagnostic ignored "-Wpedantic"

namespace fledge::lambda {

using runtime::Closure;
using runtime::IsText;
using runtime::Pair;
using runtime::Record;
using runtime::Text;
using runtime::Vector;

namespace {

using Word = Value::Word;

bool IsA(Word word, ObjectType type) { return Is(Value::FromWord(word), type); }

constexpr Word kFalse = Value::False().word();
constexpr Word kNil = Value::Nil().word();
constexpr Word kUndefined = Value::Undefined().word();
constexpr Word kDeleted = Value::Deleted().word();

constexpr Word BooleanWord(bool truth) { return Value::Boolean(truth).word(); }

// Inline wherever it is asked: it waits for the record, and so would the call.
[[gnu::always_inline]] inline bool IsRecordOf(Word word, Word type) {
  return IsA(word, ObjectType::kRecord) &&
         Record(Value::FromWord(word)).type().word() == type;
}
// Whether the call is of an accessor or modifier, of a record of its type.
bool Accesses(const Function& function, const Word* callee,
              std::uint32_t count) {
  if (function.access.kind == RecordAccess::Kind::kNone) return false;
  const Word cell = function.constants[function.access.type_cell];
  const Word type = runtime::Global(Value::FromWord(cell)).content().word();
  return count == function.parameter_count && IsRecordOf(callee[1], type);
}
bool AreSmall(Word a, Word b) { return (a & b & 1) != 0; }
bool IsSmall(Word a) { return (a & 1) != 0; }

}  // namespace

Value Interpreter::Execute(Control control) {
  if (labels_[0] == nullptr) [[unlikely]] {
    labels_ = {
#define FLEDGE_LABEL(name, a, b, c, collects) &&do_##name,
        FLEDGE_LAMBDA_OPERATIONS(FLEDGE_LABEL)
#undef FLEDGE_LABEL
    };
  }
  Word* r = nullptr;
  const Instruction* pc = nullptr;
  const Word* constants = nullptr;
  Instruction i = {0};

// Where it is, for whoever looks at the frame.
#define FLEDGE_AT_POINT()      \
  (Frame::Of(r)->instruction = \
       static_cast<std::uint32_t>(pc - Frame::Of(r)->function().code))
// The same for what raises, which nothing in the frame is needed for any more:
// instructions that only raise have no liveness of their own.
#define FLEDGE_AT_ERROR() \
  (Frame::Of(r)->pc = pc, Frame::Of(r)->instruction = Frame::kWillNotGoOn)
#define FLEDGE_NEXT() \
  i = *pc++;          \
  goto* labels_[i.bits & 0xffff]
// Goes on at the beginning of a closure whose frame r is.
#define FLEDGE_GO_ON_IN(function)   \
  mutator_.Safepoint();             \
  pc = (function).code;             \
  constants = (function).constants; \
  FLEDGE_NEXT()
#define FLEDGE_SMALL(number) \
  Value::SmallInteger(static_cast<std::int16_t>(number)).word()

resume:
  if (control.registers == nullptr) return result_;
  r = control.registers;
  pc = control.pc;
  constants = Frame::Of(r)->function().constants;
  FLEDGE_NEXT();

do_Move:
  r[i.a()] = r[i.b()];
  FLEDGE_NEXT();
do_LoadConstant:
  r[i.a()] = constants[i.wide()];
  FLEDGE_NEXT();
do_LoadInteger:
  r[i.a()] = Value::SmallInteger(i.wide()).word();
  FLEDGE_NEXT();
do_LoadImmediate:
  r[i.a()] = static_cast<Word>(i.wide());
  FLEDGE_NEXT();
do_LoadCapture:
  r[i.a()] = Closure(Value::FromWord(r[0])).capture(i.b()).word();
  FLEDGE_NEXT();

do_LoadGlobal : {
  const runtime::Global global(Value::FromWord(constants[i.wide()]));
  const Word value = global.content().word();
  if (value == kDeleted) [[unlikely]] {
    FLEDGE_AT_ERROR();
    RaiseUnbound(vm_, global.name());
    goto raise;
  }
  r[i.a()] = value;
  FLEDGE_NEXT();
}
do_SetGlobal : {
  const runtime::Global global(Value::FromWord(constants[i.wide()]));
  if (global.content().IsDeleted()) [[unlikely]] {
    FLEDGE_AT_ERROR();
    RaiseUnbound(vm_, global.name());
    goto raise;
  }
  mutator_.Write(global.value_slot(), r[i.a()]);
  FLEDGE_NEXT();
}
do_DefineGlobal : {
  const runtime::Global global(Value::FromWord(constants[i.wide()]));
  mutator_.Write(global.value_slot(), r[i.a()]);
  FLEDGE_NEXT();
}

do_MakeBox : {
  FLEDGE_AT_POINT();
  const Address object = mutator_.Allocate(runtime::SizeOf(ObjectType::kBox));
  r[i.a()] = runtime::Box::Initialize(object, Value::FromWord(r[i.b()]))
                 .value()
                 .word();
  FLEDGE_NEXT();
}
do_LoadBox:
  r[i.a()] = runtime::Box(Value::FromWord(r[i.b()])).content().word();
  FLEDGE_NEXT();
do_LoadBoxChecked : {
  const Word value = runtime::Box(Value::FromWord(r[i.b()])).content().word();
  if (value == kDeleted) [[unlikely]] {
    FLEDGE_AT_ERROR();
    RaiseUsedTooEarly(vm_);
    goto raise;
  }
  r[i.a()] = value;
  FLEDGE_NEXT();
}
do_SetBox:
  mutator_.Write(runtime::Box(Value::FromWord(r[i.a()])).content_slot(),
                 r[i.b()]);
  FLEDGE_NEXT();

do_MakeClosure : {
  FLEDGE_AT_POINT();
  const Value of = Value::FromWord(constants[i.wide()]);
  const std::uint32_t captures =
      static_cast<const Function*>(runtime::Template(of).function())
          ->capture_count;
  const Address object =
      mutator_.Allocate(runtime::SizeOf(ObjectType::kClosure, 1 + captures));
  // The template does not move, and neither do constants.
  r[i.a()] = Closure::Initialize(object, of, captures).value().word();
  FLEDGE_NEXT();
}
do_SetCapture:
  mutator_.Write(Closure(Value::FromWord(r[i.a()])).capture_slot(i.b()),
                 r[i.c()]);
  FLEDGE_NEXT();

do_Jump:
  pc += i.wide();
  FLEDGE_NEXT();
do_JumpIfFalse:
  if (r[i.a()] == kFalse) pc += i.wide();
  FLEDGE_NEXT();
do_JumpIfTrue:
  if (r[i.a()] != kFalse) pc += i.wide();
  FLEDGE_NEXT();
do_Loop:
  if (vm_.is_interrupted()) [[unlikely]] {
    FLEDGE_AT_POINT();
    vm_.RaiseInterruption();
    goto raise;
  }
  if (mutator_.IsAskedToStop()) [[unlikely]] {
    FLEDGE_AT_POINT();
    mutator_.Safepoint();
  }
  pc += i.wide();
  FLEDGE_NEXT();
do_JumpUnlessEq:
  if (r[i.a()] != r[i.b()]) pc += i.near();
  FLEDGE_NEXT();
do_JumpIfEq:
  if (r[i.a()] == r[i.b()]) pc += i.near();
  FLEDGE_NEXT();
do_JumpUnlessPair:
  if (!IsA(r[i.a()], ObjectType::kPair)) pc += i.wide();
  FLEDGE_NEXT();
do_JumpUnlessNil:
  if (r[i.a()] != kNil) pc += i.wide();
  FLEDGE_NEXT();

do_JumpIfPair:
  if (IsA(r[i.a()], ObjectType::kPair)) pc += i.wide();
  FLEDGE_NEXT();
do_JumpIfNil:
  if (r[i.a()] == kNil) pc += i.wide();
  FLEDGE_NEXT();

// Comparisons of small integers compare their words.
#define FLEDGE_COMPARE_AND_JUMP(name, relation, operator_, right)              \
  do_##name : {                                                                \
    const Word a = r[i.a()];                                                   \
    const Word b = right;                                                      \
    if (AreSmall(a, b)) [[likely]] {                                           \
      if (!(static_cast<std::int64_t>(a)                                       \
                operator_ static_cast<std::int64_t>(b))) {                     \
        pc += i.near();                                                        \
      }                                                                        \
      FLEDGE_NEXT();                                                           \
    }                                                                          \
    FLEDGE_AT_POINT();                                                         \
    const Comparison is = CompareSlow(vm_, Operation::relation,                \
                                      Value::FromWord(a), Value::FromWord(b)); \
    if (is == Comparison::kRaised) goto raise;                                 \
    if (is == Comparison::kFalse) pc += i.near();                              \
    FLEDGE_NEXT();                                                             \
  }
  FLEDGE_COMPARE_AND_JUMP(JumpUnlessEqual, kNumberEqual, ==, r[i.b()])
  FLEDGE_COMPARE_AND_JUMP(JumpUnlessLess, kLess, <, r[i.b()])
  FLEDGE_COMPARE_AND_JUMP(JumpUnlessAtMost, kAtMost, <=, r[i.b()])
  FLEDGE_COMPARE_AND_JUMP(JumpUnlessGreater, kGreater, >, r[i.b()])
  FLEDGE_COMPARE_AND_JUMP(JumpUnlessAtLeast, kAtLeast, >=, r[i.b()])
  FLEDGE_COMPARE_AND_JUMP(JumpUnlessEqualInteger, kNumberEqual, ==,
                          FLEDGE_SMALL(i.b()))
  FLEDGE_COMPARE_AND_JUMP(JumpUnlessLessInteger, kLess, <, FLEDGE_SMALL(i.b()))
  FLEDGE_COMPARE_AND_JUMP(JumpUnlessGreaterInteger, kGreater, >,
                          FLEDGE_SMALL(i.b()))

do_Call : {
  Word* const callee = r + i.a() + kFrameWords;
  const Value procedure = Value::FromWord(callee[0]);
  FLEDGE_AT_POINT();
  Frame::Of(r)->pc = pc;
  if (Is(procedure, ObjectType::kClosure)) [[likely]] {
    const Function& function = FunctionOf(procedure);
    if (i.b() == function.simple_argument_count && IsReadyFor(callee, function))
        [[likely]] {
      frames_.EnterFrom(*Frame::Of(r), *Frame::Of(callee), function,
                        reinterpret_cast<Address>(callee));
      r = callee;
      FLEDGE_GO_ON_IN(function);
    }
    if (Accesses(function, callee, i.b())) {
      const Record record(Value::FromWord(callee[1]));
      if (function.access.kind == RecordAccess::Kind::kGet) {
        r[i.a()] = record.field(function.access.field).word();
      } else {
        mutator_.Write(record.field_slot(function.access.field), callee[2]);
        r[i.a()] = kUndefined;
      }
      FLEDGE_NEXT();
    }
  } else if (Is(procedure, ObjectType::kPrimitive)) {
    const Value value = RunPrimitive(callee, i.b());
    if (value.IsEmpty()) [[unlikely]]
      goto raise;
    frames_.LeaveTo(*Frame::Of(r));
    r[i.a()] = value.word();
    FLEDGE_NEXT();
  }
  control = CallSlow(callee, i.b());
  goto resume;
}
do_TailCall : {
  const Word* const callee = r + i.a() + kFrameWords;
  const Value procedure = Value::FromWord(callee[0]);
  // Of itself: the frame is large enough, and all else is as it was.
  if (callee[0] == r[0] && !vm_.is_interrupted()) {
    const Function& function = Frame::Of(r)->function();
    if (i.b() == function.simple_argument_count) [[likely]] {
      for (std::uint32_t k = 1; k <= i.b(); ++k) r[k] = callee[k];
      Frame::Of(r)->instruction = 0;
      mutator_.Safepoint();
      pc = function.code;
      FLEDGE_NEXT();
    }
  }
  if (Is(procedure, ObjectType::kClosure)) [[likely]] {
    const Function& function = FunctionOf(procedure);
    if (i.b() == function.parameter_count && !function.has_rest &&
        IsReadyFor(r, function)) [[likely]] {
      for (std::uint32_t k = 0; k <= i.b(); ++k) r[k] = callee[k];
      frames_.Replace(*Frame::Of(r), function);
      FLEDGE_GO_ON_IN(function);
    }
  }
  control = TailCall(r, r + i.a() + kFrameWords, i.b());
  goto resume;
}
do_TailApply:
  control = Apply(r, i.a(), i.b());
  goto resume;
// A call leaves its value where its record was.
#define FLEDGE_RETURN(name, word)                            \
  do_##name : {                                              \
    Frame* const frame = Frame::Of(r);                       \
    auto* const caller = static_cast<Frame*>(frame->caller); \
    if (caller == nullptr) [[unlikely]] {                    \
      control = Return(r, Value::FromWord(word));            \
      goto resume;                                           \
    }                                                        \
    frames_.LeaveTo(*caller);                                \
    *reinterpret_cast<Word*>(frame) = word;                  \
    r = caller->registers();                                 \
    pc = caller->pc;                                         \
    constants = caller->function().constants;                \
    FLEDGE_NEXT();                                           \
  }
  FLEDGE_RETURN(Return, r[i.a()])
  FLEDGE_RETURN(ReturnImmediate, static_cast<Word>(i.wide()))

do_Receive:
do_ReceiveRest:
  FLEDGE_AT_POINT();
  if (!Receive(r, i)) goto raise;
  FLEDGE_NEXT();

do_Cons : {
  const Address object =
      mutator_.AllocateInBuffer(runtime::SizeOf(ObjectType::kPair));
  if (object == kNullAddress) [[unlikely]] {
    FLEDGE_AT_POINT();
    r[i.a()] = runtime::MakePair(mutator_, Value::FromWord(r[i.b()]),
                                 Value::FromWord(r[i.c()]))
                   .word();
    FLEDGE_NEXT();
  }
  r[i.a()] = Pair::Initialize(object, Value::FromWord(r[i.b()]),
                              Value::FromWord(r[i.c()]))
                 .value()
                 .word();
  FLEDGE_NEXT();
}
do_Car:
  if (!IsA(r[i.b()], ObjectType::kPair)) [[unlikely]]
    goto not_a_pair;
  r[i.a()] = Pair(Value::FromWord(r[i.b()])).car().word();
  FLEDGE_NEXT();
do_Cdr:
  if (!IsA(r[i.b()], ObjectType::kPair)) [[unlikely]]
    goto not_a_pair;
  r[i.a()] = Pair(Value::FromWord(r[i.b()])).cdr().word();
  FLEDGE_NEXT();
not_a_pair:
  FLEDGE_AT_ERROR();
  RaiseWrongOperand(vm_, i.op(), 1, Value::FromWord(r[i.b()]), "a pair");
  goto raise;
do_SetCar:
  if (!IsA(r[i.a()], ObjectType::kPair)) [[unlikely]]
    goto not_a_pair_to_set;
  mutator_.Write(Pair(Value::FromWord(r[i.a()])).car_slot(), r[i.b()]);
  FLEDGE_NEXT();
do_SetCdr:
  if (!IsA(r[i.a()], ObjectType::kPair)) [[unlikely]]
    goto not_a_pair_to_set;
  mutator_.Write(Pair(Value::FromWord(r[i.a()])).cdr_slot(), r[i.b()]);
  FLEDGE_NEXT();
not_a_pair_to_set:
  FLEDGE_AT_ERROR();
  RaiseWrongOperand(vm_, i.op(), 1, Value::FromWord(r[i.a()]), "a pair");
  goto raise;

do_Eq:
  r[i.a()] = BooleanWord(r[i.b()] == r[i.c()]);
  FLEDGE_NEXT();
do_Not:
  r[i.a()] = BooleanWord(r[i.b()] == kFalse);
  FLEDGE_NEXT();
do_IsNil:
  r[i.a()] = BooleanWord(r[i.b()] == kNil);
  FLEDGE_NEXT();
do_IsPair:
  r[i.a()] = BooleanWord(IsA(r[i.b()], ObjectType::kPair));
  FLEDGE_NEXT();

// The tag is 1 in the lowest bit, and the number above it.
do_Add : {
  const Word b = r[i.b()];
  const Word c = r[i.c()];
  std::int64_t sum;
  if (AreSmall(b, c) &&
      !__builtin_add_overflow(static_cast<std::int64_t>(b),
                              static_cast<std::int64_t>(c - 1), &sum))
      [[likely]] {
    r[i.a()] = static_cast<Word>(sum);
    FLEDGE_NEXT();
  }
  goto slow_arithmetic;
}
// Of a small integer the word is odd; without its lowest bit it is what the
// word of another grows by.
#define FLEDGE_ADD_INTEGER(name, add, operation, first, second)           \
  do_##name : {                                                           \
    const Word b = r[i.b()];                                              \
    const Word number = FLEDGE_SMALL(i.c());                              \
    std::int64_t sum;                                                     \
    if (IsSmall(b) && !add(static_cast<std::int64_t>(b),                  \
                           static_cast<std::int64_t>(number - 1), &sum))  \
        [[likely]] {                                                      \
      r[i.a()] = static_cast<Word>(sum);                                  \
      FLEDGE_NEXT();                                                      \
    }                                                                     \
    FLEDGE_AT_POINT();                                                    \
    const Value value =                                                   \
        ArithmeticSlow(vm_, Operation::operation, Value::FromWord(first), \
                       Value::FromWord(second));                          \
    if (value.IsEmpty()) goto raise;                                      \
    r[i.a()] = value.word();                                              \
    FLEDGE_NEXT();                                                        \
  }
  FLEDGE_ADD_INTEGER(AddInteger, __builtin_add_overflow, kAdd, b, number)
  FLEDGE_ADD_INTEGER(AddToInteger, __builtin_add_overflow, kAdd, number, b)
  FLEDGE_ADD_INTEGER(SubtractInteger, __builtin_sub_overflow, kSubtract, b,
                     number)
do_Subtract : {
  const Word b = r[i.b()];
  const Word c = r[i.c()];
  std::int64_t difference;
  if (AreSmall(b, c) &&
      !__builtin_sub_overflow(static_cast<std::int64_t>(b),
                              static_cast<std::int64_t>(c - 1), &difference))
      [[likely]] {
    r[i.a()] = static_cast<Word>(difference);
    FLEDGE_NEXT();
  }
  goto slow_arithmetic;
}
do_Multiply : {
  const Word b = r[i.b()];
  const Word c = r[i.c()];
  std::int64_t product;
  if (AreSmall(b, c) &&
      !__builtin_mul_overflow(static_cast<std::int64_t>(b - 1),
                              static_cast<std::int64_t>(c) >> 1, &product))
      [[likely]] {
    r[i.a()] = static_cast<Word>(product) + 1;
    FLEDGE_NEXT();
  }
  goto slow_arithmetic;
}
slow_arithmetic : {
  FLEDGE_AT_POINT();
  const Value value = ArithmeticSlow(vm_, i.op(), Value::FromWord(r[i.b()]),
                                     Value::FromWord(r[i.c()]));
  if (value.IsEmpty()) goto raise;
  r[i.a()] = value.word();
  FLEDGE_NEXT();
}

#define FLEDGE_COMPARE(name, operator_)                                   \
  do_##name : {                                                           \
    const Word b = r[i.b()];                                              \
    const Word c = r[i.c()];                                              \
    if (AreSmall(b, c)) [[likely]] {                                      \
      r[i.a()] = BooleanWord(static_cast<std::int64_t>(b)                 \
                                 operator_ static_cast<std::int64_t>(c)); \
      FLEDGE_NEXT();                                                      \
    }                                                                     \
    FLEDGE_AT_POINT();                                                    \
    const Comparison is =                                                 \
        CompareSlow(vm_, i.op(), Value::FromWord(b), Value::FromWord(c)); \
    if (is == Comparison::kRaised) goto raise;                            \
    r[i.a()] = BooleanWord(is == Comparison::kTrue);                      \
    FLEDGE_NEXT();                                                        \
  }
  FLEDGE_COMPARE(NumberEqual, ==)
  FLEDGE_COMPARE(Less, <)
  FLEDGE_COMPARE(AtMost, <=)
  FLEDGE_COMPARE(Greater, >)
  FLEDGE_COMPARE(AtLeast, >=)

do_VectorRef : {
  if (IsA(r[i.b()], ObjectType::kVector) && IsSmall(r[i.c()])) [[likely]] {
    const Vector vector(Value::FromWord(r[i.b()]));
    const auto at =
        static_cast<std::uint64_t>(Value::FromWord(r[i.c()]).integer());
    if (at < vector.length()) [[likely]] {
      r[i.a()] = vector.item(at).word();
      FLEDGE_NEXT();
    }
  }
  FLEDGE_AT_ERROR();
  RaiseWrongIndex(vm_, i.op(), Value::FromWord(r[i.b()]),
                  Value::FromWord(r[i.c()]));
  goto raise;
}
do_VectorSet : {
  if (IsA(r[i.a()], ObjectType::kVector) && IsSmall(r[i.b()])) [[likely]] {
    const Vector vector(Value::FromWord(r[i.a()]));
    const auto at =
        static_cast<std::uint64_t>(Value::FromWord(r[i.b()]).integer());
    if (at < vector.length()) [[likely]] {
      mutator_.Write(vector.item_slot(at), r[i.c()]);
      FLEDGE_NEXT();
    }
  }
  FLEDGE_AT_ERROR();
  RaiseWrongIndex(vm_, i.op(), Value::FromWord(r[i.a()]),
                  Value::FromWord(r[i.b()]));
  goto raise;
}
do_VectorLength:
  if (!IsA(r[i.b()], ObjectType::kVector)) [[unlikely]] {
    FLEDGE_AT_ERROR();
    RaiseWrongOperand(vm_, i.op(), 1, Value::FromWord(r[i.b()]), "a vector");
    goto raise;
  }
  r[i.a()] =
      Value::SmallInteger(
          static_cast<std::int64_t>(Vector(Value::FromWord(r[i.b()])).length()))
          .word();
  FLEDGE_NEXT();

do_CheckRecord:
  if (!IsRecordOf(r[i.a()], r[i.b()])) [[unlikely]] {
    FLEDGE_AT_ERROR();
    RaiseOtherRecord(vm_, Frame::Of(r)->function().name,
                     Value::FromWord(r[i.a()]), Value::FromWord(r[i.b()]));
    goto raise;
  }
  FLEDGE_NEXT();
do_IsRecord:
  r[i.a()] = BooleanWord(IsRecordOf(r[i.b()], r[i.c()]));
  FLEDGE_NEXT();
do_GetField:
  r[i.a()] = Record(Value::FromWord(r[i.b()])).field(i.c()).word();
  FLEDGE_NEXT();
do_SetField:
  mutator_.Write(Record(Value::FromWord(r[i.a()])).field_slot(i.b()), r[i.c()]);
  FLEDGE_NEXT();

// A part of a part, in the order in which they are taken.
#define FLEDGE_TAKE_TWO(name, first, second)                      \
  do_##name : {                                                   \
    if (IsA(r[i.b()], ObjectType::kPair)) [[likely]] {            \
      const Value part = Pair(Value::FromWord(r[i.b()])).first(); \
      if (Is(part, ObjectType::kPair)) [[likely]] {               \
        r[i.a()] = Pair(part).second().word();                    \
        FLEDGE_NEXT();                                            \
      }                                                           \
    }                                                             \
    goto run_primitive;                                           \
  }
  FLEDGE_TAKE_TWO(Cadr, cdr, car)
  FLEDGE_TAKE_TWO(Cddr, cdr, cdr)
  FLEDGE_TAKE_TWO(Caar, car, car)
  FLEDGE_TAKE_TWO(Cdar, car, cdr)
do_Caddr : {
  if (IsA(r[i.b()], ObjectType::kPair)) [[likely]] {
    const Value second = Pair(Value::FromWord(r[i.b()])).cdr();
    if (Is(second, ObjectType::kPair)) [[likely]] {
      const Value third = Pair(second).cdr();
      if (Is(third, ObjectType::kPair)) [[likely]] {
        r[i.a()] = Pair(third).car().word();
        FLEDGE_NEXT();
      }
    }
  }
  goto run_primitive;
}

do_Eqv : {
  const Word b = r[i.b()];
  const Word c = r[i.c()];
  // Only objects, and no symbols, may be equivalent without being the same.
  if (b != c && Value::FromWord(b).IsReference() &&
      Value::FromWord(c).IsReference() && !IsA(b, ObjectType::kSymbol)) {
    goto run_primitive;
  }
  r[i.a()] = BooleanWord(b == c);
  FLEDGE_NEXT();
}
do_IsZero:
  if (!IsSmall(r[i.b()])) [[unlikely]]
    goto run_primitive;
  r[i.a()] = BooleanWord(r[i.b()] == FLEDGE_SMALL(0));
  FLEDGE_NEXT();

// Of small integers by positive ones, so that nothing overflows.
#define FLEDGE_DIVIDE(name, result)                                      \
  do_##name : {                                                          \
    if (AreSmall(r[i.b()], r[i.c()])) [[likely]] {                       \
      const std::int64_t dividend = Value::FromWord(r[i.b()]).integer(); \
      const std::int64_t divisor = Value::FromWord(r[i.c()]).integer();  \
      if (divisor > 0) [[likely]] {                                      \
        r[i.a()] = Value::SmallInteger(result).word();                   \
        FLEDGE_NEXT();                                                   \
      }                                                                  \
    }                                                                    \
    goto run_primitive;                                                  \
  }
  FLEDGE_DIVIDE(Quotient, dividend / divisor)
  FLEDGE_DIVIDE(Remainder, dividend % divisor)
  FLEDGE_DIVIDE(Modulo, dividend % divisor < 0 ? dividend % divisor + divisor
                                               : dividend % divisor)

do_StringLength:
  if (!IsText(Value::FromWord(r[i.b()]))) [[unlikely]]
    goto run_primitive;
  r[i.a()] = Value::SmallInteger(static_cast<std::int64_t>(
                                     Text(Value::FromWord(r[i.b()])).length()))
                 .word();
  FLEDGE_NEXT();
do_StringRef : {
  if (IsText(Value::FromWord(r[i.b()])) && IsSmall(r[i.c()])) [[likely]] {
    const Text text(Value::FromWord(r[i.b()]));
    const auto at =
        static_cast<std::uint64_t>(Value::FromWord(r[i.c()]).integer());
    if (at < text.length()) [[likely]] {
      r[i.a()] = Value::Character(text.character(at)).word();
      FLEDGE_NEXT();
    }
  }
  goto run_primitive;
}
do_CharacterEqual:
  if (!Value::FromWord(r[i.b()]).IsCharacter() ||
      !Value::FromWord(r[i.c()]).IsCharacter()) [[unlikely]] {
    goto run_primitive;
  }
  r[i.a()] = BooleanWord(r[i.b()] == r[i.c()]);
  FLEDGE_NEXT();
do_IsCharacter:
  r[i.a()] = BooleanWord(Value::FromWord(r[i.b()]).IsCharacter());
  FLEDGE_NEXT();
do_IsString:
  r[i.a()] = BooleanWord(IsText(Value::FromWord(r[i.b()])));
  FLEDGE_NEXT();
do_IsSymbol:
  r[i.a()] = BooleanWord(IsA(r[i.b()], ObjectType::kSymbol));
  FLEDGE_NEXT();
do_IsVector:
  r[i.a()] = BooleanWord(IsA(r[i.b()], ObjectType::kVector));
  FLEDGE_NEXT();

run_primitive : {
  FLEDGE_AT_POINT();
  const Value value = RunInstruction(r, i);
  if (value.IsEmpty()) goto raise;
  r[i.a()] = value.word();
  FLEDGE_NEXT();
}

do_CaptureContinuation : {
  FLEDGE_AT_POINT();
  const Value captured = Capture();
  r[i.a()] = captured.word();
  FLEDGE_NEXT();
}

raise:
  control = HandleRaised();
  goto resume;

#undef FLEDGE_AT_POINT
#undef FLEDGE_AT_ERROR
#undef FLEDGE_NEXT
#undef FLEDGE_GO_ON_IN
#undef FLEDGE_SMALL
#undef FLEDGE_RETURN
#undef FLEDGE_COMPARE
#undef FLEDGE_TAKE_TWO
#undef FLEDGE_DIVIDE
#undef FLEDGE_COMPARE_AND_JUMP
}

}  // namespace fledge::lambda
