// Guardians: objects that are waited for to die, by an object that is waited
// for in turn.
//
//              +0        +8
//   guardian   header    finalizers
//
// It is Finalizers in the mode kGuardian, whose life is that of the object:
// when the guardian dies, what it waits for is waited for no longer.
//
// Design: docs/design/weak_tables.md. Source: R. K. Dybvig, C. Bruggeman, D.
// Eby, "Guardians in a Generation-Based Garbage Collector", PLDI 1993.
//
// Threads: as runtime/finalizers.h.
#pragma once

#include <cstdint>

#include "runtime/finalizers.h"
#include "runtime/object_layout.h"

namespace fledge::runtime {

class Guardian : public View<ObjectType::kGuardian> {
 public:
  using View::View;

  static Guardian Initialize(Address object, Finalizers& finalizers) {
    Guardian view(StartObject(object));
    *view.WordAt(0) = reinterpret_cast<std::uintptr_t>(&finalizers);
    return view;
  }

  // As long as the object is alive.
  Finalizers& finalizers() const {
    return *reinterpret_cast<Finalizers*>(*WordAt(0));
  }
};

// May collect; calls the out-of-memory handler if there is no memory.
Value MakeGuardian(Mutator& mutator);

}  // namespace fledge::runtime
