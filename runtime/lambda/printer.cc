#include "runtime/lambda/printer.h"

#include <string_view>
#include <utility>
#include <vector>

#include "runtime/lambda/printed_parts.h"
#include "runtime/object_layout.h"
#include "runtime/procedure_layout.h"
#include "runtime/record_layout.h"

namespace fledge::lambda {

using runtime::Is;
using runtime::ObjectType;
using runtime::Value;

namespace {

class Printer {
 public:
  Printer(const PrintOptions& options, PrintSink& sink)
      : options_(options), buffer_(sink, options.limit_bytes) {}

  void Print(Value value) {
    shared_.Find(value, options_.labels, options_.limit_bytes);
    Begin(value);
    while (!open_.empty() && !buffer_.IsDone()) GoOn();
    buffer_.Flush();
  }

 private:
  // What is written up to its part `next`; of a list, up to the car or cdr of
  // one of its pairs.
  struct Open {
    Value object;
    ObjectType type;
    std::size_t next = 0;
    bool has_items = false;  // Of a map.
  };

  // The whole value if it is an atom or was written before; else it is open.
  void Begin(Value value) {
    if (PrintedParts(value).empty()) {
      AddAtom(buffer_, value, options_.style);
      return;
    }
    if (const auto label = shared_.LabelOf(value)) {
      buffer_.Add(U'#');
      buffer_.Add(std::to_string(label->number));
      buffer_.Add(label->is_new ? U'=' : U'#');
      if (!label->is_new) return;
    }
    const ObjectType type = runtime::TypeFrom(gc::LoadHeader(value.object()));
    AddBegin(value, type);
    open_.push_back({value, type, 0, false});
  }

  void AddBegin(Value value, ObjectType type) {
    switch (type) {
      case ObjectType::kPair:
        return buffer_.Add(U'(');
      case ObjectType::kVector:
        return buffer_.Add("#(");
      case ObjectType::kMap:
        return buffer_.Add(U'{');
      case ObjectType::kRecord:
        buffer_.Add("#<");
        return AddName(
            buffer_, runtime::RecordType(runtime::Record(value).type()).name());
      case ObjectType::kCondition:
        buffer_.Add("#<condition ");
        AddName(buffer_, runtime::Condition(value).kind());
        return buffer_.Add(U':');
      default:
        buffer_.Add("#<");
        return buffer_.Add(runtime::ShapeOf(type).name);
    }
  }

  // Writes the next part of what was opened last, or its end.
  void GoOn() {
    Open& last = open_.back();
    if (last.type == ObjectType::kPair) return GoOnWithList(last);
    if (last.type == ObjectType::kMap) return GoOnWithMap(last);
    const auto parts = PrintedParts(last.object);
    if (last.next == parts.size()) {
      return End(last.type == ObjectType::kVector ? ")" : ">");
    }
    if (last.type != ObjectType::kVector || last.next > 0) buffer_.Add(U' ');
    if (last.type == ObjectType::kRecord) {
      AddFieldName(runtime::Record(last.object), last.next);
    }
    Begin(runtime::LoadSlot(&parts[last.next++]));
  }

  void GoOnWithList(Open& last) {
    const runtime::Pair pair(last.object);
    if (last.next == 0) {
      last.next = 1;
      return Begin(pair.car());
    }
    const Value rest = pair.cdr();
    if (last.next == 2 || rest.IsNil()) return End(")");
    buffer_.Add(U' ');
    if (Is(rest, ObjectType::kPair) && !shared_.HasLabel(rest)) {
      last.object = rest;
      return Begin(runtime::Pair(rest).car());
    }
    buffer_.Add(". ");
    last.next = 2;
    Begin(rest);
  }

  // Keys and values by turns, without entries that are not there.
  void GoOnWithMap(Open& last) {
    const auto slots = PrintedParts(last.object);
    const auto is_unused = [&](std::size_t i) {
      const Value key = runtime::LoadSlot(&slots[i]);
      return key.IsEmpty() || key.IsDeleted();
    };
    if (last.next % 2 == 0) {
      while (last.next < slots.size() && is_unused(last.next)) last.next += 2;
      if (last.next == slots.size()) return End("}");
    }
    if (last.has_items) buffer_.Add(U' ');
    last.has_items = true;
    Begin(runtime::LoadSlot(&slots[last.next++]));
  }

  void AddFieldName(runtime::Record record, std::size_t i) {
    const runtime::RecordType type(record.type());
    if (!Is(type.fields(), ObjectType::kVector)) return;
    AddName(buffer_, runtime::Vector(type.fields()).item(i));
    buffer_.Add(": ");
  }

  void End(std::string_view text) {
    buffer_.Add(text);
    open_.pop_back();
  }

  const PrintOptions options_;
  PrintBuffer buffer_;
  SharedParts shared_;
  std::vector<Open> open_;  // Innermost last.
};

// Takes text up to any length.
class StringSink : public PrintSink {
 public:
  bool Append(std::string_view text) override {
    text_ += text;
    return true;
  }
  std::string text_;
};

std::string TextOf(Value value, PrintStyle style, std::size_t limit_bytes) {
  StringSink sink;
  Print(value, {style, Labels::kCircles, limit_bytes}, sink);
  return std::move(sink.text_);
}

}  // namespace

void Print(Value value, const PrintOptions& options, PrintSink& sink) {
  Printer(options, sink).Print(value);
}

std::string WriteText(Value value, std::size_t limit_bytes) {
  return TextOf(value, PrintStyle::kWritten, limit_bytes);
}

std::string DisplayText(Value value, std::size_t limit_bytes) {
  return TextOf(value, PrintStyle::kDisplayed, limit_bytes);
}

}  // namespace fledge::lambda
