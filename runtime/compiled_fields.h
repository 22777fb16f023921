// CompiledFields: what compiled code and the walk of its frames tell each
// other, for each thread.
//
// The newest exit frame, from which a walk begins, and the watermark: frames at
// it or above rest, and are not walked again. Code that *polls at return* says
// so before a frame that rests runs again. Before `ret`:
//
//     cmpq  watermark, %rsp          # Of the thread. %rsp is where the return
//     jb    1f                       # address is.
//     leaq  8(%rsp), %rcx            # The frame that is returned to runs, and
//     movq  %rcx, watermark          # those above it rest.
//  1: ret
//
// and the same where it goes on by other means than a return, as in a landing
// pad of an exception. ExitFrame does it for native functions, and EntryFrame
// where an exception ends compiled frames. What native code enters otherwise
// lies below the watermark.
//
// It is a compare and a branch that is not taken. Return addresses stay what
// they are, for unwinders, exceptions and shadow stacks.
//
// Design: docs/design/stack_maps.md.
//
// Threads: a thread changes its own; a collection does so in its pause.
#pragma once

#include <cstddef>
#include <cstdint>

#include "allocator/base/address.h"

namespace fledge::runtime {

struct ExitRecord;

// Whether all code of a thread polls at return.
enum class Returns : std::uint8_t { kSilent, kPolled };

struct CompiledFields {
  static constexpr Address kNoneRests = ~Address{0};
  static constexpr Address kAllRest = 0;

  const ExitRecord* newest = nullptr;
  Address watermark = kNoneRests;

  // A frame with this stack pointer goes on.
  void ReturnTo(Address stack_pointer) {
    if (stack_pointer - sizeof(Address) >= watermark) [[unlikely]] {
      watermark = stack_pointer;
    }
  }
};

static_assert(offsetof(CompiledFields, newest) == 0);
static_assert(offsetof(CompiledFields, watermark) == 8);

}  // namespace fledge::runtime
