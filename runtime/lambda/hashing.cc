#include "runtime/lambda/hashing.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "runtime/hash.h"
#include "runtime/identity_hash.h"
#include "runtime/lambda/number_predicates.h"
#include "runtime/object_layout.h"
#include "runtime/text_contents.h"

namespace fledge::lambda {

using runtime::HashWord;
using runtime::ObjectType;
using runtime::Value;

namespace {

// Parts of a structure that are looked at, and of those items of one vector.
constexpr std::size_t kParts = 64;
constexpr std::size_t kItems = 8;

ObjectType TypeOf(Value value) {
  return runtime::TypeFrom(gc::LoadHeader(value.object()));
}

std::uint32_t Narrowed(std::uint64_t hash) {
  return static_cast<std::uint32_t>(hash);
}

std::uint64_t Mix(std::uint64_t hash, std::uint64_t word) {
  return HashWord(hash ^ word) + 0x9e37'79b9'7f4a'7c15;
}

std::uint32_t HashOfObject(Value value, ObjectType type) {
  if (type == ObjectType::kSymbol) {
    return Narrowed(runtime::Symbol(value).hash());
  }
  if (type == ObjectType::kKeyword) {
    return Narrowed(~runtime::Keyword(value).symbol().hash());
  }
  return runtime::IdentityHash(value.object());
}

bool IsNumberObject(ObjectType type) {
  return type == ObjectType::kFloat || type == ObjectType::kBignum ||
         type == ObjectType::kRational || type == ObjectType::kComplex;
}

// Of what has no parts, or is too deep for them to be looked at.
std::uint64_t HashOfLeaf(Value value) {
  if (!value.IsReference()) return HashWord(value.word());
  if (runtime::IsText(value)) return runtime::HashOf(runtime::Text(value));
  switch (const ObjectType type = TypeOf(value)) {
    case ObjectType::kBytes: {
      const auto bytes = runtime::Bytes(value).bytes();
      return runtime::HashText(
          {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    }
    case ObjectType::kString:
      return runtime::HashText(runtime::String(value).text());
    default:
      if (IsNumberObject(type)) return NumberHash(value);
      return HashOfObject(value, type);
  }
}

// Walks the first parts of a structure, the leftmost first.
class PartsHash {
 public:
  std::uint64_t Of(Value whole) {
    Push(whole);
    for (std::size_t looked_at = 0; count_ > 0 && looked_at < kParts;
         ++looked_at) {
      Add(waiting_[--count_]);
    }
    return hash_;
  }

 private:
  void Push(Value value) { waiting_[count_++] = value; }

  void Add(Value value) {
    if (runtime::Is(value, ObjectType::kPair)) {
      hash_ = Mix(hash_, 1);
      const runtime::Pair pair(value);
      Push(pair.cdr());
      Push(pair.car());
    } else if (runtime::Is(value, ObjectType::kVector)) {
      const runtime::Vector vector(value);
      hash_ = Mix(hash_, vector.length() + 2);
      for (std::size_t i = std::min(vector.length(), kItems); i-- > 0;) {
        Push(vector.item(i));
      }
    } else {
      hash_ = Mix(hash_, HashOfLeaf(value));
    }
  }

  std::uint64_t hash_ = 0;
  std::size_t count_ = 0;
  std::array<Value, 1 + kParts*(kItems - 1)> waiting_;
};

}  // namespace

std::uint32_t EqHash(Value value) {
  if (!value.IsReference()) return Narrowed(HashWord(value.word()));
  return HashOfObject(value, TypeOf(value));
}

std::uint32_t EqvHash(Value value) {
  if (!value.IsReference()) return Narrowed(HashWord(value.word()));
  const ObjectType type = TypeOf(value);
  if (IsNumberObject(type)) return Narrowed(NumberHash(value));
  return HashOfObject(value, type);
}

std::uint32_t EqualHash(Value value) {
  if (runtime::Is(value, ObjectType::kPair) ||
      runtime::Is(value, ObjectType::kVector)) {
    return Narrowed(PartsHash().Of(value));
  }
  return Narrowed(HashOfLeaf(value));
}

bool LacksIdentityHash(Value value) {
  if (!value.IsReference() || runtime::HasIdentityHash(value.object())) {
    return false;
  }
  const ObjectType type = TypeOf(value);
  return type != ObjectType::kSymbol && type != ObjectType::kKeyword &&
         !IsNumberObject(type);
}

}  // namespace fledge::lambda
