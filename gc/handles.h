// Handles: references that C++ code may hold while a collection moves objects.
//
//   Local       a slot on the mutator's handle stack, for the length of the
//               enclosing HandleScope: cheap, exact, made and dropped in a few
//               instructions.
//   Persistent  a slot of its own until destroyed; any thread may hold it.
//   PinScope    keeps one object where it is, so that its address may be held.
//
// The rule (docs/gc_safe_coding.md): a reference that lives across a call that
// may collect is in a handle, or its object is pinned.
//
// Design: docs/design/roots.md. Source: V8's HandleScope.
//
// Threads: Local and PinScope by their mutator's thread.
#pragma once

#include <cstddef>
#include <utility>

#include "allocator/base/address.h"
#include "allocator/base/check.h"
#include "gc/mutator.h"
#include "gc/object_model.h"
#include "gc/roots.h"

namespace fledge::gc {

// Frees the Locals made within it when it ends. Scopes nest.
template <ObjectModel Model>
class HandleScope {
 public:
  explicit HandleScope(Mutator<Model>& mutator)
      : mutator_(mutator), top_(mutator.fields().handle_top) {}
  ~HandleScope() { mutator_.ResetHandles(top_); }

  HandleScope(const HandleScope&) = delete;
  HandleScope& operator=(const HandleScope&) = delete;

 private:
  Mutator<Model>& mutator_;
  const Address top_;
};

template <ObjectModel Model>
class Local {
 public:
  using Value = typename Model::Value;

  // REQUIRES: a HandleScope of the same mutator is open, and outlives this.
  Local(Mutator<Model>& mutator, Value value)
      : slot_(mutator.PushHandle(value)) {}

  // Copies name the same slot.
  Local(const Local&) = default;
  Local& operator=(const Local&) = default;

  // The value as it is now; not to be kept across a call that may collect.
  Value get() const { return *slot_; }
  void set(Value value) { *slot_ = value; }

 private:
  Value* slot_;
};

template <ObjectModel Model>
class Persistent {
 public:
  using Value = typename Model::Value;

  // REQUIRES: destroyed before its heap.
  Persistent(Mutator<Model>& mutator, Value value)
      : heap_(&mutator.heap()), handle_(heap_->persistents().Create(value)) {
    heap_->noted_roots().Note(*handle_.chunk);
  }
  ~Persistent() {
    if (handle_.slot != nullptr) heap_->persistents().Destroy(handle_);
  }
  Persistent(Persistent&& other) noexcept
      : heap_(other.heap_), handle_(std::exchange(other.handle_, {})) {}
  Persistent& operator=(Persistent&& other) noexcept {
    std::swap(heap_, other.heap_);
    std::swap(handle_, other.handle_);
    return *this;
  }

  Value get() const { return *handle_.slot; }
  void set(Mutator<Model>& mutator, Value value) {
    mutator.WriteRoot(*handle_.chunk, handle_.slot, value);
  }

 private:
  Heap<Model>* heap_;
  typename PersistentTable<Value>::Handle handle_;
};

// Keeps an object in place, and alive, until the scope ends. Its address, and
// addresses inside it, may be held meanwhile. Scopes of one mutator nest.
template <ObjectModel Model>
class PinScope {
 public:
  PinScope(Mutator<Model>& mutator, Local<Model> local)
      : mutator_(mutator), object_(mutator.heap().model().Decode(local.get())) {
    FLEDGE_CHECK(object_ != kNullAddress, "only an object can be pinned");
    mutator_.pins_.push_back(object_);
  }
  ~PinScope() { mutator_.pins_.pop_back(); }

  PinScope(const PinScope&) = delete;
  PinScope& operator=(const PinScope&) = delete;

  Address object() const { return object_; }

 private:
  MutatorCore& mutator_;
  const Address object_;
};

}  // namespace fledge::gc
