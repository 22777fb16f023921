#include "runtime/lambda/compiler.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "allocator/base/check.h"
#include "runtime/lambda/analysis.h"
#include "runtime/lambda/assembler.h"
#include "runtime/lambda/frame.h"
#include "runtime/lambda/global.h"
#include "runtime/lambda/inlined.h"
#include "runtime/value.h"

namespace fledge::lambda {
namespace {

using Kind = Expression::Kind;
using Register = std::uint32_t;
using Label = Assembler::Label;
using runtime::Value;

// Where the value of an expression goes.
struct Destination {
  enum class Kind : std::uint8_t {
    kReturned,  // What is emitted does not fall through.
    kRegister,
    kNowhere,
  };
  Kind kind;
  Register target = 0;

  bool returns() const { return kind == Kind::kReturned; }
};

constexpr Destination kReturned = {Destination::Kind::kReturned};
constexpr Destination kNowhere = {Destination::Kind::kNowhere};
constexpr Destination In(Register target) {
  return {Destination::Kind::kRegister, target};
}

// The word of a constant that fits an instruction.
std::optional<std::int32_t> ImmediateOf(const Syntax& datum) {
  switch (datum.kind) {
    case Syntax::Kind::kNil:
      return static_cast<std::int32_t>(Value::Nil().word());
    case Syntax::Kind::kBoolean:
      return static_cast<std::int32_t>(
          Value::Boolean(datum.integer != 0).word());
    case Syntax::Kind::kCharacter:
      return static_cast<std::int32_t>(
          Value::Character(static_cast<char32_t>(datum.integer)).word());
    default:
      return {};
  }
}

std::optional<std::int32_t> IntegerOf(const Expression& expression,
                                      std::int64_t least, std::int64_t most) {
  if (expression.kind != Kind::kConstant) return {};
  const Syntax& datum = *expression.syntax;
  if (datum.kind != Syntax::Kind::kInteger || datum.integer < least ||
      datum.integer > most) {
    return {};
  }
  return static_cast<std::int32_t>(datum.integer);
}
std::optional<std::int32_t> ShortIntegerOf(const Expression& expression) {
  return IntegerOf(expression, INT16_MIN, INT16_MAX);
}

// The instruction for a call of a procedure of the library, if there is one.
const Inlined* InlinedOf(const Expression& call) {
  if (call.kind != Kind::kCall) return nullptr;
  const Expression& callee = *call.operands[0];
  if (callee.kind != Kind::kGlobal || !callee.global->is_constant ||
      callee.global->operation == 0) {
    return nullptr;
  }
  const Inlined& inlined = kInlined[callee.global->operation - 1];
  return inlined.argument_count + 1 == call.operands.size() ? &inlined
                                                            : nullptr;
}

// The code of one procedure.
class ProcedureCompiler {
 public:
  explicit ProcedureCompiler(const Lambda& lambda) : lambda_(lambda) {
    CodeDraft& draft = code_.draft();
    draft.name = lambda.name;
    draft.has_rest = lambda.has_rest;
    draft.parameter_count = static_cast<std::uint32_t>(
        lambda.parameters.size() - (lambda.has_rest ? 1 : 0));
    draft.capture_count = static_cast<std::uint32_t>(lambda.captures.size());
  }

  std::unique_ptr<CodeDraft> Run() {
    Push();  // The callee.
    for (Variable* parameter : lambda_.parameters) parameter->place = Push();
    for (Variable* parameter : lambda_.parameters) BoxInPlace(*parameter);
    Emit(*lambda_.body, kReturned);
    return code_.Finish();
  }

 private:
  struct Loop {
    Label head;
    Destination destination;
  };

  // Registers: locals and temporaries, as a stack.
  Register Push(Register count = 1) {
    const Register first = top_;
    top_ += count;
    if (top_ >= Instruction::kMostRegisters) {
      throw SyntaxError(lambda_.at, "a procedure has too many variables");
    }
    std::uint32_t& most = code_.draft().register_count;
    most = std::max(most, top_);
    return first;
  }

