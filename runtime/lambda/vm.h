// Vm: a Lambda machine: what it owns on a heap, and what primitives ask of it.
//
//   Vm vm(heap, mutator);
//   const Value result = vm.Call(procedure, {});
//   if (result.IsEmpty()) Report(vm.TakeRaised());
//
// Design: docs/design/lambda.md.
//
// Threads: one at a time, that of its mutator. Functions that take no mutator
// may collect all the same, as the machine has one, unless they say not.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gc/heap_core.h"
#include "runtime/heap.h"
#include "runtime/lambda/function_table.h"
#include "runtime/lambda/port_table.h"
#include "runtime/lambda/primitive.h"
#include "runtime/lambda/standard_ports.h"
#include "runtime/symbol_table.h"
#include "runtime/value.h"
#include "runtime/weak_table.h"

namespace fledge::lambda {

class Evaluator;
class Function;
class Interpreter;
struct MemoryServices;
using runtime::Local;

// What comes between the instructions of a program: a condition that it has
// not asked for.
enum class Interruption : std::uint8_t {
  kNone,
  kOutOfMemory,  // The heap is at its limit.
  kByUser,
};

// A frame of a procedure or primitive that runs or waits, as others see it.
struct FrameView {
  Value callee;               // A closure if there is a function.
  const Function* function;   // Null of a primitive, and before a call.
  std::uint32_t instruction;  // Of the function: the one to go on with.
};

struct VmOptions {
  // The most that the stack may grow to; address space, until it is used.
  std::size_t stack_bytes = std::size_t{512} << 20;
  // Called when the heap is at its limit and programs have not changed that;
  // must not return. Without one, the heap's own handler is.
  void (*on_exhaustion)(const gc::OutOfMemory&) = nullptr;
};

class Vm {
 public:
  // Of `heap`, by `mutator`; both must outlive it. Takes the heap's handler of
  // out of memory, so there is one machine on a heap.
  Vm(runtime::Heap& heap, runtime::Mutator& mutator,
     const VmOptions& options = {});
  ~Vm();
  Vm(const Vm&) = delete;
  Vm& operator=(const Vm&) = delete;

  runtime::Heap& heap() { return heap_; }
  runtime::Mutator& mutator() { return mutator_; }
  runtime::SymbolTable& symbols() { return symbols_; }
  FunctionTable& functions() { return functions_; }
  PortTable& ports() { return ports_; }
  const StandardPorts& standard_ports() const { return *standard_ports_; }
  MemoryServices& memory() { return *memory_; }
  // The keyword of `symbol`: there is one for each.
  Value KeywordOf(Local symbol);
  Value KeywordOf(std::string_view name);

  // Calls `procedure` and runs until it returns. Empty if it raised something
  // that no handler took: see TakeRaised(). REQUIRES: the machine does not run.
  Value Call(Local procedure, std::span<const Local> arguments);

  // The frames of what runs, the newest first, and then those of the
  // continuation, until `visit` returns false. Never collects.
  void VisitFrames(const std::function<bool(const FrameView&)>& visit) const;

  // Variables. A cell is a runtime::Global, which code refers to.
  std::uint32_t MakeCell(std::string_view name);
  Value CellAt(std::uint32_t cell) const;  // Never collects.
  void Define(std::uint32_t cell, Value value);

  // A procedure that is `primitive`, which must live as long as the machine.
  Value MakePrimitive(const Primitive& primitive);

  // For primitives: raises, and returns what they then return, empty.
  // Argument `i` is not `expected`, as in "a pair".
  Value RaiseWrongType(const Arguments& arguments, std::size_t i,
                       std::string_view expected);
  // Argument `i` is of the right type, but not `expected`, as in "an index
  // below 3".
  Value RaiseOutOfRange(const Arguments& arguments, std::size_t i,
                        std::string_view expected);
  // An error condition. `kind` is the name of a symbol: "error", "file-error",
  // "read-error", or another. Irritants are handles.
  Value RaiseError(std::string_view kind, std::string_view message,
                   std::initializer_list<Local> irritants = {});
  // Any object. Never collects.
  Value Raise(Value object);
  // A condition whose trace is where the machine is now.
  Value MakeCondition(Local kind, Local message, Local irritants);

