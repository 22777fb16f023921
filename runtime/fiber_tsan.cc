#include <sanitizer/tsan_interface.h>

#include "runtime/fiber.h"

namespace fledge::runtime {

Fiber::Fiber(AddressRange memory)
    : memory_(memory),
      state_(memory.empty() ? nullptr : __tsan_create_fiber(0)) {}

Fiber::~Fiber() {
  if (!memory_.empty()) __tsan_destroy_fiber(state_);
}

void Fiber::Leave(Fiber& from, Fiber& to) {
  if (from.memory_.empty()) from.state_ = __tsan_get_current_fiber();
  __tsan_switch_to_fiber(to.state_, 0);
}

void Fiber::Arrive(Fiber&, Fiber&) {}

}  // namespace fledge::runtime