  void Emit(Expression& expression, Destination destination) {
    switch (expression.kind) {
      case Kind::kConstant:
        return EmitConstant(*expression.syntax, destination);
      case Kind::kUnspecified:
        return EmitUnspecified(destination);
      case Kind::kLocal:
        return EmitLocal(expression, destination);
      case Kind::kGlobal:
        return EmitGlobal(expression, destination);
      case Kind::kSetLocal:
      case Kind::kSetGlobal:
      case Kind::kDefine:
        return EmitAssignment(expression, destination);
      case Kind::kIf:
        return EmitIf(expression, destination);
      case Kind::kSequence:
        for (std::size_t i = 0; i + 1 < expression.operands.size(); ++i) {
          Emit(*expression.operands[i], kNowhere);
        }
        return Emit(*expression.operands.back(), destination);
      case Kind::kLambda:
        return WithTarget(destination, [&](Register target) {
          EmitClosure(*expression.lambda, target);
        });
      case Kind::kCall:
        return EmitCall(expression, destination);
      case Kind::kLet:
        return EmitLet(expression, destination);
      case Kind::kLetrec:
        return EmitLetrec(expression, destination);
      case Kind::kReceive:
        return EmitReceive(expression, destination);
    }
  }

  // Calls emit(register) for an expression that puts its value in a register,
  // and goes on as `destination` says.
  template <typename Emitter>
  void WithTarget(Destination destination, Emitter&& emit) {
    if (destination.kind == Destination::Kind::kRegister) {
      emit(destination.target);
      return;
    }
    const Register saved = top_;
    const Register target = Push();
    emit(target);
    if (destination.returns()) code_.Emit(Operation::kReturn, target);
    top_ = saved;
  }
  // The same for a value that is in a register already.
  void Deliver(Register from, Destination destination) {
    if (destination.returns()) {
      code_.Emit(Operation::kReturn, from);
    } else if (destination.kind == Destination::Kind::kRegister &&
               destination.target != from) {
      code_.Emit(Operation::kMove, destination.target, from);
    }
  }

  void EmitConstant(const Syntax& datum, Destination destination) {
    if (destination.kind == Destination::Kind::kNowhere) return;
    WithTarget(destination, [&](Register target) {
      if (const auto word = ImmediateOf(datum)) {
        code_.EmitWide(Operation::kLoadImmediate, target, *word);
      } else if (datum.kind == Syntax::Kind::kInteger &&
                 datum.integer >= INT32_MIN && datum.integer <= INT32_MAX) {
        code_.EmitWide(Operation::kLoadInteger, target,
                       static_cast<std::int32_t>(datum.integer));
      } else {
        code_.EmitWide(Operation::kLoadConstant, target,
                       static_cast<std::int32_t>(code_.Datum(&datum)));
      }
    });
  }

  void EmitUnspecified(Destination destination) {
    if (destination.kind == Destination::Kind::kNowhere) return;
    WithTarget(destination,
               [&](Register target) { LoadWord(target, Value::Undefined()); });
  }
  void LoadWord(Register target, Value immediate) {
    code_.EmitWide(Operation::kLoadImmediate, target,
                   static_cast<std::int32_t>(immediate.word()));
  }

  // Variables.

