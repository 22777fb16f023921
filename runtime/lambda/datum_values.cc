#include "runtime/lambda/datum_values.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "runtime/lambda/map_keys.h"
#include "runtime/lambda/number_parser.h"
#include "runtime/lambda/text_encoding.h"
#include "runtime/lambda/texts.h"
#include "runtime/map.h"
#include "runtime/objects.h"

namespace fledge::lambda {

using runtime::HandleScope;

namespace {

class DatumBuilder {
 public:
  DatumBuilder(Vm& vm, Literals literals)
      : vm_(vm),
        mutator_(vm.mutator()),
        literals_(literals),
        containers_(mutator_, Value::Nil()) {}

  Value Build(const Syntax& datum) {
    const Local made(mutator_, Start(datum));
    Open(datum, made.get());
    while (!open_.empty()) {
      // Small parts are made of what the heap has beyond its limit.
      if (vm_.is_out_of_memory()) OrNoMemory(datum.at, Value());
      GoOn();
    }
    return made.get();
  }

 private:
  using Kind = Syntax::Kind;

  // A container that lacks parts from `next` on.
  struct Unfinished {
    const Syntax* syntax;
    std::size_t next;
  };

  static const Syntax& WithoutLabels(const Syntax& datum) {
    const Syntax* bare = &datum;
    while (bare->Is(Kind::kLabelled)) bare = bare->first;
    return *bare;
  }

  // The value of what has no parts, or a container without them.
  Value Start(const Syntax& datum) {
    const Syntax* bare = &WithoutLabels(datum);
    const Value value = StartBare(*bare);
    for (const Syntax* label = &datum; label != bare; label = label->first) {
      labels_.insert_or_assign(label->integer,
                               runtime::Persistent(mutator_, value.word()));
    }
    return value;
  }

  Value StartBare(const Syntax& datum) {
    switch (datum.kind) {
      case Kind::kNil:
        return Value::Nil();
      case Kind::kBoolean:
        return Value::Boolean(datum.integer != 0);
      case Kind::kInteger:
        return Value::SmallInteger(datum.integer);
      case Kind::kCharacter:
        return Value::Character(static_cast<char32_t>(datum.integer));
      case Kind::kFloat:
        return runtime::MakeFloat(mutator_, datum.number);
      case Kind::kNumber:
        return MakeNumber(datum);
      case Kind::kString:
        return MakeString(datum);
      case Kind::kBytevector:
        return MakeBytes(datum);
      case Kind::kSymbol:
        return vm_.symbols().Intern(mutator_, datum.name->text);
      case Kind::kAlias:
        return StartBare(*datum.alias->identifier);
      case Kind::kPair:
        return runtime::MakePair(mutator_, Value::Undefined(), Value::Nil());
      case Kind::kVector: {
        const HandleScope scope(mutator_);
        const Local fill(mutator_, Value::Undefined());
        return OrNoMemory(datum.at, runtime::TryMakeVector(
                                        mutator_, datum.items.size(), fill));
      }
      case Kind::kMap:
        return runtime::MakeMap(mutator_);
      case Kind::kReference: {
        const auto label = labels_.find(datum.integer);
        if (label == labels_.end()) {
          throw SyntaxError(datum.at, "its label is not in this literal");
        }
        return Value::FromWord(label->second.get());
      }
      case Kind::kKeyword:
        return vm_.KeywordOf(datum.text);
      case Kind::kValue:
        return vm_.quoted(static_cast<std::size_t>(datum.integer));
      default:
        throw SyntaxError(datum.at, "this is no literal");
    }
  }

  Value OrNoMemory(Position at, Value made) {
    if (!made.IsEmpty()) [[likely]]
      return made;
    vm_.ForgetOutOfMemory();
    throw NoMemoryError(at);
  }

  Value MakeNumber(const Syntax& datum) {
    const NumberResult made = NumberFromText(mutator_, datum.text);
    // The reader has seen that it is a number, and that it is not too large.
    FLEDGE_CHECK(made.ok() || made.error == NumberError::kOutOfMemory,
                 "the reader takes for a number what is none");
    return OrNoMemory(datum.at, made.ok() ? made.value : Value());
  }

