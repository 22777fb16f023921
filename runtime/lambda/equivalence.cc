#include "runtime/lambda/equivalence.h"

#include <algorithm>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "runtime/lambda/number_predicates.h"
#include "runtime/object_layout.h"
#include "runtime/text_contents.h"
#include "runtime/text_layout.h"

namespace fledge::lambda {

using runtime::Is;
using runtime::ObjectType;

namespace {

// Objects that were found equal, or are if all else is, as classes: disjoint
// sets, by address, as nothing moves meanwhile.
class EqualObjects {
 public:
  // Joins the classes of both. False if they were one before.
  bool Join(Address a, Address b) {
    a = ClassOf(a);
    b = ClassOf(b);
    if (a == b) return false;
    parents_[a] = b;
    return true;
  }

 private:
  Address ClassOf(Address object) {
    auto at = parents_.try_emplace(object, object).first;
    while (at->second != at->first) {
      const auto parent = parents_.find(at->second);
      at->second = parent->second;  // Halves the way for the next time.
      at = parents_.find(at->second);
    }
    return at->first;
  }

  std::unordered_map<Address, Address> parents_;
};

class EqualityCheck {
 public:
  bool AreEqual(Value a, Value b) {
    if (!Compare(a, b)) return false;
    while (!unfinished_.empty()) {
      Parts& parts = unfinished_.back();
      const Value one = Value::FromWord(*parts.a++);
      const Value other = Value::FromWord(*parts.b++);
      // Gone before its last part is looked into, so that a list is no depth.
      if (--parts.left == 0) unfinished_.pop_back();
      if (!Compare(one, other)) return false;
    }
    return true;
  }

 private:
  // What is still to be compared of two objects.
  struct Parts {
    const Value::Word* a;
    const Value::Word* b;
    std::size_t left;
  };

  // How many pairs of objects are compared in a row without noting them, at
  // most and to begin with, and how many are noted in a row.
  static constexpr int kUnnoted = 800;
  static constexpr int kNoted = 40;

  // False if they differ. Notes what parts are to be compared.
  bool Compare(Value a, Value b) {
    if (AreEqv(a, b)) return true;
    if (!a.IsReference() || !b.IsReference()) return false;
    if (runtime::IsText(a)) {
      return runtime::IsText(b) &&
             runtime::HaveSameCharacters(runtime::Text(a), runtime::Text(b));
    }
    const ObjectType type = runtime::TypeFrom(gc::LoadHeader(a.object()));
    if (!Is(b, type)) return false;
    switch (type) {
      case ObjectType::kPair:
        return Add(a, b, runtime::Pair(a).car_slot(),
                   runtime::Pair(b).car_slot(), 2);
      case ObjectType::kVector: {
        const runtime::Vector one(a);
        const runtime::Vector other(b);
        if (one.length() != other.length()) return false;
        if (one.length() == 0) return true;
        return Add(a, b, one.item_slot(0), other.item_slot(0), one.length());
      }
      case ObjectType::kBytes:
        return std::ranges::equal(runtime::Bytes(a).bytes(),
                                  runtime::Bytes(b).bytes());
      case ObjectType::kString:
        return runtime::String(a).text() == runtime::String(b).text();
      default:
        return false;
    }
  }

  bool Add(Value a, Value b, const Value::Word* parts_of_a,
           const Value::Word* parts_of_b, std::size_t count) {
    if (unnoted_left_ > 0) {
      --unnoted_left_;
    } else {
      if (!equal_.Join(a.object(), b.object())) {
        noted_left_ = kNoted;  // Here is a circle, or what is shared.
        return true;
      }
      if (--noted_left_ == 0) {
        noted_left_ = kNoted;
        // Any number, so that no circle is always noted at the same places.
        random_ = random_ * 6364136223846793005u + 1442695040888963407u;
        unnoted_left_ = static_cast<int>((random_ >> 33) % kUnnoted);
      }
    }
    unfinished_.push_back({parts_of_a, parts_of_b, count});
    return true;
  }

  std::vector<Parts> unfinished_;
  EqualObjects equal_;
  int unnoted_left_ = kUnnoted;
  int noted_left_ = kNoted;
  std::uint64_t random_ = 1;
};

}  // namespace

bool AreEqv(Value a, Value b) {
  if (a == b) return true;
  // An immediate is equal to nothing else.
  return a.IsReference() && b.IsReference() && NumberEqv(a, b);
}

bool AreEqual(Value a, Value b) { return EqualityCheck().AreEqual(a, b); }

}  // namespace fledge::lambda
