// CodeRegistry: the compiled code of a heap's mutators, and which stack map
// belongs to which return address.
//
// A VM registers code after it was loaded or compiled and before it runs, and
// destroys the registration before it is unloaded, when no frame of it is left.
// From a return address the registry finds the site and its slots by one look
// into a hash table; code itself is found by a search for its range.
//
// Safe against running mutators: it changes only while no collection reads it.
// Who registers or removes takes the lock under which the world stops, waits
// while it is stopped, and keeps it from being stopped as long as the change
// takes, which is O(sites of that code).
//
// Design: docs/design/stack_maps.md.
//
// Invariants:
//   [sm.code]    Ranges of registered code do not overlap, and a site's return
//                address lies in the range of its code, after its begin.
//
// Threads: RegisterCode() and the end of a registration by any thread that is
// running or not attached; look-ups need the world stopped.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "allocator/base/address.h"
#include "gc/heap_core.h"
#include "runtime/return_address_table.h"
#include "runtime/stack_map.h"

namespace fledge::runtime {

// How the caller of a function is found.
enum class FrameWalk : std::uint8_t {
  kFramePointer,  // The code keeps frame pointers.
  kUnwindTable,   // It has unwind tables (.eh_frame) that libunwind finds.
  kBoth,          // Both. Walked by frame pointer; a verified heap compares.
};

// Code that was made, and is unloaded, as a whole.
struct Code {
  AddressRange range;
  StackMap map;
  FrameWalk walk = FrameWalk::kFramePointer;
  std::string name;  // For error reports: "libfib.so", "jit block 7".
};

class CodeRegistry {
 public:
  using Registration =
      std::unique_ptr<const Code, std::function<void(const Code*)>>;

  // REQUIRES: destroyed after every registration, and before the heap.
  explicit CodeRegistry(gc::HeapCore& heap) : heap_(heap) {}
  ~CodeRegistry();

  CodeRegistry(const CodeRegistry&) = delete;
  CodeRegistry& operator=(const CodeRegistry&) = delete;

  // Sets `registration` to what keeps `code` registered until destroyed. An
  // error, and nothing is registered, if its range overlaps other code, a
  // return address lies outside of it or occurs twice, its map is for slots of
  // another width than the heap's, or a function has no unwind table where
  // `walk` says that it has.
  // REQUIRES: a registration ends when no frame of the code is left.
  std::optional<StackMapError> RegisterCode(Code code,
                                            Registration& registration);

  struct FoundSite {
    const Code* code = nullptr;
    const StackMap::Site* site = nullptr;

    explicit operator bool() const { return site != nullptr; }
    std::string Place() const { return code->map.PlaceOf(*site); }
  };
  // Nothing if no call in registered code returns there.
  FoundSite Find(Address return_address) const {
    const ReturnAddressTable::Entry* entry = table_.Find(return_address);
    if (entry == nullptr) return {};
    const Code& code = *codes_[entry->code];
    return {&code, &code.map.sites()[entry->site]};
  }
  // The code that a return address is in; null if in none. O(log codes).
  const Code* CodeAt(Address return_address) const;
  // "fib+0x2a", or what is known of an address in no function: "jit block
  // 7+0x2a", "0x401000, in no registered code".
  std::string Place(Address return_address) const;

  gc::HeapCore& heap() { return heap_; }
  std::size_t site_count() const { return table_.size(); }

 private:
  // What is wrong with the code by itself.
  std::optional<StackMapError> Check(const Code& code) const;
  void Remove(const Code* code);

  gc::HeapCore& heap_;
  ReturnAddressTable table_;
  // An entry of the table has the index; null is free.
  std::vector<std::unique_ptr<const Code>> codes_;
  std::vector<std::uint32_t> free_;
  std::map<Address, std::uint32_t> by_begin_;  // Indices.
};

}  // namespace fledge::runtime
