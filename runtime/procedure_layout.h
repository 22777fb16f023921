// Procedure layout: the objects that programs run as, and typed views of them.
//
//                 +0        +8             +16            +24        +32
//   closure       header    template       captured 0     ...
//   primitive     header    name: symbol   entry
//   template      header    code           constants      name       function
//   code          header    instructions
//   continuation  header    next           ...
//   global        header    value          name: symbol
//   values        header    value 0        value 1        ...
//   condition     header    kind: symbol   message        irritants  trace
//
// What the entry, the function and the frames of a continuation are is the
// machine's affair (runtime/lambda/).
//
// Design: docs/design/value_model.md. Views: runtime/object_layout.h.
//
// Threads: as there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "runtime/object_layout.h"

namespace fledge::runtime {

class Closure : public View<ObjectType::kClosure> {
 public:
  using View::View;

  // All captures are undefined. Costs O(captures).
  static Closure Initialize(Address object, Value of, std::size_t captures) {
    Closure view(StartObject(object, 1 + captures));
    *view.WordAt(0) = of.word();
    for (std::size_t i = 0; i < captures; ++i) {
      *view.WordAt(1 + i) = Value::Undefined().word();
    }
    return view;
  }

  Value closure_template() const { return LoadSlot(WordAt(0)); }
  std::size_t capture_count() const { return length() - 1; }
  // REQUIRES: i < capture_count().
  Value capture(std::size_t i) const { return LoadSlot(capture_slot(i)); }
  Value::Word* capture_slot(std::size_t i) const { return WordAt(1 + i); }
};

class PrimitiveObject : public View<ObjectType::kPrimitive> {
 public:
  using View::View;

  static PrimitiveObject Initialize(Address object, Value name,
                                    const void* entry) {
    PrimitiveObject view(StartObject(object));
    *view.WordAt(0) = name.word();
    *view.WordAt(1) = reinterpret_cast<std::uintptr_t>(entry);
    return view;
  }

  Value name() const { return LoadSlot(WordAt(0)); }
  const void* entry() const {
    return reinterpret_cast<const void*>(*WordAt(1));
  }
};

class Template : public View<ObjectType::kTemplate> {
 public:
  using View::View;

  static Template Initialize(Address object, Value code, Value constants,
                             Value name, const void* function) {
    Template view(StartObject(object));
    *view.WordAt(0) = code.word();
    *view.WordAt(1) = constants.word();
    *view.WordAt(2) = name.word();
    *view.WordAt(3) = reinterpret_cast<std::uintptr_t>(function);
    return view;
  }

  Value code() const { return LoadSlot(WordAt(0)); }
  Value constants() const { return LoadSlot(WordAt(1)); }
  // A symbol, or false.
  Value name() const { return LoadSlot(WordAt(2)); }
  const void* function() const {
    return reinterpret_cast<const void*>(*WordAt(3));
  }
};

class Code : public View<ObjectType::kCode> {
 public:
  using View::View;

  // REQUIRES: the object is one that does not move.
  static Code Initialize(Address object,
                         std::span<const std::uint64_t> instructions) {
    Code view(StartObject(object, instructions.size_bytes()));
    if (!instructions.empty()) {
      std::memcpy(view.Data(), instructions.data(), instructions.size_bytes());
    }
    return view;
  }

  const std::uint64_t* instructions() const { return WordAt(0); }
  std::size_t count() const { return length() / kWordBytes; }
};

class Continuation : public View<ObjectType::kContinuation> {
 public:
  using View::View;

  // The words after `next` are undefined. Costs O(length).
  static Continuation Initialize(Address object, std::size_t length,
                                 Value next) {
    Continuation view(StartObject(object, 1 + length));
    *view.WordAt(0) = next.word();
    for (std::size_t i = 0; i < length; ++i) {
      *view.WordAt(1 + i) = Value::Undefined().word();
    }
    return view;
  }

  // What returns go on with after its own frames: a continuation, or nil.
  Value next() const { return LoadSlot(WordAt(0)); }
  std::size_t word_count() const { return length() - 1; }
  // REQUIRES: i < word_count().
  Value::Word* word_slot(std::size_t i) const { return WordAt(1 + i); }
};

class Global : public View<ObjectType::kGlobal> {
 public:
  using View::View;

  static Global Initialize(Address object, Value value, Value name) {
    Global view(StartObject(object));
    *view.value_slot() = value.word();
    *view.WordAt(1) = name.word();
    return view;
  }

  // Deleted if it is not defined.
  Value content() const { return LoadSlot(value_slot()); }
  Value::Word* value_slot() const { return WordAt(0); }
  Value name() const { return LoadSlot(WordAt(1)); }
};

class Values : public View<ObjectType::kValues> {
 public:
  using View::View;

  // All are undefined. Costs O(count).
  static Values Initialize(Address object, std::size_t count) {
    Values view(StartObject(object, count));
    for (std::size_t i = 0; i < count; ++i) {
      *view.WordAt(i) = Value::Undefined().word();
    }
    return view;
  }

  // REQUIRES: i < length().
  Value value_at(std::size_t i) const { return LoadSlot(WordAt(i)); }
  Value::Word* slot(std::size_t i) const { return WordAt(i); }
};

class Condition : public View<ObjectType::kCondition> {
 public:
  using View::View;

  static Condition Initialize(Address object, Value kind, Value message,
                              Value irritants, Value trace) {
    Condition view(StartObject(object));
    *view.WordAt(0) = kind.word();
    *view.WordAt(1) = message.word();
    *view.WordAt(2) = irritants.word();
    *view.WordAt(3) = trace.word();
    return view;
  }

  Value kind() const { return LoadSlot(WordAt(0)); }
  Value message() const { return LoadSlot(WordAt(1)); }
  // A list.
  Value irritants() const { return LoadSlot(WordAt(2)); }
  Value trace() const { return LoadSlot(WordAt(3)); }
};

}  // namespace fledge::runtime
