#include "runtime/compiled_stack.h"

#include <algorithm>
#include <cstdio>
#include <utility>

namespace fledge::runtime {

void CompiledStack::Run(CompiledFields& of_thread) {
  of_thread = parked_;
  fields_ = &of_thread;
  if (returns_ == Returns::kPolled && of_thread.newest != nullptr) {
    of_thread.ReturnTo(of_thread.newest->stack_pointer);
  } else {
    of_thread.watermark = CompiledFields::kNoneRests;
  }
}

void CompiledStack::Park() {
  parked_ = *fields_;
  fields_ = &parked_;
}

// Brings walked_ up to date: frames that rest are still there.
void CompiledStack::WalkFrames() {
  while (!walked_.empty() && !Rests(walked_.back().frame)) walked_.pop_back();
  resting_ = walked_.size();
  walker_.Walk(fields_->newest, [&](const Frame& frame,
                                    const CodeRegistry::FoundSite& found) {
    if (!Rests(frame)) {
      walked_.push_back({frame, found});
      return true;
    }
    if (resting_ == 0 || walked_[resting_ - 1].frame != frame) {
      walker_.Fail(frame.return_address,
                   "it counts as resting, but was not there when it came to "
                   "rest: a return was not polled, or an exception passed "
                   "without an EntryFrame");
    }
    return false;
  });
  std::reverse(walked_.begin() + static_cast<std::ptrdiff_t>(resting_),
               walked_.end());
}

template <typename Visitor>
void CompiledStack::VisitFrames(gc::RootScope scope, Visitor&& visit) const {
  if (scope == gc::RootScope::kNoted) {
    for (const std::uint32_t i : noted_) {
      if (i >= resting_) break;  // Gone, or among those that ran.
      visit(i);
    }
  }
  for (std::size_t i = scope == gc::RootScope::kNoted ? resting_ : 0;
       i < walked_.size(); ++i) {
    visit(static_cast<std::uint32_t>(i));
  }
}

void CompiledStack::AddSlots(gc::RootSlots& slots) {
  WalkFrames();
  VisitFrames(slots.scope(), [&](std::uint32_t i) {
    const auto& [frame, found] = walked_[i];
    const StackMap& map = found.code->map;
    for (const FrameSlot& slot : map.SlotsOf(*found.site)) {
      slots.Add(frame.AddressOf(slot));
    }
    for (const DerivedSlot& one : map.DerivedOf(*found.site)) {
      slots.AddDerived(frame.AddressOf(one.slot), frame.AddressOf(one.base));
    }
  });
}

void CompiledStack::NoteFrames(gc::RootScope scope, const gc::NotedSlots& noted,
                               std::size_t first, Then then) {
  if (is_running() && returns_ == Returns::kSilent) {
    noted_.clear();  // They all count as ran next time.
    return;
  }
  std::vector<std::uint32_t> found;
  VisitFrames(scope, [&](std::uint32_t i) {
    const std::size_t begin = first;
    first += walked_[i].found.site->slot_count;
    if (noted.Any({begin, first})) found.push_back(i);
  });
  if (then == Then::kNote) {
    std::vector<std::uint32_t> both;
    std::set_union(noted_.begin(), noted_.end(), found.begin(), found.end(),
                   std::back_inserter(both));
    found = std::move(both);
  }
  noted_ = std::move(found);
  if (then == Then::kNote) return;
  if (!is_running()) {
    fields_->watermark = CompiledFields::kAllRest;
  } else if (!walked_.empty()) {
    // The newest runs.
    fields_->watermark = walked_.back().frame.stack_pointer;
  } else {
    fields_->watermark = CompiledFields::kNoneRests;
  }
}

std::string CompiledStack::Describe(Address slot) {
  std::string place;
  walker_.Walk(fields_->newest, [&](const Frame& frame,
                                    const CodeRegistry::FoundSite& found) {
    for (const FrameSlot& one : found.code->map.SlotsOf(*found.site)) {
      if (frame.AddressOf(one) != slot) continue;
      const bool of_stack = one.base == FrameRegister::kStackPointer;
      char text[32];
      std::snprintf(text, sizeof(text), of_stack ? " [sp%+d]" : " [fp%+d]",
                    one.offset);
      place = found.Place() + text;
    }
    return true;
  });
  return place;
}

std::vector<Frame> CompiledStack::Frames() {
  std::vector<Frame> frames;
  walker_.Walk(fields_->newest,
               [&](const Frame& frame, const CodeRegistry::FoundSite&) {
                 frames.push_back(frame);
                 return true;
               });
  return frames;
}

}  // namespace fledge::runtime
