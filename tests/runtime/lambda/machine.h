// Machine: a Lambda machine on a heap of its own, for tests of primitives.
//
//   Machine machine(Machine::Moving());
//   const Value list = machine.Call("list", {machine.Integer(1)});
//
// What is made for a call is in handles as long as the machine.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <initializer_list>
#include <string>
#include <string_view>

#include "runtime/heap.h"
#include "runtime/lambda/primitives.h"
#include "runtime/lambda/text_encoding.h"
#include "runtime/lambda/texts.h"
#include "runtime/lambda/vm.h"
#include "runtime/objects.h"
#include "runtime/procedure_layout.h"

namespace fledge::lambda {

class Machine {
 public:
  static gc::HeapOptions Quiet(gc::Policy policy = gc::Policy::kGenImmix) {
    gc::HeapOptions options;
    options.policy = policy;
    options.max_heap_bytes = 32 * kMiB;
    options.nursery_bytes = 256 * kKiB;
    options.verify = gc::Verify::kOn;
    return options;
  }
  // Every allocation moves what it can, and reading where it was is a fault.
  static gc::HeapOptions Moving(gc::Policy policy = gc::Policy::kGenImmix) {
    gc::HeapOptions options = Quiet(policy);
    options.stress.every = 1;
    options.stress.major = 5;
    options.stress.protect = true;
    options.stress.seed = 1;
    return options;
  }

  // Calls body(options) under every policy, and for a heap that collects all
  // the time under each that collects.
  template <typename Body>
  static void UnderEveryPolicy(Body&& body) {
    for (const gc::Policy policy :
         {gc::Policy::kNoGc, gc::Policy::kSemispace, gc::Policy::kGenCopy,
          gc::Policy::kGenImmix}) {
      SCOPED_TRACE(std::string(NameOf(policy)));
      body(Quiet(policy));
      if (policy == gc::Policy::kNoGc) continue;
      SCOPED_TRACE("moving");
      body(Moving(policy));
    }
  }

  explicit Machine(const gc::HeapOptions& options = Moving())
      : heap(options),
        mutator(heap),
        vm(heap, mutator, {.stack_bytes = kMiB}),
        top_(words_.data()),
        roots_(heap.RegisterStack(words_.data(), &top_)),
        scope_(mutator) {}

  Local Keep(Value value) { return Local(mutator, value); }
  Local Integer(std::int64_t integer) {
    return Keep(Value::SmallInteger(integer));
  }
  Local Character(char32_t character) {
    return Keep(Value::Character(character));
  }
  Local String(std::u32string_view characters) {
    return Keep(TryMakeText(mutator, characters));
  }
  Local Symbol(std::string_view name) {
    return Keep(vm.symbols().Intern(mutator, name));
  }
  Local List(std::initializer_list<Local> items) { return Make("list", items); }
  // The result in a handle.
  Local Make(std::string_view name, std::initializer_list<Local> arguments) {
    return Keep(Call(name, arguments));
  }

  // Calls the primitive of this name. Empty after an error.
  Value Call(std::string_view name, std::initializer_list<Local> arguments) {
    const Primitive* const primitive = Find(name);
    if (primitive == nullptr || !primitive->Takes(arguments.size())) {
      ADD_FAILURE() << name << " does not take " << arguments.size();
      return Value::Undefined();
    }
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      words_[i] = arguments.begin()[i].get().word();
    }
    top_ = words_.data() + arguments.size();
    vm.set_running(primitive);
    const Value result =
        primitive->function(vm, Arguments(words_.data(), arguments.size()));
    top_ = words_.data();
    return result;
  }
  // What the same raises, as "kind: message", or "nothing".
  std::string ErrorOf(std::string_view name,
                      std::initializer_list<Local> arguments) {
    if (!Call(name, arguments).IsEmpty()) return "nothing";
    const runtime::Condition condition(vm.TakeRaised());
    std::string text(runtime::Symbol(condition.kind()).name().text());
    text += ": ";
    text += Utf8Of(runtime::Text(condition.message()));
    return text;
  }
  bool IsTrue(std::string_view name, std::initializer_list<Local> arguments) {
    const Value result = Call(name, arguments);
    EXPECT_TRUE(result.IsBoolean()) << name;
    return result.IsTrue();
  }