  // Raises what no handler of the program has taken: it ends Call().
  Value EndWith(Local object);
  // Where the machine was then, as the trace of a condition.
  Value end_trace() const;

  // Raises a condition before the next procedure or turn of a loop. From any
  // thread, and from handlers of signals.
  void Interrupt(Interruption interruption) {
    interruption_.store(interruption, std::memory_order_relaxed);
  }
  bool is_interrupted() const {
    return interruption_.load(std::memory_order_relaxed) != Interruption::kNone;
  }
  bool is_out_of_memory() const {
    return interruption_.load(std::memory_order_relaxed) ==
           Interruption::kOutOfMemory;
  }
  // For the interpreter.
  void RaiseInterruption();
  // It is said already that there is no memory.
  void ForgetOutOfMemory();

  // What was raised; it is not any more. Empty if nothing was.
  Value TakeRaised();

  // What is called with what was raised by primitives and instructions: a
  // procedure that does not return. Without one it ends Call().
  void SetRaiseHandler(Value procedure);
  Value raise_handler() const;
  // What a program keeps while its procedures run, and a continuation with
  // them: handlers, parameters, what to do when control leaves.
  Value dynamic_state() const;
  void SetDynamicState(Value state);

  // What is bound to `parameter` now. Never collects.
  Value ParameterValue(Value parameter) const;

  // What values mean that a form of eval has and no text could: Syntax::kValue.
  void SetQuoted(std::span<const Value> values);
  Value quoted(std::size_t i) const {
    return Value::FromWord(quoted_[i].get());
  }

  // For eval and load; borrowed.
  void set_evaluator(Evaluator* evaluator) { evaluator_ = evaluator; }
  Evaluator* evaluator() const { return evaluator_; }

  // What the program was called with.
  std::vector<std::string>& command_line() { return command_line_; }
  // What a program that has ended itself wants its process to end with.
  void set_exit_status(int status) { exit_status_ = status; }
  std::optional<int> exit_status() const { return exit_status_; }

  // The primitive that runs, for messages.
  void set_running(const Primitive* primitive) { running_ = primitive; }
  // "car: ", or nothing if none runs.
  std::string RunningName() const;

 private:
  friend class Interpreter;

  Value RaiseOf(std::string_view kind, std::string_view what,
                const Arguments& arguments, std::size_t i,
                std::string_view expected);

  runtime::Heap& heap_;
  runtime::Mutator& mutator_;
  runtime::SymbolTable symbols_;
  FunctionTable functions_;
  PortTable ports_;
  std::unique_ptr<MemoryServices> memory_;
  // By symbol.
  runtime::WeakTable keywords_{runtime::WeakTable::Keeps::kNothing};
  decltype(std::declval<runtime::Heap>().RegisterWeakSet(
      keywords_)) keywords_registration_;
  runtime::Persistent cells_;  // A vector that grows.
  std::uint32_t cell_count_ = 0;
  runtime::Persistent raised_;
  runtime::Persistent end_trace_;
  runtime::Persistent raise_handler_;
  runtime::Persistent dynamic_state_;
  std::vector<runtime::Persistent> quoted_;
  std::vector<std::string> command_line_;
  std::optional<int> exit_status_;
  Evaluator* evaluator_ = nullptr;
  std::atomic<Interruption> interruption_{Interruption::kNone};
  std::string out_of_memory_;  // The message.
  const Primitive* running_ = nullptr;
  bool is_at_end_ = false;
  std::unique_ptr<StandardPorts> standard_ports_;
  std::unique_ptr<Interpreter> interpreter_;
};

// Whether it can be called. Never collects.
bool IsProcedure(Value value);

}  // namespace fledge::lambda
