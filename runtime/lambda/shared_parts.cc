#include "runtime/lambda/shared_parts.h"

#include <array>
#include <span>
#include <vector>

#include "runtime/lambda/printed_parts.h"
#include "runtime/object_layout.h"

namespace fledge::lambda {

using runtime::Value;

namespace {

// Whether a walk over all of it, without regard to what is shared, soon ends:
// then there is no circle.
bool EndsSoon(Value value) {
  constexpr std::size_t kMostParts = 64;
  std::array<Value, kMostParts> waiting;
  std::size_t count = 0;
  std::size_t left = kMostParts;
  waiting[count++] = value;
  while (count > 0) {
    const auto parts = PrintedParts(waiting[--count]);
    if (parts.size() > left) return false;
    left -= parts.size();
    for (Value::Word& slot : parts) {
      const Value part = runtime::LoadSlot(&slot);
      if (!part.IsReference()) continue;
      if (count == kMostParts) return false;
      waiting[count++] = part;
    }
  }
  return true;
}

}  // namespace

void SharedParts::Find(Value value, Labels labels, std::size_t limit_bytes) {
  if (labels == Labels::kNone) return;
  if (labels == Labels::kCircles && EndsSoon(value)) return;
  // Each part that is written takes a byte at least.
  std::size_t left = limit_bytes;
  struct Open {
    Address object;
    std::span<Value::Word> parts;
  };
  std::vector<Open> open;
  const auto enter = [&](Value part) {
    const auto parts = PrintedParts(part);
    if (parts.empty()) return;
    const auto [known, is_new] = objects_.try_emplace(part.object(), kOnPath);
    if (is_new) {
      open.push_back({part.object(), parts});
    } else if (known->second == kOnPath ||
               (known->second == kDone && labels == Labels::kShared)) {
      known->second = kToBeLabelled;
      ++labelled_;
    }
  };
  enter(value);
  while (!open.empty() && left > 0) {
    Open& last = open.back();
    if (last.parts.empty()) {
      std::int64_t& known = objects_.find(last.object)->second;
      if (known == kOnPath) known = kDone;
      open.pop_back();
      continue;
    }
    const Value part = runtime::LoadSlot(&last.parts.front());
    last.parts = last.parts.subspan(1);
    if (part.IsEmpty() || part.IsDeleted()) continue;
    --left;
    enter(part);
  }
}

bool SharedParts::HasLabel(Value value) const {
  if (labelled_ == 0 || !value.IsReference()) return false;
  const auto known = objects_.find(value.object());
  return known != objects_.end() && known->second != kOnPath &&
         known->second != kDone;
}

std::optional<SharedParts::Label> SharedParts::LabelOf(Value value) {
  if (!HasLabel(value)) return std::nullopt;
  std::int64_t& known = objects_.find(value.object())->second;
  const bool is_new = known == kToBeLabelled;
  if (is_new) known = static_cast<std::int64_t>(numbered_++);
  return Label{static_cast<std::size_t>(known), is_new};
}

}  // namespace fledge::lambda