  // The register of a variable's value or box, if it is in this frame.
  std::optional<Register> RegisterOf(const Variable& variable) const {
    if (lambda_.self == &variable) return Register{0};
    if (variable.owner == &lambda_) return variable.place;
    return {};
  }
  std::uint32_t CaptureIndexOf(const Variable& variable) const {
    const auto found = std::ranges::find(lambda_.captures, &variable);
    FLEDGE_CHECK(found != lambda_.captures.end(), "a variable is out of reach");
    return static_cast<std::uint32_t>(found - lambda_.captures.begin());
  }
  bool IsInBox(const Variable& variable) const {
    return variable.is_boxed && lambda_.self != &variable;
  }
  // Calls use(register) with the variable's value, or box, in a register that
  // is not to be written.
  template <typename User>
  void WithVariable(const Variable& variable, User&& use) {
    if (const auto place = RegisterOf(variable)) {
      use(*place);
      return;
    }
    const Register saved = top_;
    const Register place = Push();
    code_.Emit(Operation::kLoadCapture, place, CaptureIndexOf(variable));
    use(place);
    top_ = saved;
  }
  void LoadVariable(const Variable& variable, Register target) {
    if (IsInBox(variable)) {
      WithVariable(variable, [&](Register box) {
        code_.Emit(variable.is_checked ? Operation::kLoadBoxChecked
                                       : Operation::kLoadBox,
                   target, box);
      });
    } else if (const auto place = RegisterOf(variable)) {
      if (*place != target) code_.Emit(Operation::kMove, target, *place);
    } else {
      code_.Emit(Operation::kLoadCapture, target, CaptureIndexOf(variable));
    }
  }
  void BoxInPlace(const Variable& variable) {
    if (!variable.is_boxed) return;
    code_.Emit(Operation::kMakeBox, variable.place, variable.place);
  }

  void EmitLocal(Expression& expression, Destination destination) {
    const Variable& variable = *expression.variable;
    code_.SetPosition(expression.at);
    const auto place = RegisterOf(variable);
    if (place.has_value() && !IsInBox(variable)) {
      return Deliver(*place, destination);
    }
    WithTarget(destination,
               [&](Register target) { LoadVariable(variable, target); });
  }

  void EmitGlobal(Expression& expression, Destination destination) {
    code_.SetPosition(expression.at);
    WithTarget(destination, [&](Register target) {
      code_.EmitWide(
          Operation::kLoadGlobal, target,
          static_cast<std::int32_t>(code_.GlobalCell(expression.global)));
    });
  }

  void EmitAssignment(Expression& expression, Destination destination) {
    const Register saved = top_;
    const Register value = EmitOperand(*expression.operands[0]);
    code_.SetPosition(expression.at);
    if (expression.kind == Kind::kSetLocal) {
      WithVariable(*expression.variable, [&](Register box) {
        code_.Emit(Operation::kSetBox, box, value);
      });
    } else {
      code_.EmitWide(
          expression.kind == Kind::kDefine ? Operation::kDefineGlobal
                                           : Operation::kSetGlobal,
          value,
          static_cast<std::int32_t>(code_.GlobalCell(expression.global)));
    }
    top_ = saved;
    EmitUnspecified(destination);
  }

  // A register with the value, which is not to be written: a variable's own, or
  // a new one.
  Register EmitOperand(Expression& expression) {
    if (expression.kind == Kind::kLocal && !IsInBox(*expression.variable)) {
      if (const auto place = RegisterOf(*expression.variable)) return *place;
    }
    const Register place = Push();
    Emit(expression, In(place));
    return place;
  }

  // Branches.

  void EmitIf(Expression& expression, Destination destination) {
    Label otherwise;
    Label end;
    EmitTest(*expression.operands[0], otherwise);
    Emit(*expression.operands[1], destination);
    if (!destination.returns()) code_.EmitJump(Operation::kJump, 0, end);
    code_.Bind(otherwise);
    Emit(*expression.operands[2], destination);
    code_.Bind(end);
  }

  // Goes on if the value is true, and jumps if it is false.
  void EmitTest(Expression& test, Label& if_false) {
    const Register saved = top_;
    if (!EmitComparison(test, if_false)) {
      const Register value = EmitOperand(test);
      code_.EmitJump(Operation::kJumpIfFalse, value, if_false);
    }
    top_ = saved;
  }