  Value MakeString(const Syntax& datum) {
    return OrNoMemory(datum.at, literals_ == Literals::kConstant
                                    ? TryMakeConstantText(mutator_, datum.text)
                                    : TryMakeTextOfUtf8(mutator_, datum.text));
  }

  Value MakeBytes(const Syntax& datum) {
    const Value made = OrNoMemory(
        datum.at, runtime::TryMakeBytes(mutator_, datum.text.size()));
    std::ranges::copy(datum.text, runtime::Bytes(made).bytes().begin());
    return made;
  }

  // What is to get its parts, if it has some, before all others.
  void Open(const Syntax& datum, Value value) {
    const Syntax& bare = WithoutLabels(datum);
    if (!bare.Is(Kind::kPair) && !bare.Is(Kind::kVector) &&
        !bare.Is(Kind::kMap)) {
      return;
    }
    open_.push_back({&bare, 0});
    containers_.set(runtime::MakePair(mutator_, value, containers_.get()));
  }

  Value container() const { return runtime::Pair(containers_.get()).car(); }
  void Close() {
    open_.pop_back();
    containers_.set(runtime::Pair(containers_.get()).cdr());
  }

  // The next part of the container that was opened last.
  void GoOn() {
    Unfinished& last = open_.back();
    const Syntax& syntax = *last.syntax;
    if (syntax.Is(Kind::kPair)) return GoOnWithList(last);
    if (last.next == syntax.items.size()) return Close();
    const HandleScope scope(mutator_);
    const std::size_t i = last.next++;
    Local item(mutator_, Start(*syntax.items[i]));
    if (syntax.Is(Kind::kMap)) {
      FixKey(syntax.items[i]->at, item);
      return PutEntry(last, item);
    }
    runtime::SetItem(mutator_, runtime::Vector(container()), i, item.get());
    Open(*syntax.items[i], item.get());
  }

  void GoOnWithList(Unfinished& last) {
    const Syntax& syntax = *last.syntax;
    const HandleScope scope(mutator_);
    if (last.next == 0) {
      last.next = 1;
      const Local item(mutator_, Start(*syntax.first));
      runtime::SetCar(mutator_, runtime::Pair(container()), item.get());
      return Open(*syntax.first, item.get());
    }
    const Syntax& rest = *syntax.rest;
    if (last.next == 2 || rest.Is(Kind::kNil)) return Close();
    const Local made(mutator_, Start(rest));
    runtime::SetCdr(mutator_, runtime::Pair(container()), made.get());
    if (rest.Is(Kind::kPair)) {
      // In its place, so that a list is no depth.
      last = {&rest, 0};
      runtime::SetCar(mutator_, runtime::Pair(containers_.get()), made.get());
    } else {
      last.next = 2;
      Open(rest, made.get());
    }
  }

  // A string that is a key does not change.
  void FixKey(Position at, Local& key) {
    if (!IsText(key.get()) || Text(key.get()).is_constant()) return;
    const std::string text = Utf8Of(Text(key.get()));
    key.set(OrNoMemory(at, TryMakeConstantText(mutator_, text)));
  }

  void PutEntry(Unfinished& last, Local key) {
    const Syntax& at = *last.syntax->items[last.next - 1];
    if (!runtime::IsHashable(key.get())) {
      throw SyntaxError(at.at, "a key of a map is " + std::string(kMapKeys));
    }
    const Syntax& item = *last.syntax->items[last.next++];
    const Local value(mutator_, Start(item));
    const Local map(mutator_, container());
    if (runtime::TryMapPut(mutator_, map, key, value) ==
        runtime::MapResult::kOutOfMemory) {
      OrNoMemory(at.at, Value());
    }
    Open(item, value.get());
  }

  Vm& vm_;
  runtime::Mutator& mutator_;
  const Literals literals_;
  std::vector<Unfinished> open_;  // Innermost last.
  Local containers_;              // Theirs: a list, innermost first.
  std::unordered_map<std::int64_t, runtime::Persistent> labels_;
};

}  // namespace

Value MakeDatum(Vm& vm, const Syntax& datum, Literals literals) {
  const HandleScope scope(vm.mutator());
  return DatumBuilder(vm, literals).Build(datum);
}

}  // namespace fledge::lambda
