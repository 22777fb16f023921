#include "runtime/machine_stack.h"

#include <cxxabi.h>

#include <cstring>

namespace fledge::runtime {

void MachineStack::Switch(MachineStack& from, MachineStack& to) {
  void* const exceptions = abi::__cxa_get_globals();
  std::memcpy(&from.exceptions_, exceptions, sizeof(Exceptions));
  std::memcpy(exceptions, &to.exceptions_, sizeof(Exceptions));
  to.left_for_this_ = &from;
  Fiber::Leave(from.fiber_, to.fiber_);
  SwitchStack(&from.left_at_, to.left_at_);
  Fiber::Arrive(from.left_for_this_->fiber_, from.fiber_);
}

}  // namespace fledge::runtime
