#define UNW_LOCAL_ONLY
#include <libunwind.h>

#include "runtime/unwind_table_walker.h"

namespace fledge::runtime {

struct UnwindTableWalker::State {
  Frame frame;  // Where the cursor is, if it is anywhere.
  unw_context_t context;
  unw_cursor_t cursor;

  bool GoTo(const Frame& to) {
    if (to == frame) return true;
    context = {};
    context.uc_mcontext.gregs[REG_RIP] = static_cast<greg_t>(to.return_address);
    context.uc_mcontext.gregs[REG_RSP] = static_cast<greg_t>(to.stack_pointer);
    context.uc_mcontext.gregs[REG_RBP] = static_cast<greg_t>(to.frame_pointer);
    // It looks up the instruction before, as for every return address.
    frame = unw_init_local(&cursor, &context) == 0 ? to : Frame();
    return frame == to;
  }
  Address Register(int number) {
    unw_word_t value = 0;
    unw_get_reg(&cursor, number, &value);
    return value;
  }
};

UnwindTableWalker::UnwindTableWalker() = default;
UnwindTableWalker::~UnwindTableWalker() = default;

bool UnwindTableWalker::Step(Frame& frame) {
  if (state_ == nullptr) state_ = std::make_unique<State>();
  State& state = *state_;
  if (!state.GoTo(frame)) return false;
  // Without a table libunwind guesses, which is for debuggers.
  if (unw_step(&state.cursor) <= 0) {
    state.frame = {};
    return false;
  }
  state.frame = {state.Register(UNW_REG_IP), state.Register(UNW_REG_SP),
                 state.Register(UNW_X86_64_RBP)};
  frame = state.frame;
  return true;
}

bool HasUnwindTable(Address return_address) {
  unw_proc_info_t info;
  return unw_get_proc_info_by_ip(unw_local_addr_space, return_address - 1,
                                 &info, nullptr) == 0;
}

}  // namespace fledge::runtime
