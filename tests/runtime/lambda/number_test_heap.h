// NumberHeap: a heap whose every allocation moves what it can, with numbers
// made of text, and their text again, for tests that say what they mean in
// Scheme's terms: heap.Text(Add(heap.mutator, heap["1/2"], heap["0.5"])) is
// "1.0".
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "runtime/lambda/number_memory.h"
#include "runtime/lambda/number_parser.h"
#include "runtime/lambda/number_printer.h"
#include "runtime/objects.h"

namespace fledge::lambda {

struct NumberHeap {
  static gc::HeapOptions Moving() {
    gc::HeapOptions options;
    options.max_heap_bytes = 64 * kMiB;
    options.verify = gc::Verify::kOn;
    options.stress.every = 1;
    options.stress.protect = true;
    options.stress.seed = 1;
    return options;
  }
  static gc::HeapOptions Quiet() {
    gc::HeapOptions options;
    options.max_heap_bytes = 256 * kMiB;
    return options;
  }

  using Operation = NumberResult (*)(Mutator&, Value, Value);
  using Function = NumberResult (*)(Mutator&, Value);

  explicit NumberHeap(const gc::HeapOptions& options = Moving())
      : heap(options), mutator(heap), scope(mutator) {}

  // In a handle. Use it as an operand: it is read where it is passed.
  struct Operand {
    Local local;
    operator Value() const { return local.get(); }  // NOLINT
  };
  Operand operator[](std::string_view text) {
    const NumberResult result = NumberFromText(mutator, text);
    EXPECT_TRUE(result.ok()) << text;
    return {Local(mutator, result.ok() ? result.value : Value::Nil())};
  }

  // What an operation makes of the numbers that the texts are.
  std::string Apply(Operation operation, std::string_view a,
                    std::string_view b) {
    const runtime::HandleScope each(mutator);
    const Operand x = (*this)[a], y = (*this)[b];
    return Text(operation(mutator, x, y));
  }
  std::string Apply(Function function, std::string_view a) {
    const runtime::HandleScope each(mutator);
    const Operand x = (*this)[a];
    return Text(function(mutator, x));
  }

  // The text of a result; of an error its name.
  static std::string Text(const NumberResult& result) {
    if (!result.ok()) return Text(result.error);
    return TextOf(result.value);
  }
  static std::string Text(NumberError error) {
    switch (error) {
      case NumberError::kNone:
        return "none";
      case NumberError::kWrongType:
        return "wrong type";
      case NumberError::kDivisionByZero:
        return "division by zero";
      case NumberError::kTooLarge:
        return "too large";
      case NumberError::kOutOfMemory:
        return "out of memory";
      case NumberError::kSyntax:
        return "syntax";
    }
    return "?";
  }

  runtime::Heap heap;
  Mutator mutator;
  runtime::HandleScope scope;
};

class NumberTest : public ::testing::Test {
 protected:
  using Operation = NumberHeap::Operation;
  using Function = NumberHeap::Function;

  std::string Apply(Operation operation, std::string_view a,
                    std::string_view b) {
    return heap_.Apply(operation, a, b);
  }
  std::string Apply(Function function, std::string_view a) {
    return heap_.Apply(function, a);
  }

  // Calls body(heap) for a few rounds while everything moves, and for many
  // where nothing does.
  template <typename Body>
  void InManyRounds(Body&& body) {
    for (int i = 0; i < 60 && !HasFatalFailure(); ++i) body(heap_);
    NumberHeap quiet(NumberHeap::Quiet());
    for (int i = 0; i < 2000 && !HasFatalFailure(); ++i) body(quiet);
  }

  NumberHeap heap_;
};

}  // namespace fledge::lambda
