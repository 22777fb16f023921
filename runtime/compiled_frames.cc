#include "runtime/compiled_frames.h"

#include "allocator/base/check.h"

namespace fledge::runtime {

CompiledFrames::CompiledFrames(CodeRegistry& registry, Returns returns)
    : walker_(registry),
      own_(walker_, returns),
      registration_(registry.heap().RegisterRootSource(*this)) {
  own_.set_running(true);
  own_.Run(fields_);
}

CompiledFrames::~CompiledFrames() {
  FLEDGE_CHECK(fields_.newest == nullptr && running_ == &own_,
               "compiled frames were destroyed while one was on the stack");
}

void CompiledFrames::GoOn(CompiledStack& stack) {
  running_->Park();
  running_ = &stack;
  stack.Run(fields_);
}

void CompiledFrames::AddSlots(gc::RootSlots& slots) {
  scope_ = slots.scope();
  first_of_running_ = slots.slots().size();
  running_->AddSlots(slots);
  first_of_own_ = slots.slots().size();
  if (running_ != &own_) own_.AddSlots(slots);
}

void CompiledFrames::AfterCollection(const gc::NotedSlots& noted) {
  using Then = StackFrames::Then;
  running_->NoteFrames(scope_, noted, first_of_running_, Then::kRest);
  if (running_ != &own_) {
    own_.NoteFrames(scope_, noted, first_of_own_, Then::kRest);
  }
}

std::string CompiledFrames::Describe(Address slot) {
  std::string place = running_->Describe(slot);
  return place.empty() && running_ != &own_ ? own_.Describe(slot) : place;
}

}  // namespace fledge::runtime
