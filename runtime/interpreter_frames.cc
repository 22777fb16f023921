#include "runtime/interpreter_frames.h"

#include <algorithm>
#include <utility>

namespace fledge::runtime {

void InterpreterFrames::AddSlots(gc::RootSlots& slots) {
  added_.clear();
  const bool all = slots.scope() == gc::RootScope::kAll;
  InterpreterFrame* frame = newest_;
  for (; frame != nullptr && (all || frame->ran); frame = frame->caller) {
    AddFrame(*frame, slots);
  }
  if (frame == nullptr) return;
  // It is the watermark. Frames that were noted and are newer are gone: what
  // ran since then is in their place.
  for (const Noted& noted : noted_) {
    if (noted.depth <= frame->depth) AddFrame(*noted.frame, slots);
  }
}

void InterpreterFrames::AddFrame(InterpreterFrame& frame,
                                 gc::RootSlots& slots) {
  const std::size_t first = slots.slots().size();
  frame.layout->VisitLive(frame.instruction, [&](std::uint32_t i) {
    slots.Add(frame.slots + i * slot_bytes_);
  });
  added_.push_back({&frame, {first, slots.slots().size()}});
}

void InterpreterFrames::AfterCollection(const gc::NotedSlots& noted) {
  noted_.clear();
  for (const Added& added : added_) {
    // The newest is running.
    added.frame->ran = added.frame == newest_;
    if (!added.frame->ran && noted.Any(added.slots)) {
      noted_.push_back({added.frame, added.frame->depth});
    }
  }
  added_.clear();
}

std::string InterpreterFrames::Describe(Address slot) {
  for (InterpreterFrame* frame = newest_; frame != nullptr;
       frame = frame->caller) {
    const std::size_t bytes = frame->layout->slot_count() * slot_bytes_;
    if (!AddressRange{frame->slots, bytes}.Contains(slot)) continue;
    return "interpreter frame at depth " + std::to_string(frame->depth) +
           ", instruction " + std::to_string(frame->instruction) + ", slot " +
           std::to_string((slot - frame->slots) / slot_bytes_);
  }
  return {};
}

}  // namespace fledge::runtime