  // A test that has a jump of its own; false if it has none.
  bool EmitComparison(Expression& test, Label& if_false) {
    const Inlined* const inlined = InlinedOf(test);
    if (inlined == nullptr) return false;
    const bool swaps = inlined->form == InlinedForm::kSwapped;
    const auto compare = [&](Operation operation) {
      Register a = EmitOperand(*test.operands[1]);
      Register b = EmitOperand(*test.operands[2]);
      if (swaps) std::swap(a, b);
      code_.SetPosition(test.at);
      code_.EmitCompareAndJump(operation, a, b, if_false);
      return true;
    };
    const auto examine = [&](Operation operation) {
      const Register a = EmitOperand(*test.operands[1]);
      code_.EmitJump(operation, a, if_false);
      return true;
    };
    const auto compare_short = [&](Operation operation) {
      const auto number = ShortIntegerOf(*test.operands[2]);
      if (!number.has_value() || swaps) return false;
      const Register a = EmitOperand(*test.operands[1]);
      code_.SetPosition(test.at);
      code_.EmitCompareAndJump(operation, a,
                               static_cast<std::uint16_t>(*number), if_false);
      return true;
    };
    switch (inlined->operation) {
      case Operation::kNumberEqual:
        return compare_short(Operation::kJumpUnlessEqualInteger) ||
               compare(Operation::kJumpUnlessEqual);
      case Operation::kLess:
        return compare_short(Operation::kJumpUnlessLessInteger) ||
               compare(Operation::kJumpUnlessLess);
      case Operation::kAtMost:
        return compare(Operation::kJumpUnlessAtMost);
      case Operation::kEq:
        return compare(Operation::kJumpUnlessEq);
      case Operation::kIsPair:
        return examine(Operation::kJumpUnlessPair);
      case Operation::kIsNil:
        return examine(Operation::kJumpUnlessNil);
      case Operation::kNot:
        return examine(Operation::kJumpIfTrue);
      default:
        return false;
    }
  }

  // Calls.

  void EmitCall(Expression& call, Destination destination) {
    if (const Inlined* inlined = InlinedOf(call)) {
      return EmitInlined(call, *inlined, destination);
    }
    const Expression& callee = *call.operands[0];
    if (callee.kind == Kind::kLocal && callee.variable->procedure != nullptr &&
        callee.variable->procedure->is_loop) {
      return EmitJumpToLoop(call, *callee.variable);
    }
    const Register saved = top_;
    // The register for the value may be the one where the call leaves it.
    Register base = top_;
    if (destination.kind == Destination::Kind::kRegister &&
        destination.target + 1 == top_) {
      base = top_ = destination.target;
    }
    Push(kFrameWords);
    for (Expression* operand : call.operands) {
      const Register place = Push();
      Emit(*operand, In(place));
    }
    code_.SetPosition(call.at);
    const auto arguments = static_cast<std::uint32_t>(call.operands.size() - 1);
    if (destination.returns()) {
      code_.Emit(Operation::kTailCall, base, arguments);
    } else {
      code_.Emit(Operation::kCall, base, arguments);
      Deliver(base, destination);
    }
    top_ = saved;
  }

  void EmitInlined(Expression& call, const Inlined& inlined,
                   Destination destination) {
    const Register saved = top_;
    if (EmitShortSum(call, inlined, destination)) return;
    Register operands[3] = {};
    for (std::size_t i = 1; i < call.operands.size(); ++i) {
      operands[i - 1] = EmitOperand(*call.operands[i]);
    }
    code_.SetPosition(call.at);
    if (inlined.form == InlinedForm::kEffect) {
      code_.Emit(inlined.operation, operands[0], operands[1], operands[2]);
      top_ = saved;
      return EmitUnspecified(destination);
    }
    if (inlined.form == InlinedForm::kSwapped) {
      std::swap(operands[0], operands[1]);
    }
    WithTarget(destination, [&](Register target) {
      code_.Emit(inlined.operation, target, operands[0], operands[1]);
    });
    top_ = saved;
  }

