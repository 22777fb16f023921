#include "runtime/lambda/syntax_of_value.h"

#include <string>

#include "runtime/lambda/number_predicates.h"
#include "runtime/lambda/number_printer.h"
#include "runtime/lambda/primitive.h"
#include "runtime/lambda/stack_limit.h"
#include "runtime/lambda/text_encoding.h"
#include "runtime/map.h"
#include "runtime/object_layout.h"
#include "runtime/text_layout.h"

namespace fledge::lambda {
namespace {

using Kind = Syntax::Kind;
using runtime::Pair;
using runtime::Vector;

class SyntaxMaker {
 public:
  SyntaxMaker(Position at, Arena& arena, Names& names,
              std::vector<Value>& others)
      : at_(at), arena_(arena), names_(names), others_(others) {}

  const Syntax* Form(Value value) {
    stack_.Check(at_);
    if (value.IsNil()) return Make(Kind::kNil);
    if (value.IsBoolean()) return Number(Kind::kBoolean, value.IsTrue());
    if (value.IsSmallInteger()) return Number(Kind::kInteger, value.integer());
    if (value.IsCharacter()) return Number(Kind::kCharacter, value.character());
    if (IsNumber(value)) return OtherNumber(value);
    if (runtime::IsText(value)) {
      return Text(Kind::kString, Utf8Of(runtime::Text(value)));
    }
    if (Is(value, ObjectType::kSymbol)) return Symbol(value);
    if (Is(value, ObjectType::kKeyword)) {
      const runtime::Symbol symbol = runtime::Keyword(value).symbol();
      return Text(Kind::kKeyword, symbol.name().text());
    }
    if (Is(value, ObjectType::kPair)) return List(value);
    if (Is(value, ObjectType::kMap)) return Entries(runtime::Map(value));
    if (Is(value, ObjectType::kVector)) return Items(Vector(value));
    if (Is(value, ObjectType::kBytes)) {
      const auto bytes = runtime::Bytes(value).bytes();
      return Text(Kind::kBytevector,
                  {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    }
    others_.push_back(value);
    return Number(Kind::kValue, static_cast<std::int64_t>(others_.size() - 1));
  }

 private:
  // A circle has no end, so there must be one.
  static constexpr std::size_t kMostParts = 1'000'000;

  Syntax* Make(Kind kind) {
    if (++parts_ > kMostParts) {
      throw SyntaxError(at_, "this is circular, or larger than any program");
    }
    Syntax* const made = arena_.Make<Syntax>();
    made->kind = kind;
    made->at = at_;
    return made;
  }

  const Syntax* Number(Kind kind, std::int64_t number) {
    Syntax* const made = Make(kind);
    made->integer = number;
    return made;
  }

  const Syntax* Text(Kind kind, std::string_view text) {
    Syntax* const made = Make(kind);
    made->text = arena_.Copy(text);
    return made;
  }

  const Syntax* OtherNumber(Value value) {
    if (!Is(value, ObjectType::kFloat)) {
      return Text(Kind::kNumber, TextOf(value));
    }
    Syntax* const made = Make(Kind::kFloat);
    made->number = runtime::Float(value).number();
    return made;
  }

  const Syntax* Symbol(Value value) {
    Syntax* const made = Make(Kind::kSymbol);
    made->name = names_.Intern(runtime::Symbol(value).name().text());
    return made;
  }

  const Syntax* List(Value list) {
    Syntax* const first = Make(Kind::kPair);
    Syntax* last = first;
    while (true) {
      last->first = Form(Pair(list).car());
      list = Pair(list).cdr();
      if (!Is(list, ObjectType::kPair)) break;
      Syntax* const next = Make(Kind::kPair);
      last->rest = next;
      last = next;
    }
    last->rest = Form(list);
    return first;
  }

  const Syntax* Items(Vector vector) {
    std::vector<const Syntax*> items;
    for (std::size_t i = 0; i < vector.length(); ++i) {
      items.push_back(Form(vector.item(i)));
    }
    Syntax* const made = Make(Kind::kVector);
    made->items = arena_.Copy(std::span<const Syntax* const>(items));
    return made;
  }

  const Syntax* Entries(runtime::Map map) {
    std::vector<const Syntax*> items;
    std::size_t position = 0;
    while (true) {
      const runtime::MapEntry entry = NextMapEntry(map, position);
      if (entry.key.IsEmpty()) break;
      items.push_back(Form(entry.key));
      items.push_back(Form(entry.value));
    }
    Syntax* const made = Make(Kind::kMap);
    made->items = arena_.Copy(std::span<const Syntax* const>(items));
    return made;
  }

  const Position at_;
  Arena& arena_;
  Names& names_;
  std::vector<Value>& others_;
  StackLimit stack_;
  std::size_t parts_ = 0;
};

}  // namespace

const Syntax* SyntaxOfValue(Value value, Position at, Arena& arena,
                            Names& names, std::vector<Value>& others) {
  return SyntaxMaker(at, arena, names, others).Form(value);
}

}  // namespace fledge::lambda
