// HeapVerifier: looks at a whole heap and says what is wrong with it.
//
// Design: docs/design/verifier.md.
#pragma once

#include "gc/heap.h"
#include "gc/object_model.h"

namespace fledge::gc {

template <ObjectModel Model>
class HeapVerifier {
 public:
  explicit HeapVerifier(Heap<Model>& heap) : heap_(heap) {}
  void Verify(const char*) {}

 private:
  Heap<Model>& heap_;
};

}  // namespace fledge::gc
