#include "runtime/code_registry.h"

#include <cinttypes>
#include <cstdio>
#include <iterator>
#include <mutex>
#include <utility>

#include "allocator/base/check.h"
#include "runtime/unwind_table_walker.h"

namespace fledge::runtime {

CodeRegistry::~CodeRegistry() {
  FLEDGE_CHECK(by_begin_.empty(),
               "a code registry was destroyed before a registration of code");
}

std::optional<StackMapError> CodeRegistry::Check(const Code& code) const {
  const auto error = [&](const std::string& what) {
    return StackMapError{"code " + code.name + ": " + what};
  };
  if (code.range.empty()) return error("its range is empty");
  if (code.map.slot_bytes() != heap_.slot_bytes()) {
    return error(
        "its map is for slots of " + std::to_string(code.map.slot_bytes()) +
        " bytes, those of the heap have " + std::to_string(heap_.slot_bytes()));
  }
  for (const StackMap::Site& site : code.map.sites()) {
    // A call may be the last instruction.
    if (!code.range.Contains(site.return_address - 1)) {
      return error(code.map.PlaceOf(site) + " is outside of its range");
    }
    if (code.walk != FrameWalk::kFramePointer &&
        !HasUnwindTable(site.return_address)) {
      return error(code.map.PlaceOf(site) +
                   " has no unwind table: compile with uwtable, or link "
                   ".eh_frame");
    }
  }
  return {};
}

std::optional<StackMapError> CodeRegistry::RegisterCode(
    Code code, Registration& registration) {
  if (auto error = Check(code)) return error;
  auto owned = std::make_unique<const Code>(std::move(code));
  const Code& added = *owned;

  std::unique_lock lock = heap_.safepoints().LockUnstopped();
  const auto next = by_begin_.lower_bound(added.range.begin);
  const Code* overlapped = nullptr;
  if (next != by_begin_.end() && next->first < added.range.end()) {
    overlapped = codes_[next->second].get();
  } else if (next != by_begin_.begin()) {
    const Code* before = codes_[std::prev(next)->second].get();
    if (before->range.end() > added.range.begin) overlapped = before;
  }
  if (overlapped != nullptr) {
    return StackMapError{"code " + added.name +
                         ": its range overlaps that of " + overlapped->name};
  }
  const auto index =
      free_.empty() ? static_cast<std::uint32_t>(codes_.size()) : free_.back();
  const std::vector<StackMap::Site>& sites = added.map.sites();
  for (std::uint32_t i = 0; i < sites.size(); ++i) {
    if (table_.Add({sites[i].return_address, index, i})) continue;
    for (std::uint32_t j = 0; j < i; ++j)
      table_.Remove(sites[j].return_address);
    return StackMapError{"code " + added.name + ": " +
                         added.map.PlaceOf(sites[i]) + " has two sites"};
  }
  if (free_.empty()) {
    codes_.emplace_back();
  } else {
    free_.pop_back();
  }
  codes_[index] = std::move(owned);
  by_begin_.emplace(added.range.begin, index);
  lock.unlock();
  // Outside of the lock, as it may end another registration.
  registration = {&added, [this](const Code* gone) { Remove(gone); }};
  return {};
}

void CodeRegistry::Remove(const Code* code) {
  std::unique_ptr<const Code> gone;  // Freed after the lock.
  const auto lock = heap_.safepoints().LockUnstopped();
  const auto found = by_begin_.find(code->range.begin);
  for (const StackMap::Site& site : code->map.sites()) {
    table_.Remove(site.return_address);
  }
  gone = std::move(codes_[found->second]);
  free_.push_back(found->second);
  by_begin_.erase(found);
}

const Code* CodeRegistry::CodeAt(Address return_address) const {
  // The call is what lies in the code.
  const Address call = return_address - 1;
  auto after = by_begin_.upper_bound(call);
  if (after == by_begin_.begin()) return nullptr;
  const Code* code = codes_[std::prev(after)->second].get();
  return code->range.Contains(call) ? code : nullptr;
}

std::string CodeRegistry::Place(Address return_address) const {
  if (const FoundSite found = Find(return_address)) return found.Place();
  const Code* code = CodeAt(return_address);
  if (code == nullptr) {
    char text[64];
    std::snprintf(text, sizeof(text), "0x%" PRIxPTR ", in no registered code",
                  return_address);
    return text;
  }
  // The last function that begins before it.
  const StackMap::Function* function = nullptr;
  for (const StackMap::Function& one : code->map.functions()) {
    if (one.begin < return_address &&
        (function == nullptr || one.begin > function->begin)) {
      function = &one;
    }
  }
  return function == nullptr
             ? CodePlace(code->name, code->range.begin, return_address)
             : CodePlace(function->name, function->begin, return_address);
}

}  // namespace fledge::runtime
