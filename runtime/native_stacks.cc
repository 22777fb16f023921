#include "runtime/native_stacks.h"

#include <memory>

#include "allocator/base/check.h"
#include "runtime/machine_stack.h"
#include "runtime/native_stack.h"

namespace fledge::runtime {
namespace {

MachineStack& MachineOf(CompiledFrames& frames, CompiledStack& stack) {
  return &stack == &frames.own() ? frames.own_machine()
                                 : static_cast<NativeStack&>(stack).machine();
}

void CheckMachine(const MachineStack& machine) {
  FLEDGE_CHECK(
      machine.memory().empty() || StackMemory::IsIntact(machine.memory()),
      "a stack was overwritten: the one above it has overflowed");
}

}  // namespace

NativeStacks::NativeStacks(Heap& heap, CodeRegistry& registry, Returns returns)
    : Stacks(heap),
      returns_(returns),
      walker_(registry),
      memory_(heap.os(), heap.external()) {}

NativeStacks::~NativeStacks() { Clear(); }

Stacks::Value NativeStacks::TryMake(Mutator& mutator, Local content,
                                    StackEntry entry, void* argument,
                                    std::size_t size_bytes) {
  const AddressRange memory = memory_.TryAllocate(size_bytes);
  if (memory.empty()) return Value();
  auto frames = std::make_unique<NativeStack>(*this, walker_, returns_, memory_,
                                              memory, entry, argument);
  mutator.PaceExternal(memory.bytes);
  return TryAdd(mutator, std::move(frames), content);
}

void NativeStacks::Switch(Mutator& mutator, CompiledFrames& frames, Stack to) {
  auto& stack = static_cast<NativeStack&>(to.frames());
  FLEDGE_CHECK(!stack.has_ended(), "a stack that has ended cannot go on");
  stack.SetThread(mutator, frames);
  SwitchTo(mutator, frames, stack);
}

void NativeStacks::SwitchToOwn(Mutator& mutator, CompiledFrames& frames) {
  SwitchTo(mutator, frames, frames.own());
}

bool NativeStacks::HasEnded(Stack stack) {
  return static_cast<const NativeStack&>(stack.frames()).has_ended();
}

void NativeStacks::SwitchTo(Mutator& mutator, CompiledFrames& frames,
                            CompiledStack& to) {
  CompiledStack& from = frames.running();
  if (&from == &to) return;
  const Address handles = mutator.fields().handle_top;
  if (&from == &frames.own()) {
    frames.set_handles_of_own(handles);
  } else {
    FLEDGE_CHECK(handles == frames.handles_of_own(),
                 "a coroutine is left with a HandleScope open on it: its "
                 "handles would be another's");
  }
  MachineStack& machine = MachineOf(frames, to);
  CheckMachine(machine);
  CheckMachine(MachineOf(frames, from));
  Exchange(from, to);
  frames.GoOn(to);
  MachineStack::Switch(MachineOf(frames, from), machine);
}

void NativeStack::Main(void* argument) noexcept {
  auto& stack = *static_cast<NativeStack*>(argument);
  stack.machine_.Begin();
  stack.entry_(stack.argument_);
  stack.has_ended_ = true;
  stack.stacks_.SwitchToOwn(*stack.mutator_, *stack.frames_);
  FLEDGE_CHECK(false, "a stack that has ended went on");
}

}  // namespace fledge::runtime
