// ObjectModel of the language: one header for records, cells of lists and
// closures, whose references come after the words that are none.
//
//    63        31 30            20 19             8 7         1   0
//   +------------+----------------+----------------+-----------+---+
//   | 0          | slots          | raw words      | kind      | 1 |
//   +------------+----------------+----------------+-----------+---+
//   | address of the copy, once the object has moved             0 |
//   +--------------------------------------------------------------+
//
//   object + 0                 header
//   object + 8                 raw words: integers, code
//   object + 8 + 8 * raw       slots: references, or null
//
// A header is 31 bits, so that compiled code stores it as an immediate operand.
// The types of the language say which words are references, so a reference is
// an address and needs no tag.
//
// Threads: pure functions.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

#include "allocator/base/address.h"
#include "gc/mutator_core.h"
#include "gc/object_model.h"

namespace nest {

enum class ObjectKind : std::uint8_t { kRecord, kCell, kClosure };

class ObjectModel {
 public:
  using Value = std::uint64_t;
  using Address = fledge::Address;
  using Header = fledge::gc::Header;

  static constexpr std::size_t kAlignment = 8;
  static constexpr auto kDirection = fledge::gc::AllocationDirection::kUpwards;
  static constexpr std::size_t kLargestReservation =
      std::numeric_limits<std::size_t>::max();

  // Of an object, header not included. So it is young when it is made.
  static constexpr std::size_t kMostWords = 2047;

  explicit ObjectModel(fledge::AddressRange) {}

  static constexpr Header MakeHeader(ObjectKind kind, std::size_t raw_words,
                                     std::size_t slots) {
    return Header{slots} << kSlotsShift | Header{raw_words} << kRawShift |
           Header{static_cast<std::uint8_t>(kind)} << kKindShift | 1;
  }
  static constexpr std::size_t SizeOf(std::size_t raw_words,
                                      std::size_t slots) {
    return 8 * (1 + raw_words + slots);
  }

  Address Decode(Value value) const { return value; }
  Value Rebase(Value, Address, Address to) const { return to; }
  std::uint64_t FilterWord(Value value) const { return value; }

  std::size_t SizeFrom(Header header) const {
    return SizeOf(RawFrom(header), SlotsFrom(header));
  }
  std::size_t SizeAfterCopy(Header header) const { return SizeFrom(header); }
  void FinishCopy(Address, Address, Header) const {}

  bool IsForwarded(Header header) const { return (header & 1) == 0; }
  Address ForwardingAddress(Header header) const { return header; }
  Header ForwardingHeader(Address to) const { return to; }

  template <typename Visitor>
  void VisitSlots(Address object, Header header, Visitor&& visit) const {
    Value* slot = reinterpret_cast<Value*>(object) + 1 + RawFrom(header);
    for (Value* const end = slot + SlotsFrom(header); slot != end; ++slot) {
      visit(slot);
    }
  }
  template <typename Visitor>
  void VisitSlotsIn(Address object, Header header, fledge::AddressRange,
                    Visitor&& visit) const {
    VisitSlots(object, header, visit);  // More than the range is allowed.
  }

  std::string_view TypeName(Header header) const {
    constexpr std::array<std::string_view, 3> kNames = {"record", "cell",
                                                        "closure"};
    const std::size_t kind = header >> kKindShift & 0x7f;
    return kind < kNames.size() ? kNames[kind] : "unknown";
  }

 private:
  static constexpr unsigned kKindShift = 1;
  static constexpr unsigned kRawShift = 8;
  static constexpr unsigned kSlotsShift = 20;

  static std::size_t RawFrom(Header header) {
    return header >> kRawShift & 0xfff;
  }
  static std::size_t SlotsFrom(Header header) { return header >> kSlotsShift; }
};

static_assert(fledge::gc::ObjectModel<ObjectModel>);
static_assert(ObjectModel::SizeOf(0, ObjectModel::kMostWords) <=
              fledge::gc::kLargestYoungBytes);

}  // namespace nest
