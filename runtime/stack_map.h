// StackMap: where compiled code keeps references while it is at a safepoint.
//
// A compiler says, for each call that may collect, which words of the calling
// function's frame hold references then. A *site* is such a call, known by its
// return address; its slots are relative to the stack pointer or the frame
// pointer that the frame has at the call. Every format is read into this form:
// LLVM's by runtime/llvm_stack_map.h, ours by runtime/compact_stack_map.h, and
// a JIT may fill it in by itself.
//
// Design: docs/design/stack_maps.md. Source: A. Diwan, E. Moss, R. Hudson,
// "Compiler Support for Garbage Collection in a Statically Typed Language",
// PLDI 1992.
//
// Invariants:
//   [sm.site]  Return addresses of a map differ, and the base of every derived
//              slot is one of the site's slots; no slot is both.
//
// Threads: none; a map does not change once it is registered.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "allocator/base/address.h"

namespace fledge::runtime {

// What is wrong with a map, in one line of ASCII, and where.
struct StackMapError {
  std::string message;
};

enum class FrameRegister : std::uint8_t {
  kStackPointer,  // As it is when the call returns.
  kFramePointer,
};

// A word of a frame. Offsets are in bytes.
struct FrameSlot {
  FrameRegister base = FrameRegister::kStackPointer;
  std::int32_t offset = 0;

  auto operator<=>(const FrameSlot&) const = default;
};

// A slot that holds an address derived from that in `base`.
struct DerivedSlot {
  FrameSlot slot;
  FrameSlot base;

  auto operator<=>(const DerivedSlot&) const = default;
};

class StackMap {
 public:
  // Of a function whose frame has no one size.
  static constexpr std::uint64_t kUnknownBytes = ~std::uint64_t{0};

  struct Function {
    Address begin = kNullAddress;
    // Between the stack pointer at its calls and its own return address.
    std::uint64_t frame_bytes = kUnknownBytes;
    std::string name;  // May be empty.
  };

  struct Site {
    Address return_address = kNullAddress;
    std::uint32_t function = 0;  // Index into functions().
    std::uint32_t first_slot = 0;
    std::uint32_t slot_count = 0;
    std::uint32_t first_derived = 0;
    std::uint32_t derived_count = 0;
  };

  // `slot_bytes` is the width of the model's values: 8 or 4.
  StackMap() : StackMap(8) {}
  explicit StackMap(std::size_t slot_bytes) : slot_bytes_(slot_bytes) {}

  // Sites that are added from here on belong to this function.
  void AddFunction(Address begin, std::uint64_t frame_bytes = kUnknownBytes,
                   std::string name = {});
  // Slots may be repeated, and bases need not be among `slots`. An error if a
  // slot is not aligned, or is derived and also a base; then nothing was added.
  // REQUIRES: a function was added.
  std::optional<StackMapError> AddSite(Address return_address,
                                       std::span<const FrameSlot> slots,
                                       std::span<const DerivedSlot> derived);
  // A site of the last function, with the slots that `other` of this map has.
  void AddSiteLike(Address return_address, const Site& other);
  // Gives functions without a name what name_of(begin) says, a string view.
  template <typename NameOf>
  void NameFunctions(NameOf&& name_of) {
    for (Function& function : functions_) {
      if (function.name.empty()) function.name = name_of(function.begin);
    }
  }

  std::size_t slot_bytes() const { return slot_bytes_; }
  const std::vector<Function>& functions() const { return functions_; }
  const std::vector<Site>& sites() const { return sites_; }
  std::span<const FrameSlot> SlotsOf(const Site& site) const {
    return std::span(slots_).subspan(site.first_slot, site.slot_count);
  }
  std::span<const DerivedSlot> DerivedOf(const Site& site) const {
    return std::span(derived_).subspan(site.first_derived, site.derived_count);
  }
  // "fib+0x2a", or "function 0x401000+0x2a" where there is no name.
  std::string PlaceOf(const Site& site) const;

 private:
  std::size_t slot_bytes_;
  std::vector<Function> functions_;
  std::vector<Site> sites_;
  std::vector<FrameSlot> slots_;
  std::vector<DerivedSlot> derived_;
};

// "fib+0x2a", or "function 0x401000+0x2a" if `name` is empty.
std::string CodePlace(const std::string& name, Address begin, Address address);

}  // namespace fledge::runtime
