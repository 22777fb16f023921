#include "runtime/stacks.h"

#include <utility>

#include "allocator/base/check.h"
#include "runtime/objects.h"

namespace fledge::runtime {
namespace {

// Freed in one slice of what was found dead: some 20 microseconds.
constexpr std::size_t kSliceStacks = 100;

}  // namespace

Stacks::Stacks(Heap& heap)
    : gc::WeakSet<ValueModel>(gc::WeakPhase::kTables),
      heap_(heap),
      slots_(sizeof(Value::Word)),
      derived_(sizeof(Value::Word)),
      registration_(heap.RegisterWeakSet(*this)),
      source_registration_(heap.RegisterRootSource(*this)) {}

void Stacks::Clear() {
  source_registration_.reset();
  registration_.reset();
  places_.clear();
  dead_.clear();
}

Stacks::Value Stacks::ObjectOf(const StackFrames& frames) {
  const std::lock_guard lock(mutex_);
  return IsPlaced(frames) ? Value::FromWord(places_[frames.place()].object)
                          : Value();
}

std::size_t Stacks::count() {
  const std::lock_guard lock(mutex_);
  return places_.size() - unused_.size();
}

Stacks::Value Stacks::TryAdd(Mutator& mutator,
                             std::unique_ptr<StackFrames> frames,
                             Local content) {
  const Address object = internal::TryAllocate<ObjectType::kStack>(mutator);
  if (object == kNullAddress) return Value();
  const Value stack = Stack::Initialize(object, content.get(), *frames).value();
  const std::lock_guard lock(mutex_);
  if (unused_.empty()) {
    unused_.push_back(size());
    places_.emplace_back();
  }
  const std::uint32_t i = unused_.back();
  unused_.pop_back();
  frames->set_place(i);
  places_[i] = {stack.word(), std::move(frames)};
  heap_.weak_sets().Note(*this, i);
  return stack;
}

void Stacks::Exchange(StackFrames& from, StackFrames& to) {
  if (&from == &to) return;
  FLEDGE_CHECK(!to.is_running(), "a stack that a thread runs already");
  const std::lock_guard lock(mutex_);
  from.set_running(false);
  to.set_running(true);
  // What the one's frames refer to is the entry's again; the other's keeps its
  // object.
  if (IsPlaced(from)) heap_.weak_sets().Note(*this, from.place());
  if (IsPlaced(to)) heap_.weak_sets().Note(*this, to.place());
}

void Stacks::Trace(gc::WeakTrace<ValueModel>& trace, std::uint32_t i) {
  Place& place = places_[i];
  if (place.frames == nullptr) return;
  const bool is_running = place.frames->is_running();
  if (is_running) {
    trace.Keep(&place.object);
    // What ran is a root; the other frames may never have been shown to the
    // cycle that this is a step of.
    if (trace.scope() == gc::RootScope::kNoted) return;
  } else if (!trace.IsReached(place.object)) {
    return;
  }
  slots_.Start(trace.scope());
  place.frames->AddSlots(slots_);
  if (!is_running) {
    for (const gc::RootSlots::Derived& one : slots_.derived()) {
      derived_.AddDerived(one.slot, one.base);
    }
  }
  for (const Address slot : slots_.slots()) {
    trace.Keep(reinterpret_cast<Value::Word*>(slot));
  }
}

void Stacks::Process(gc::WeakTrace<ValueModel>& trace, std::uint32_t i) {
  Place& place = places_[i];
  if (place.frames == nullptr) return;
  if (!trace.Update(&place.object)) {
    dead_.push_back(std::move(place.frames));
    place = {};
    unused_.push_back(i);
    SettleLater();
    return;
  }
  const bool is_minor = trace.scope() == gc::RootScope::kNoted;
  const bool is_running = place.frames->is_running();
  if (is_running && is_minor) return;  // Its thread does this.
  slots_.Start(trace.scope());
  place.frames->AddSlots(slots_);
  std::vector<bool> noted;
  noted.reserve(slots_.slots().size());
  for (const Address at : slots_.slots()) {
    auto* const slot = reinterpret_cast<Value::Word*>(at);
    if (!is_running) trace.Update(slot);
    noted.push_back(heap_.IsNotedFor(*slot));
  }
  // Frames rest if the pause has seen all that they were written since. Which
  // refer into candidates is found out while a cycle clears.
  if (is_minor) {
    place.frames->NoteFrames(trace.scope(), gc::NotedSlots(std::move(noted)), 0,
                             StackFrames::Then::kRest);
  } else if (heap_.weak_sets().is_clearing()) {
    place.frames->NoteFrames(trace.scope(), gc::NotedSlots(std::move(noted)), 0,
                             StackFrames::Then::kNote);
  }
}

bool Stacks::Settle() {
  const std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < kSliceStacks && !dead_.empty(); ++i) {
    dead_.pop_back();
  }
  if (!dead_.empty()) return false;
  dead_.shrink_to_fit();
  return true;
}

void Stacks::AddSlots(gc::RootSlots& slots) { derived_.Start(slots.scope()); }

void Stacks::AfterCollection(const gc::NotedSlots&) {
  derived_.UpdateDerived();
}

}  // namespace fledge::runtime
