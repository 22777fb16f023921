// Record layout: records and other objects of a few fields, and typed views of
// them.
//
//                 +0        +8             +16            +24
//   record        header    type           field 0        ...
//   record type   header    name: symbol   fields: vector of symbols
//   promise       header    content
//   parameter     header    value          converter, or false
//   case-lambda   header    closure 0      closure 1      ...
//
// Design: docs/design/value_model.md. Views: runtime/object_layout.h.
//
// Threads: as there.
#pragma once

#include <cstddef>

#include "runtime/object_layout.h"

namespace fledge::runtime {

class Record : public View<ObjectType::kRecord> {
 public:
  using View::View;

  // All fields are undefined. Costs O(fields).
  static Record Initialize(Address object, Value type, std::size_t fields) {
    Record view(StartObject(object, 1 + fields));
    *view.WordAt(0) = type.word();
    for (std::size_t i = 0; i < fields; ++i) {
      *view.WordAt(1 + i) = Value::Undefined().word();
    }
    return view;
  }

  Value type() const { return LoadSlot(WordAt(0)); }
  std::size_t field_count() const { return length() - 1; }
  // REQUIRES: i < field_count().
  Value field(std::size_t i) const { return LoadSlot(field_slot(i)); }
  Value::Word* field_slot(std::size_t i) const { return WordAt(1 + i); }
};

class RecordType : public View<ObjectType::kRecordType> {
 public:
  using View::View;

  static RecordType Initialize(Address object, Value name, Value fields) {
    RecordType view(StartObject(object));
    *view.WordAt(0) = name.word();
    *view.WordAt(1) = fields.word();
    return view;
  }

  Value name() const { return LoadSlot(WordAt(0)); }
  Value fields() const { return LoadSlot(WordAt(1)); }
};

class Promise : public View<ObjectType::kPromise> {
 public:
  using View::View;

  static Promise Initialize(Address object, Value content) {
    Promise view(StartObject(object));
    *view.content_slot() = content.word();
    return view;
  }

  Value content() const { return LoadSlot(content_slot()); }
  Value::Word* content_slot() const { return WordAt(0); }
};

class Parameter : public View<ObjectType::kParameter> {
 public:
  using View::View;

  static Parameter Initialize(Address object, Value value, Value converter) {
    Parameter view(StartObject(object));
    *view.WordAt(0) = value.word();
    *view.WordAt(1) = converter.word();
    return view;
  }

  // Where nothing else is bound.
  Value default_value() const { return LoadSlot(WordAt(0)); }
  Value converter() const { return LoadSlot(WordAt(1)); }
};

class CaseLambda : public View<ObjectType::kCaseLambda> {
 public:
  using View::View;

  // All closures are undefined. Costs O(count).
  static CaseLambda Initialize(Address object, std::size_t count) {
    CaseLambda view(StartObject(object, count));
    for (std::size_t i = 0; i < count; ++i) {
      *view.WordAt(i) = Value::Undefined().word();
    }
    return view;
  }

  // REQUIRES: i < length().
  Value closure(std::size_t i) const { return LoadSlot(WordAt(i)); }
  Value::Word* closure_slot(std::size_t i) const { return WordAt(i); }
};

}  // namespace fledge::runtime
