// ValueModel: the runtime's objects, as the collector needs to know them.
//
// It answers gc/object_model.h from runtime/value.h and
// runtime/object_header.h. A reference is its object's address without tag or
// displacement, so decoding is a test and rebasing is the new address.
//
// An object that was asked for its identity hash grows by a word when it next
// moves: runtime/identity_hash.h.
//
// Design: docs/design/value_model.md, docs/design/object_model.md.
//
// Threads: stateless; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "allocator/base/address.h"
#include "gc/object_model.h"
#include "runtime/identity_hash.h"
#include "runtime/object_header.h"
#include "runtime/value.h"

namespace fledge::runtime {

// The edge that a slot is, for snapshots and messages: a name that the type
// has for it ("car"), or an item with its index and no name.
struct EdgeName {
  std::string_view name;  // Static storage; empty for an item.
  std::size_t index;      // Of the slot in its object.

  bool operator==(const EdgeName&) const = default;
};

class ValueModel {
 public:
  using Value = runtime::Value::Word;
  using Header = gc::Header;

  static constexpr std::size_t kAlignment = kWordBytes;
  static constexpr auto kDirection = gc::AllocationDirection::kUpwards;
  // What a process can address: values hold any address.
  static constexpr std::size_t kLargestReservation = std::size_t{1} << 47;

  explicit ValueModel(AddressRange) {}

  Address Decode(Value value) const {
    const auto decoded = runtime::Value::FromWord(value);
    return decoded.IsReference() ? decoded.object() : kNullAddress;
  }
  Value Rebase(Value value, Address from, Address to) const {
    return value + (to - from);
  }
  std::uint64_t FilterWord(Value value) const { return value; }

  std::size_t SizeFrom(Header header) const {
    return runtime::SizeFrom(header);
  }
  std::size_t SizeAfterCopy(Header header) const {
    return SizeFrom(header) + (IsSalted(header) ? kWordBytes : 0);
  }
  void FinishCopy(Address from, Address to, Header header) const {
    if (IsSalted(header)) [[unlikely]]
      StoreIdentityHash(from, to, header);
  }

  bool IsForwarded(Header header) const { return IsForwardedHeader(header); }
  Address ForwardingAddress(Header header) const { return header; }
  Header ForwardingHeader(Address to) const { return to; }

  template <typename Visitor>
  void VisitSlots(Address object, Header header, Visitor&& visit) const {
    // Last slot first: a tracer goes on with the slot it was shown last, so a
    // list's items are traced before the rest of the list.
    const AddressRange slots = SlotsOf(object, header);
    for (Address slot = slots.end(); slot != slots.begin;) {
      slot -= kWordBytes;
      visit(reinterpret_cast<Value*>(slot));
    }
  }
  template <typename Visitor>
  void VisitSlotsReversed(Address object, Header header,
                          Visitor&& visit) const {
    const AddressRange slots = SlotsOf(object, header);
    for (Address slot = slots.begin; slot != slots.end(); slot += kWordBytes) {
      visit(reinterpret_cast<Value*>(slot));
    }
  }
  // Exactly the slots that begin inside `range`.
  template <typename Visitor>
  void VisitSlotsIn(Address object, Header header, AddressRange range,
                    Visitor&& visit) const {
    // Rounding both ends up keeps the slots that begin inside.
    const AddressRange whole = RangeBetween(AlignUp(range.begin, kWordBytes),
                                            AlignUp(range.end(), kWordBytes));
    const AddressRange slots = SlotsOf(object, header).Intersect(whole);
    for (Address slot = slots.begin; slot != slots.end(); slot += kWordBytes) {
      visit(reinterpret_cast<Value*>(slot));
    }
  }

  std::string_view TypeName(Header header) const {
    return ShapeOf(TypeFrom(header)).name;
  }
  // REQUIRES: `slot` is one that VisitSlots() visits.
  EdgeName EdgeNameOf(Address object, Header header, const Value* slot) const;

 private:
  static AddressRange SlotsOf(Address object, Header header) {
    return {object + kHeaderBytes, SlotBytesFrom(header)};
  }
};

static_assert(gc::ReversibleModel<ValueModel>);

}  // namespace fledge::runtime
