// Compact stack maps: the bytes in which a JIT or an ahead-of-time compiler
// keeps a stack map beside its code. Position-independent, and small: sites
// whose frames look alike share a *layout*, and numbers are LEB128.
//
//   4 bytes   'F' 'S' 'M' 1                    the format's version is 1
//   leb128    bytes of a slot, 8 or 4
//   leb128    layouts, and for each:
//     leb128    slots that hold references, and for each: a slot
//     leb128    derived slots, and for each: a slot, and
//               leb128 the index of its base among the references above
//   leb128    functions, and for each:
//     leb128    begin, from the begin of the function before, or of the code
//     leb128    bytes of its frame + 1, or 0 if unknown
//     leb128    bytes of its name, then these
//     leb128    sites, and for each:
//       leb128    return address, from that before or the function's begin
//       leb128    index of its layout
//
//   a slot is a leb128:
//   | offset / 4, zigzag: 0, -1, 1, -2 ...  | 1: from the frame pointer |
//                                         1 | 0
//
// Nothing follows the last function. Functions and sites come in ascending
// order.
//
// Design: docs/design/stack_maps.md.
//
// Threads: all functions are pure; an encoder is used by one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "allocator/base/address.h"
#include "runtime/stack_map.h"

namespace fledge::runtime {

// Makes the bytes from what a compiler knows, in the order in which it emits
// code.
class CompactStackMapEncoder {
 public:
  explicit CompactStackMapEncoder(std::size_t slot_bytes = 8)
      : slot_bytes_(slot_bytes) {}

  // `begin` is relative to the begin of the code.
  // REQUIRES: not below the function before.
  void AddFunction(std::uint64_t begin, std::string_view name = {},
                   std::uint64_t frame_bytes = StackMap::kUnknownBytes);
  // A call of the last function, by where it returns to, relative to the
  // function's begin. Bases need not be among `slots`.
  // REQUIRES: above the site before; offsets are multiples of 4.
  void AddSite(std::uint64_t return_offset, std::span<const FrameSlot> slots,
               std::span<const DerivedSlot> derived = {});

  std::vector<std::byte> Encode() const;

 private:
  struct Site {
    std::uint64_t return_offset;
    std::size_t layout;
  };
  struct Function {
    std::uint64_t begin;
    std::string name;
    std::uint64_t frame_bytes;
    std::vector<Site> sites;
  };
  using Layout = std::pair<std::vector<FrameSlot>, std::vector<DerivedSlot>>;

  const std::size_t slot_bytes_;
  std::map<Layout, std::size_t> indices_;
  std::vector<const Layout*> layouts_;
  std::vector<Function> functions_;
};

// Adds to `map` what `bytes` say of code that begins at `code_begin`. An error
// names the byte, and the function and offset where it has come so far; then
// part was added.
std::optional<StackMapError> ReadCompactStackMap(
    std::span<const std::byte> bytes, Address code_begin, StackMap& map);

}  // namespace fledge::runtime
