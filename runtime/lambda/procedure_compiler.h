// ProcedureCompiler: makes the code of one procedure, with those in it.
//
// Registers are a stack of locals and temporaries above the callee and the
// parameters: what a function here takes, it gives back. A call takes those
// where the callee's frame will be.
//
// Design: docs/design/lambda.md. Threads: none.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "runtime/lambda/assembler.h"
#include "runtime/lambda/expression.h"
#include "runtime/lambda/inlined.h"
#include "runtime/lambda/stack_limit.h"
#include "runtime/value.h"

namespace fledge::lambda {

class ProcedureCompiler {
 public:
  // `stack` limits how deeply procedures and expressions nest.
  ProcedureCompiler(const Lambda& lambda, const StackLimit& stack)
      : lambda_(lambda), stack_(stack) {
    CodeDraft& draft = code_.draft();
    draft.name = lambda.name;
    draft.at = lambda.at;
    draft.has_rest = lambda.has_rest;
    draft.parameter_count = static_cast<std::uint32_t>(
        lambda.parameters.size() - (lambda.has_rest ? 1 : 0));
    draft.capture_count = static_cast<std::uint32_t>(lambda.captures.size());
  }
  std::unique_ptr<CodeDraft> Run();

  // The code of `lambda`: once more, with comparisons that jump far, if some
  // have to.
  static std::unique_ptr<CodeDraft> Compile(Lambda& lambda,
                                            const StackLimit& stack);

 private:
  using Register = std::uint32_t;
  using Label = Assembler::Label;
  using Value = runtime::Value;

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
  static constexpr Destination kReturned = {Destination::Kind::kReturned, 0};
  static constexpr Destination kNowhere = {Destination::Kind::kNowhere, 0};
  static constexpr Destination In(Register target) {
    return {Destination::Kind::kRegister, target};
  }

  // Registers: locals and temporaries, as a stack.
  Register Push(Register count = 1);
  void Emit(Expression& expression, Destination destination);

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
  void Deliver(Register from, Destination destination);
  void EmitConstant(const Syntax& datum, Destination destination);
  void EmitUnspecified(Destination destination);
  void EmitImmediate(Value immediate, Destination destination);
  void LoadWord(Register target, Value immediate);

  // Variables.

  // The register of a variable's value or box, if it is in this frame.
  std::optional<Register> RegisterOf(const Variable& variable) const;
  std::uint32_t CaptureIndexOf(const Variable& variable) const;
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
  void LoadVariable(const Variable& variable, Register target);
  void BoxInPlace(const Variable& variable);
  void EmitLocal(Expression& expression, Destination destination);
  void EmitGlobal(Expression& expression, Destination destination);
  void EmitAssignment(Expression& expression, Destination destination);

  // A register with the value, which is not to be written: a variable's own, or
  // a new one.
  Register EmitOperand(Expression& expression);

  // Branches.
  void EmitIf(Expression& expression, Destination destination);

  enum class JumpIf : std::uint8_t { kFalse, kTrue };
  static constexpr JumpIf IfIs(bool truth) {
    return truth ? JumpIf::kTrue : JumpIf::kFalse;
  }

  // Jumps if the value is true or not, as `when` says, and goes on otherwise.
  // What is only tested is not made a value on the way.
  void EmitBranch(Expression& test, JumpIf when, Label& target);
  // The same for (if test then otherwise); without `then` for `or`, where the
  // test's value is what it would come to.
  void EmitBranchOfIf(Expression& test, Expression* then, Expression& otherwise,
                      JumpIf when, Label& target);

  // Compares and jumps, over a jump if the procedure has far ones.
  void EmitComparisonJump(Operation operation, Register a, std::uint32_t b,
                          Label& target);

  // A test that has a jump of its own; false if it has none.
  bool EmitComparison(Expression& test, JumpIf when, Label& target);

  // The constant, if it is an integer from `least` to `most`.
  static std::optional<std::int32_t> IntegerOf(const Expression& expression,
                                               std::int64_t least,
                                               std::int64_t most);
  static std::optional<std::int32_t> ShortIntegerOf(
      const Expression& expression) {
    return IntegerOf(expression, INT16_MIN, INT16_MAX);
  }
  // That of a record's field.
  static std::optional<std::int32_t> IndexOf(const Expression& expression) {
    return IntegerOf(expression, 0, UINT16_MAX);
  }

  // The instruction for a call of a procedure of the library, if there is one.
  static const Inlined* InlinedOf(const Expression& call);

  // Calls.
  void EmitCall(Expression& call, Destination destination);
  void EmitInlined(Expression& call, const Inlined& inlined,
                   Destination destination);

  // A record's field is read or written.
  void EmitField(Expression& call, const Inlined& inlined,
                 Destination destination);

  // The sum with a small constant.
  bool EmitShortSum(Expression& call, const Inlined& inlined,
                    Destination destination);
  void EmitClosure(Lambda& lambda, Register target);
  void MakeClosure(Lambda& lambda, Register closure);
  void SetCaptures(const Lambda& lambda, Register closure);

  // Bindings.
  void EmitLet(Expression& let, Destination destination);
  void EmitLetVariables(Expression& let);
  void EmitReceive(Expression& receive, Destination destination);
  void EmitLetrec(Expression& letrec, Destination destination);
  static bool IsLoop(const Variable& variable) {
    return variable.procedure != nullptr && variable.procedure->is_loop;
  }
  void EmitInit(Expression& letrec, std::size_t i);

  // Closures that refer to each other: all are made before one is filled.
  void EmitClosures(Expression& letrec, std::size_t begin, std::size_t end);

  // Loops.
  void EmitLoops(const std::vector<Variable*>& loops, Expression& body,
                 Destination destination);

  // Whether evaluating `expression` reads the variable.
  static bool Reads(const Expression& expression, const Variable& variable);

  // Gives the parameters of a loop their next values, at once, and goes there.
  void EmitJumpToLoop(Expression& call, Variable& variable);

  const Lambda& lambda_;
  const StackLimit& stack_;
  Assembler code_;
  Register top_ = 0;
  // Where the loops that are being compiled begin.
  std::map<const Variable*, Label> loops_;
};

}  // namespace fledge::lambda
