#include "runtime/interpreter_stack.h"

#include <utility>

namespace fledge::runtime {

template <typename Visitor>
void InterpreterStack::VisitFrames(gc::RootScope scope, Visitor&& visit) const {
  const bool all = scope == gc::RootScope::kAll;
  InterpreterFrame* frame = newest_;
  for (; frame != nullptr && (all || frame->ran); frame = frame->caller) {
    visit(*frame);
  }
  if (frame == nullptr) return;
  // It is the watermark. Frames that were noted and are newer are gone: what
  // ran since then is in their place.
  for (const Noted& noted : noted_) {
    if (noted.depth <= frame->depth) visit(*noted.frame);
  }
}

void InterpreterStack::AddSlots(gc::RootSlots& slots) {
  VisitFrames(slots.scope(), [&](const InterpreterFrame& frame) {
    frame.layout->VisitLive(frame.instruction, [&](std::uint32_t i) {
      slots.Add(frame.slots + i * slot_bytes_);
    });
  });
}

void InterpreterStack::NoteFrames(gc::RootScope scope,
                                  const gc::NotedSlots& noted,
                                  std::size_t first, Then then) {
  std::vector<InterpreterFrame*> found;
  VisitFrames(scope, [&](InterpreterFrame& frame) {
    const std::size_t begin = first;
    frame.layout->VisitLive(frame.instruction, [&](std::uint32_t) { ++first; });
    if (then == Then::kRest) {
      frame.ran = is_running() && &frame == newest_;
      frame.noted = false;
    }
    if (!frame.ran && noted.Any({begin, first})) found.push_back(&frame);
  });
  if (then == Then::kRest) noted_ = {};
  for (InterpreterFrame* frame : found) Note(*frame);
}

std::string InterpreterStack::Describe(Address slot) const {
  for (const InterpreterFrame* frame = newest_; frame != nullptr;
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