  // The sum with a small constant.
  bool EmitShortSum(Expression& call, const Inlined& inlined,
                    Destination destination) {
    const bool adds = inlined.operation == Operation::kAdd;
    if (!adds && inlined.operation != Operation::kSubtract) return false;
    Expression* summand = call.operands[1];
    auto number = IntegerOf(*call.operands[2], -INT16_MAX, INT16_MAX);
    if (!number.has_value() && adds) {
      summand = call.operands[2];
      number = IntegerOf(*call.operands[1], -INT16_MAX, INT16_MAX);
    }
    if (!number.has_value()) return false;
    const Register saved = top_;
    const Register operand = EmitOperand(*summand);
    code_.SetPosition(call.at);
    WithTarget(destination, [&](Register target) {
      code_.Emit(Operation::kAddInteger, target, operand,
                 static_cast<std::uint16_t>(adds ? *number : -*number));
    });
    top_ = saved;
    return true;
  }

  void EmitClosure(const Lambda& lambda, Register target) {
    // A capture may be in the target still.
    const Register saved = top_;
    const Register closure = lambda.captures.empty() ? target : Push();
    MakeClosure(lambda, closure);
    SetCaptures(lambda, closure);
    Deliver(closure, In(target));
    top_ = saved;
  }
  void MakeClosure(const Lambda& lambda, Register closure) {
    code_.SetPosition(lambda.at);
    const std::uint32_t constant =
        code_.Procedure(ProcedureCompiler(lambda).Run());
    code_.EmitWide(Operation::kMakeClosure, closure,
                   static_cast<std::int32_t>(constant));
  }
  void SetCaptures(const Lambda& lambda, Register closure) {
    for (std::uint32_t i = 0; i < lambda.captures.size(); ++i) {
      WithVariable(*lambda.captures[i], [&](Register value) {
        code_.Emit(Operation::kSetCapture, closure, i, value);
      });
    }
  }

  // Bindings.

  void EmitLet(Expression& let, Destination destination) {
    const Register saved = top_;
    const std::size_t count = let.variables.size();
    for (std::size_t i = 0; i < count; ++i) {
      const Register place = Push();
      Emit(*let.operands[i], In(place));
      let.variables[i]->place = place;
    }
    for (Variable* variable : let.variables) BoxInPlace(*variable);
    Emit(*let.operands[count], destination);
    top_ = saved;
  }

  void EmitReceive(Expression& receive, Destination destination) {
    const Register saved = top_;
    const Register values = EmitOperand(*receive.operands[0]);
    const auto count = static_cast<std::uint32_t>(receive.variables.size());
    const Register first = Push(std::max(count, 1u));
    code_.SetPosition(receive.at);
    code_.Emit(receive.has_rest ? Operation::kReceiveRest : Operation::kReceive,
               first, count, values);
    for (std::uint32_t i = 0; i < count; ++i) {
      receive.variables[i]->place = first + i;
      BoxInPlace(*receive.variables[i]);
    }
    Emit(*receive.operands[1], destination);
    top_ = saved;
  }

  void EmitLetrec(Expression& letrec, Destination destination) {
    const Register saved = top_;
    const std::size_t count = letrec.variables.size();
    std::vector<Variable*> loops;
    for (Variable* variable : letrec.variables) {
      if (IsLoop(*variable)) {
        loops.push_back(variable);
        continue;
      }
      variable->place = Push();
      if (!variable->is_boxed) continue;
      LoadWord(variable->place, Value::Deleted());
      BoxInPlace(*variable);
    }
    for (std::size_t i = 0; i < count;) {
      if (letrec.variables[i]->procedure == nullptr) {
        EmitInit(letrec, i++);
        continue;
      }
      std::size_t end = i;
      while (end < count && letrec.variables[end]->procedure != nullptr) ++end;
      EmitClosures(letrec, i, end);
      i = end;
    }
    EmitLoops(loops, *letrec.operands[count], destination);
    top_ = saved;
  }

  static bool IsLoop(const Variable& variable) {
    return variable.procedure != nullptr && variable.procedure->is_loop;
  }

