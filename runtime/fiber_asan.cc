#include <sanitizer/common_interface_defs.h>

#include <cstddef>

#include "runtime/fiber.h"

namespace fledge::runtime {

Fiber::Fiber(AddressRange memory) : memory_(memory) {}
Fiber::~Fiber() = default;

void Fiber::Leave(Fiber& from, Fiber& to) {
  __sanitizer_start_switch_fiber(&from.state_,
                                 reinterpret_cast<void*>(to.memory_.begin),
                                 to.memory_.bytes);
}

void Fiber::Arrive(Fiber& from, Fiber& to) {
  const void* begin = nullptr;
  std::size_t bytes = 0;
  __sanitizer_finish_switch_fiber(to.state_, &begin, &bytes);
  // So it is known of a thread's own stack, to come back to it.
  from.memory_ = {reinterpret_cast<Address>(begin), bytes};
}

}  // namespace fledge::runtime
