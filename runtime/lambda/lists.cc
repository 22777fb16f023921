#include "runtime/lambda/lists.h"

#include "runtime/object_layout.h"

namespace fledge::lambda {

using runtime::Is;
using runtime::ObjectType;
using runtime::Pair;
using runtime::Value;

namespace {

// Where the cdrs of a list end, and after how many pairs.
struct End {
  Value rest;  // A pair if they go round for ever.
  std::size_t length = 0;
};

End FindEnd(Value list) {
  End end = {list};
  // Walks at half the speed, so that it is met again only in a circle.
  Value slow = list;
  while (Is(end.rest, ObjectType::kPair)) {
    if (end.length % 2 == 1) slow = Pair(slow).cdr();
    end.rest = Pair(end.rest).cdr();
    ++end.length;
    if (end.rest == slow) break;
  }
  return end;
}

}  // namespace

std::optional<std::size_t> ListLength(Value list) {
  const End end = FindEnd(list);
  if (!end.rest.IsNil()) return std::nullopt;
  return end.length;
}

bool IsCircular(Value list) {
  return Is(FindEnd(list).rest, ObjectType::kPair);
}

}  // namespace fledge::lambda
