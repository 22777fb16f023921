// ObjectModel: how a VM's objects look, as the collector needs to know it.
//
// The collector is compiled against a model, so that a VM keeps its own header
// word, tagging and layout and the tracers pay no indirect call per object or
// slot. A model is a small value type, made for each heap from the heap's
// reservation (a compressed model keeps its base), and copied into tracers.
//
// Words (docs/glossary.md): an *object* is named by the address of its header
// word; a *value* is what a slot holds, a reference or an immediate; a *slot*
// is the address of a value.
//
// Design: docs/design/object_model.md. Sources: Whippet's embedder interface
// and MPS's object formats; the size rule is the page's own.
//
// Invariants:
//   [om.header]    The first word of an object is its header, 64 bits. The
//                  collector overwrites it only in from-space, by one store.
//   [om.zero]      A value of all zero bits decodes to kNullAddress.
//   [om.constant]  Size and slots of an object are constant from its first
//                  safepoint to its death, except through ChangeLayout().
//   [om.outside]   A value may refer outside the heap: the collector ignores
//                  it.
//   [om.given]     SizeFrom(), VisitSlots...() and FinishCopy() go by the
//                  header they are given and never load the object's again,
//                  which may be a forwarding header by then.
//   [om.copy]      A copy has the slots of the original, at the same distances
//                  from its begin.
//   [om.release]   What an object gave up by a new header is its owner's no
//                  longer: ChangeLayout() releases, and the sweep acquires.
//   [om.start]     No object lies at the start of the reservation, so that a
//                  compressed model's zero offset is free to mean null.
#pragma once

#include <atomic>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "allocator/base/address.h"

namespace fledge::gc {

// A header word as loaded once. What it means is the model's affair.
using Header = std::uint64_t;

// A lazy sweep reads the headers of old objects while their owners may change
// them: to note that an identity hash was asked for, by a read-modify-write, or
// by ChangeLayout(), to give up a part of the object, which the sweep may then
// hand to another thread. These two have an order, see [om.release]; nobody
// else needs one.
inline Header LoadHeader(Address object,
                         std::memory_order order = std::memory_order_relaxed) {
  return std::atomic_ref(*reinterpret_cast<Header*>(object)).load(order);
}
inline void StoreHeader(Address object, Header header,
                        std::memory_order order = std::memory_order_relaxed) {
  std::atomic_ref(*reinterpret_cast<Header*>(object)).store(header, order);
}

enum class AllocationDirection : std::uint8_t { kUpwards, kDownwards };

// A visitor that a model's VisitSlots is checked against.
template <typename Value>
struct SlotVisitorArchetype {
  void operator()(Value* slot) const;
};

template <typename M>
concept ObjectModel = std::copyable<M> &&
    std::constructible_from<M, AddressRange> &&
    requires(const M& model, typename M::Value value, Address object,
             Header header, AddressRange range,
             SlotVisitorArchetype<typename M::Value> visitor) {
  // What a slot holds: std::uint64_t, or std::uint32_t when compressed.
  requires std::unsigned_integral<typename M::Value>;
  requires sizeof(typename M::Value) == 4 || sizeof(typename M::Value) == 8;

  // Traits: object alignment, 8 or 16; which way the nursery is filled;
  // the largest reservation that values can refer into.
  requires M::kAlignment == 8 || M::kAlignment == 16;
  { M::kDirection } -> std::convertible_to<AllocationDirection>;
  { M::kLargestReservation } -> std::convertible_to<std::size_t>;

  // The object that `value` refers to, or kNullAddress for an immediate.
  // May read the memory that the value points into, to resolve an interior
  // value: that memory is intact even in from-space, but for the object's
  // header word, which must not look like something else once forwarded. A
  // caller that does not know the value to be good checks FilterWord() first.
  { model.Decode(value) } -> std::same_as<Address>;
  // `value` after its object moved from `from` to `to`: tags and interior
  // displacement are kept. The same value if it did not move.
  { model.Rebase(value, object, object) } -> std::same_as<typename M::Value>;
  // An address inside the referent whenever `value` is a reference; anything
  // otherwise. Reads no memory: the write barrier filters on it.
  { model.FilterWord(value) } -> std::same_as<std::uint64_t>;

  // Bytes, a multiple of kAlignment, at least 8, from the header word
  // alone (and memory that the header refers to and that does not move).
  { model.SizeFrom(header) } -> std::same_as<std::size_t>;
  // Bytes after a copy, at least SizeFrom() and a multiple of kAlignment: an
  // object may grow once, to store an identity hash that was taken from its
  // address.
  { model.SizeAfterCopy(header) } -> std::same_as<std::size_t>;
  // Called after the first SizeFrom() bytes of `from` were copied to `to`,
  // header included; may write the header and the new bytes of `to`. These hold
  // no slot: a copy's slots are the original's, at the same distances.
  { model.FinishCopy(object, object, header) } -> std::same_as<void>;

  // Forwarding state in the header word.
  { model.IsForwarded(header) } -> std::same_as<bool>;
  { model.ForwardingAddress(header) } -> std::same_as<Address>;
  { model.ForwardingHeader(object) } -> std::same_as<Header>;

  // Calls visitor(slot) for each strong slot; in the second form, at least
  // for each that begins inside `range` and possibly for others. In any order;
  // a tracer goes on with the slot that it was shown last.
  model.VisitSlots(object, header, visitor);
  model.VisitSlotsIn(object, header, range, visitor);

  // A name for messages and snapshots; static storage.
  { model.TypeName(header) } -> std::convertible_to<std::string_view>;
};

// A model may have, besides, VisitSlotsReversed(object, header, visitor): the
// same as VisitSlots() in the opposite order. With it a tracer goes on with the
// slot whose object lies nearer, and is up to twice as fast with trees of which
// the model's own order would leave the nearer child for last.
template <typename M>
concept ReversibleModel = ObjectModel<M> &&
    requires(const M& model, Address object, Header header,
             SlotVisitorArchetype<typename M::Value> visitor) {
  model.VisitSlotsReversed(object, header, visitor);
};

}  // namespace fledge::gc