  static std::u32string TextOf(Value value) {
    if (!IsText(value)) return U"no text";
    std::u32string characters;
    for (std::size_t i = 0; i < Text(value).length(); ++i) {
      characters += Text(value).character(i);
    }
    return characters;
  }
  // A list or vector of small integers, false and characters, printed.
  static std::string Shown(Value value) {
    if (value.IsSmallInteger()) return std::to_string(value.integer());
    if (value.IsFalse()) return "#f";
    if (value.IsCharacter()) return {static_cast<char>(value.character())};
    std::string shown = "(";
    if (Is(value, ObjectType::kVector)) {
      shown = "#(";
      const runtime::Vector vector(value);
      for (std::size_t i = 0; i < vector.length(); ++i) {
        shown += (i == 0 ? "" : " ") + Shown(vector.item(i));
      }
      return shown + ")";
    }
    for (; Is(value, ObjectType::kPair); value = runtime::Pair(value).cdr()) {
      if (shown != "(") shown += " ";
      shown += Shown(runtime::Pair(value).car());
    }
    if (value.IsNil()) return shown + ")";
    return Is(value, ObjectType::kPair) || value.IsReference()
               ? shown + " . ?)"
               : shown + " . " + Shown(value) + ")";
  }

  runtime::Heap heap;
  runtime::Mutator mutator;
  Vm vm;

 private:
  static const Primitive* Find(std::string_view name) {
    for (const auto table :
         {BytevectorPrimitives(), CharacterPrimitives(),
          EquivalencePrimitives(), FilePrimitives(), InputPrimitives(),
          ListPrimitives(), NumberPrimitives(), OutputPrimitives(),
          PortPrimitives(), ReadPrimitives(), SymbolPrimitives(),
          TextPrimitives(), VectorPrimitives()}) {
      for (const Primitive& primitive : table) {
        if (primitive.name == name) return &primitive;
      }
    }
    return nullptr;
  }

  std::array<Value::Word, 16> words_ = {};
  Value::Word* top_;
  decltype(std::declval<runtime::Heap>().RegisterStack(nullptr,
                                                       nullptr)) roots_;
  runtime::HandleScope scope_;
};

// Tests of primitives on a machine whose objects move all the time, under every
// policy.
class PrimitivesTest : public ::testing::TestWithParam<gc::Policy> {
 protected:
  using Handles = std::initializer_list<Local>;

  Local Int(std::int64_t integer) { return machine_.Integer(integer); }
  Local Char(char32_t character) { return machine_.Character(character); }
  Local Str(std::u32string_view characters) {
    return machine_.String(characters);
  }
  // What calls return.
  std::string Shown(std::string_view name, Handles arguments) {
    return Machine::Shown(machine_.Call(name, arguments));
  }
  std::u32string TextOf(std::string_view name, Handles arguments) {
    return Machine::TextOf(machine_.Call(name, arguments));
  }
  std::string ErrorOf(std::string_view name, Handles arguments) {
    return machine_.ErrorOf(name, arguments);
  }
  bool IsTrue(std::string_view name, Handles arguments) {
    return machine_.IsTrue(name, arguments);
  }

  Machine machine_{Machine::Moving(GetParam())};
};

inline auto EveryPolicy() {
  return ::testing::Values(gc::Policy::kNoGc, gc::Policy::kSemispace,
                           gc::Policy::kGenCopy, gc::Policy::kGenImmix);
}
inline std::string PolicyName(
    const ::testing::TestParamInfo<gc::Policy>& info) {
  return std::string(NameOf(info.param));
}

}  // namespace fledge::lambda