  void EmitInit(Expression& letrec, std::size_t i) {
    const Variable& variable = *letrec.variables[i];
    if (!variable.is_boxed) {
      return Emit(*letrec.operands[i], In(variable.place));
    }
    const Register saved = top_;
    const Register value = EmitOperand(*letrec.operands[i]);
    code_.Emit(Operation::kSetBox, variable.place, value);
    top_ = saved;
  }

  // Closures that refer to each other: all are made before one is filled.
  void EmitClosures(Expression& letrec, std::size_t begin, std::size_t end) {
    const Register saved = top_;
    std::vector<std::pair<const Lambda*, Register>> closures;
    for (std::size_t i = begin; i < end; ++i) {
      const Variable& variable = *letrec.variables[i];
      if (IsLoop(variable)) continue;
      const Register place = variable.is_boxed ? Push() : variable.place;
      MakeClosure(*variable.procedure, place);
      if (variable.is_boxed) {
        code_.Emit(Operation::kSetBox, variable.place, place);
      }
      closures.emplace_back(variable.procedure, place);
    }
    for (const auto& [lambda, place] : closures) SetCaptures(*lambda, place);
    top_ = saved;
  }

  // Loops.

  void EmitLoops(const std::vector<Variable*>& loops, Expression& body,
                 Destination destination) {
    for (Variable* variable : loops) {
      loops_[variable].destination = destination;
      for (Variable* parameter : variable->procedure->parameters) {
        parameter->place = Push();
      }
    }
    Emit(body, destination);
    if (loops.empty()) return;
    Label end;
    if (!destination.returns()) code_.EmitJump(Operation::kJump, 0, end);
    for (Variable* variable : loops) {
      Loop& loop = loops_[variable];
      code_.Bind(loop.head);
      Emit(*variable->procedure->body, destination);
      if (!destination.returns()) code_.EmitJump(Operation::kJump, 0, end);
    }
    code_.Bind(end);
  }

  // Whether evaluating `expression` reads the variable.
  static bool Reads(const Expression& expression, const Variable& variable) {
    if (expression.variable == &variable) return true;
    if (expression.kind == Kind::kLambda) {
      return std::ranges::find(expression.lambda->captures, &variable) !=
             expression.lambda->captures.end();
    }
    return std::ranges::any_of(
        expression.operands,
        [&](const Expression* operand) { return Reads(*operand, variable); });
  }

  // Gives the parameters of a loop their next values, at once, and goes there.
  void EmitJumpToLoop(Expression& call, Variable& variable) {
    const Register saved = top_;
    const auto& parameters = variable.procedure->parameters;
    std::vector<std::optional<Register>> values(parameters.size());
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      Expression& argument = *call.operands[i + 1];
      bool is_read_later = parameters[i]->is_boxed;
      for (std::size_t j = i + 1; j < parameters.size(); ++j) {
        is_read_later =
            is_read_later || Reads(*call.operands[j + 1], *parameters[i]);
      }
      if (is_read_later) {
        values[i] = Push();
        Emit(argument, In(*values[i]));
      } else {
        Emit(argument, In(parameters[i]->place));
      }
    }
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      if (!values[i].has_value()) continue;
      code_.Emit(
          parameters[i]->is_boxed ? Operation::kMakeBox : Operation::kMove,
          parameters[i]->place, *values[i]);
    }
    top_ = saved;
    code_.EmitJump(Operation::kLoop, 0, loops_.at(&variable).head);
  }

  const Lambda& lambda_;
  Assembler code_;
  Register top_ = 0;
  std::map<const Variable*, Loop> loops_;
};

}  // namespace

std::unique_ptr<CodeDraft> Compile(Arena& arena, Expression* program) {
  Lambda* const lambda = arena.Make<Lambda>(arena, program->at);
  lambda->body = program;
  Analyse(*lambda);
  return ProcedureCompiler(*lambda).Run();
}

}  // namespace fledge::lambda
