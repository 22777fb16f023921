// UnwindTable: the unwind table of code that a JIT made, made known to
// unwinders, which by themselves find only those of loaded images.
//
// To libunwind, so that such code may be registered with
// FrameWalk::kUnwindTable or kBoth: a verified heap then compares both ways to
// walk. And to libgcc, so that exceptions pass the code; without a table one
// ends the process where it is thrown ("terminate called after throwing").
//
//   UnwindTable::Registration table;
//   UnwindTable::Register(heap, code, eh_frame, table);
//   ... CodeRegistry::RegisterCode(), and so on; the other way round to end ...
//
// The bytes are those of a section .eh_frame where the linker has put it,
// relocated, with the zero word that marks its end. They and the code outlive
// the table. Taken is what compilers write for x86-64: addresses of functions
// as four bytes relative to themselves (augmentation "zR", encoding 0x1b).
//
// Design: docs/design/stack_maps.md. Source: "Linux Standard Base Core
// Specification", 10.6 (.eh_frame). Platform code: unwind_table_linux.cc.
//
// Threads: as registering code. REQUIRES: no other heap walks frames by table
// while one is registered or ends, as libunwind reads its list without a lock.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>

#include "allocator/base/address.h"
#include "gc/heap_core.h"
#include "runtime/stack_map.h"

namespace fledge::runtime {

class UnwindTable {
 public:
  // Known until destroyed; before the heap.
  using Registration = std::unique_ptr<UnwindTable>;

  // An error, and nothing is registered, if the bytes are malformed, or no
  // function in them begins in `code`. Functions in them that do not are known
  // to libgcc only. O(n log n) for n functions.
  static std::optional<StackMapError> Register(
      gc::HeapCore& heap, AddressRange code,
      std::span<const std::byte> eh_frame, Registration& registration);
  ~UnwindTable();

  UnwindTable(const UnwindTable&) = delete;
  UnwindTable& operator=(const UnwindTable&) = delete;

 private:
  struct State;
  explicit UnwindTable(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace fledge::runtime
