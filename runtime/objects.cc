#include "runtime/objects.h"

#include "allocator/base/check.h"
#include "runtime/hash.h"

namespace fledge::runtime {
namespace {

using internal::Allocate;
using internal::SizeToAsk;
using internal::TryAllocate;

// Each takes the memory of an allocation, null if it failed.

Value StringAt(Address object, std::string_view text) {
  if (object == kNullAddress) return Value();
  return String::Initialize(object, text).value();
}

Value SubstringAt(Address object, Local string, std::size_t begin,
                  std::size_t length) {
  if (object == kNullAddress) return Value();
  // After the allocation: it may have moved `string`.
  const std::string_view text = String(string.get()).text();
  return String::Initialize(object, text.substr(begin, length)).value();
}

Value SymbolAt(Address object, Local name) {
  if (object == kNullAddress) return Value();
  const String text(name.get());
  return Symbol::Initialize(object, text, HashText(text.text())).value();
}

Value BytesAt(Address object, std::size_t length) {
  if (object == kNullAddress) return Value();
  return Bytes::Initialize(object, length).value();
}

Value VectorAt(Address object, std::size_t length, Local fill) {
  if (object == kNullAddress) return Value();
  return Vector::Initialize(object, length, fill.get()).value();
}

// Of a large vector no card has to be looked at until a reference is stored.
gc::AllocationKind KindOfVector(std::size_t length, Local fill) {
  const bool is_leaf =
      SizeToAsk(ObjectType::kVector, length) > gc::kLargestYoungBytes &&
      !fill.get().IsReference();
  return is_leaf ? gc::AllocationKind::kLeaf : gc::AllocationKind::kTraced;
}

Value MapAt(Address object) {
  if (object == kNullAddress) return Value();
  return Map::Initialize(object).value();
}

void CheckOutside(Mutator& mutator, std::string_view text) {
  FLEDGE_CHECK(!mutator.heap().reservation().Contains(
                   reinterpret_cast<Address>(text.data())),
               "the text is in the heap and may move: use MakeSubstring()");
}

void CheckSubstring(Local string, std::size_t begin, std::size_t length) {
  const std::size_t whole = String(string.get()).length();
  FLEDGE_CHECK(begin <= whole && length <= whole - begin,
               "a substring that ends after the string");
}

}  // namespace

Value internal::MakePairSlow(Mutator& mutator, Value car, Value cdr) {
  const HandleScope scope(mutator);
  return MakePair(mutator, Local(mutator, car), Local(mutator, cdr));
}

Value MakeString(Mutator& mutator, std::string_view text) {
  CheckOutside(mutator, text);
  return StringAt(Allocate<ObjectType::kString>(mutator, text.size()), text);
}
Value TryMakeString(Mutator& mutator, std::string_view text) {
  CheckOutside(mutator, text);
  return StringAt(TryAllocate<ObjectType::kString>(mutator, text.size()), text);
}

Value MakeSubstring(Mutator& mutator, Local string, std::size_t begin,
                    std::size_t length) {
  CheckSubstring(string, begin, length);
  return SubstringAt(Allocate<ObjectType::kString>(mutator, length), string,
                     begin, length);
}
Value TryMakeSubstring(Mutator& mutator, Local string, std::size_t begin,
                       std::size_t length) {
  CheckSubstring(string, begin, length);
  return SubstringAt(TryAllocate<ObjectType::kString>(mutator, length), string,
                     begin, length);
}

Value MakeSymbol(Mutator& mutator, Local name) {
  return SymbolAt(Allocate<ObjectType::kSymbol>(mutator), name);
}
Value TryMakeSymbol(Mutator& mutator, Local name) {
  return SymbolAt(TryAllocate<ObjectType::kSymbol>(mutator), name);
}

Value MakeBytes(Mutator& mutator, std::size_t length) {
  return BytesAt(Allocate<ObjectType::kBytes>(mutator, length), length);
}
Value TryMakeBytes(Mutator& mutator, std::size_t length) {
  return BytesAt(TryAllocate<ObjectType::kBytes>(mutator, length), length);
}

Value MakeVector(Mutator& mutator, std::size_t length, Local fill) {
  const Address object = mutator.Allocate(
      SizeToAsk(ObjectType::kVector, length), KindOfVector(length, fill));
  return VectorAt(object, length, fill);
}
Value TryMakeVector(Mutator& mutator, std::size_t length, Local fill) {
  const Address object = mutator.TryAllocate(
      SizeToAsk(ObjectType::kVector, length), KindOfVector(length, fill));
  return VectorAt(object, length, fill);
}

Value MakeMap(Mutator& mutator) {
  return MapAt(Allocate<ObjectType::kMap>(mutator));
}
Value TryMakeMap(Mutator& mutator) {
  return MapAt(TryAllocate<ObjectType::kMap>(mutator));
}

}  // namespace fledge::runtime
