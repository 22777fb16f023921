// CellModel: the object model of docs/embedding.md, which knows cells only.
//
// A value is zero (nothing), an odd word (a number), or a cell's address.
//
//   cell + 0    header: 1, or the address of the copy once the cell has moved
//   cell + 8    number  a slot, although numbers are all that it holds here
//   cell + 16   rest    a slot: the next cell, or nothing
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

#include "gc/heap.h"

struct Cell {
  std::uint64_t header;
  std::uint64_t number;
  std::uint64_t rest;
};

struct CellModel {
  using Value = std::uint64_t;
  using Address = fledge::Address;
  using Header = fledge::gc::Header;

  static constexpr std::size_t kAlignment = 8;
  static constexpr auto kDirection = fledge::gc::AllocationDirection::kUpwards;
  static constexpr std::size_t kLargestReservation =
      std::numeric_limits<std::size_t>::max();

  explicit CellModel(fledge::AddressRange) {}

  // Values.
  Address Decode(Value value) const { return value % 2 == 0 ? value : 0; }
  Value Rebase(Value, Address, Address to) const { return to; }
  std::uint64_t FilterWord(Value value) const { return value; }

  // Sizes. A copy is as large as its original and needs no last touch.
  std::size_t SizeFrom(Header) const { return sizeof(Cell); }
  std::size_t SizeAfterCopy(Header) const { return sizeof(Cell); }
  void FinishCopy(Address, Address, Header) const {}

  // Forwarding: the header of a cell that has moved is its copy's address.
  bool IsForwarded(Header header) const { return header != 1; }
  Address ForwardingAddress(Header header) const { return header; }
  Header ForwardingHeader(Address to) const { return to; }

  // Slots.
  template <typename Visitor>
  void VisitSlots(Address object, Header, Visitor&& visit) const {
    Cell* const cell = reinterpret_cast<Cell*>(object);
    visit(&cell->number);
    visit(&cell->rest);
  }
  template <typename Visitor>
  void VisitSlotsIn(Address object, Header header, fledge::AddressRange,
                    Visitor&& visit) const {
    VisitSlots(object, header, visit);  // More than the range is allowed.
  }

  std::string_view TypeName(Header) const { return "cell"; }
};

// The cell that `value` refers to; good until the next call that may collect.
inline Cell* CellOf(CellModel::Value value) {
  return reinterpret_cast<Cell*>(value);
}

inline CellModel::Value NumberValue(std::uint64_t number) {
  return number * 2 + 1;
}
inline std::uint64_t NumberOf(CellModel::Value value) { return value / 2; }

// A new cell with nothing behind it. May collect.
inline CellModel::Value MakeCell(fledge::gc::Mutator<CellModel>& mutator,
                                 std::uint64_t number) {
  const CellModel::Value cell = mutator.Allocate(sizeof(Cell));
  *CellOf(cell) = {1, NumberValue(number), 0};
  return cell;
}
