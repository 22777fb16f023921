// Port layout: what programs read from and write to, and a view of it.
//
//           +0        +8
//   port    header    stream
//
// The stream is no object: it has buffers and files, and lies outside the heap.
// What it is, is the language's affair (runtime/lambda/port_table.h).
//
// Design: docs/design/value_model.md. Views: runtime/object_layout.h.
//
// Threads: as there.
#pragma once

#include <cstdint>

#include "runtime/object_layout.h"

namespace fledge::runtime {

class Port : public View<ObjectType::kPort> {
 public:
  using View::View;

  static Port Initialize(Address object, void* stream) {
    Port view(StartObject(object));
    *view.WordAt(0) = reinterpret_cast<std::uintptr_t>(stream);
    return view;
  }

  // As long as the object is alive.
  void* stream() const { return reinterpret_cast<void*>(*WordAt(0)); }
};

}  // namespace fledge::runtime
