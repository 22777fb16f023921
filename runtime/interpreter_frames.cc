#include "runtime/interpreter_frames.h"

#include <cstring>

namespace fledge::runtime {

InterpreterFrame* InterpreterFrames::TryPush(const FrameLayout& layout) {
  static_assert(sizeof(InterpreterFrame) % sizeof(Address) == 0);
  const std::size_t slot_bytes =
      AlignUp(layout.slot_count() * running_->slot_bytes(), sizeof(Address));
  const Address at =
      running_->memory().TryPush(sizeof(InterpreterFrame) + slot_bytes);
  if (at == kNullAddress) [[unlikely]]
    return nullptr;
  auto* const frame = reinterpret_cast<InterpreterFrame*>(at);
  const Address slots = at + sizeof(InterpreterFrame);
  std::memset(reinterpret_cast<void*>(slots), 0, slot_bytes);
  Enter(*frame, layout, slots);
  return frame;
}

void InterpreterFrames::AddSlots(gc::RootSlots& slots) {
  scope_ = slots.scope();
  first_of_running_ = slots.slots().size();
  running_->AddSlots(slots);
  first_of_own_ = slots.slots().size();
  if (running_ != &own_) own_.AddSlots(slots);
}

void InterpreterFrames::AfterCollection(const gc::NotedSlots& noted) {
  using Then = StackFrames::Then;
  running_->NoteFrames(scope_, noted, first_of_running_, Then::kRest);
  if (running_ != &own_) {
    own_.NoteFrames(scope_, noted, first_of_own_, Then::kRest);
  }
}

std::string InterpreterFrames::Describe(Address slot) {
  std::string place = running_->Describe(slot);
  return place.empty() ? own_.Describe(slot) : place;
}

}  // namespace fledge::runtime
