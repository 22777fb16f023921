#include "runtime/weak_references.h"

#include <utility>

#include "allocator/base/check.h"
#include "runtime/objects.h"

namespace fledge::runtime {

WeakReferences::WeakReferences(Heap& heap)
    : gc::WeakSet<ValueModel>(gc::WeakPhase::kReferences),
      life_(std::make_shared<Life>()),
      registration_(heap.RegisterWeakSet(*this)) {
  life_->references = this;
}

WeakReferences::~WeakReferences() {
  const std::lock_guard lock(life_->mutex);
  life_->references = nullptr;
}

Value WeakReferences::Make(Mutator& mutator, Local target) {
  FLEDGE_CHECK(target.get().IsReference(),
               "only objects can be referred to weakly");
  const Address object =
      internal::Allocate<ObjectType::kWeakReference>(mutator);
  const Value reference =
      WeakReference::Initialize(object, target.get()).value();
  const std::lock_guard lock(mutex_);
  const std::uint32_t i = AddLocked(Use::kReference, reference);
  mutator.NoteWeak(*this, i, reference.word());
  mutator.NoteWeak(*this, i, target.get().word());
  return reference;
}

std::size_t WeakReferences::count() {
  const std::lock_guard lock(mutex_);
  return places_.size() - unused_.size();
}

std::uint32_t WeakReferences::AddLocked(Use use, Value value) {
  if (unused_.empty()) {
    places_.push_back({value.word(), use});
    return size() - 1;
  }
  const std::uint32_t i = unused_.back();
  unused_.pop_back();
  places_[i] = {value.word(), use};
  return i;
}

void WeakReferences::FreeLocked(std::uint32_t i) {
  places_[i] = {};
  unused_.push_back(i);
}

void WeakReferences::Process(gc::WeakTrace<ValueModel>& trace,
                             std::uint32_t i) {
  Place& place = places_[i];
  switch (place.use) {
    case Use::kUnused:
      return;
    case Use::kReference: {
      if (!trace.Update(&place.value)) return FreeLocked(i);
      Value::Word* const target =
          WeakReference(Value::FromWord(place.value)).target_word();
      if (!trace.Update(target)) *target = Value().word();
      return;
    }
    case Use::kHandle:
      if (!trace.Update(&place.value)) place.value = Value().word();
      return;
  }
}

WeakHandle::WeakHandle(WeakReferences& references, Mutator& mutator,
                       Value target)
    : life_(references.life_) {
  FLEDGE_CHECK(target.IsReference(), "only objects can be referred to weakly");
  const std::lock_guard lock(references.mutex_);
  place_ = references.AddLocked(WeakReferences::Use::kHandle, target);
  mutator.NoteWeak(references, place_, target.word());
}

WeakHandle::WeakHandle(WeakHandle&& other) noexcept
    : life_(std::move(other.life_)), place_(other.place_) {}

WeakHandle& WeakHandle::operator=(WeakHandle&& other) noexcept {
  if (this == &other) return *this;
  Reset();
  life_ = std::move(other.life_);
  place_ = other.place_;
  return *this;
}

Value WeakHandle::Get(Mutator&) const {
  if (life_ == nullptr) return Value();
  const std::lock_guard lock(life_->mutex);
  if (life_->references == nullptr) return Value();
  const std::lock_guard places(life_->references->mutex_);
  const Value::Word target = life_->references->places_[place_].value;
  return life_->references->IsDead(target) ? Value() : Value::FromWord(target);
}

void WeakHandle::Reset() {
  const std::shared_ptr<WeakReferences::Life> life = std::move(life_);
  if (life == nullptr) return;
  const std::lock_guard lock(life->mutex);
  if (life->references == nullptr) return;
  const std::lock_guard places(life->references->mutex_);
  life->references->FreeLocked(place_);
}

}  // namespace fledge::runtime
