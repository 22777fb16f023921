// PlainModel: the simplest object model, for tests of the collector.
//
// A value is the object's address, an odd word is an immediate, null is zero.
// An object is its header, its slots, then bytes that are no slots:
//
//   63           36 35            8 7      2 1     0
//   | slots: 28    | words: 28     | type   | 0  1 |   header of an object
//   | address of the copy                   | 1  0 |   header once forwarded
//
//   object + 0         header
//   object + 8         slot 0, slot 1, ...
//   object + 8 + 8 n   raw bytes, to the object's end
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

#include "allocator/base/address.h"
#include "allocator/base/check.h"
#include "gc/object_model.h"
#include "tests/support/model_traits.h"

namespace fledge {

class PlainModel {
 public:
  using Value = std::uint64_t;
  using Header = gc::Header;

  enum class Type : std::uint8_t { kBytes, kArray, kRecord };

  static constexpr std::size_t kAlignment = 8;
  static constexpr auto kDirection = gc::AllocationDirection::kUpwards;
  static constexpr std::size_t kLargestReservation =
      std::numeric_limits<std::size_t>::max();

  static constexpr std::size_t kWordBytes = 8;
  static constexpr std::size_t kMostWords = (std::size_t{1} << 28) - 1;

  explicit PlainModel(AddressRange) {}

  Address Decode(Value value) const {
    return (value & 1) == 0 ? value : kNullAddress;
  }
  Value Rebase(Value value, Address from, Address to) const {
    return value + (to - from);
  }
  std::uint64_t FilterWord(Value value) const { return value; }

  std::size_t SizeFrom(Header header) const {
    return ((header >> kWordsShift) & kMostWords) * kWordBytes;
  }
  std::size_t SizeAfterCopy(Header header) const { return SizeFrom(header); }
  void FinishCopy(Address, Address, Header) const {}

  bool IsForwarded(Header header) const {
    return (header & kStateMask) == kForwardedState;
  }
  Address ForwardingAddress(Header header) const {
    return header & ~kStateMask;
  }
  Header ForwardingHeader(Address to) const { return to | kForwardedState; }

  template <typename Visitor>
  void VisitSlots(Address object, Header header, Visitor&& visit) const {
    VisitSlotsIn(object, header, {object, SizeFrom(header)}, visit);
  }
  template <typename Visitor>
  void VisitSlotsReversed(Address object, Header header,
                          Visitor&& visit) const {
    const Address begin = object + kWordBytes;
    for (Address slot = begin + SlotsFrom(header) * kWordBytes;
         slot != begin;) {
      slot -= kWordBytes;
      visit(reinterpret_cast<Value*>(slot));
    }
  }
  template <typename Visitor>
  void VisitSlotsIn(Address object, Header header, AddressRange range,
                    Visitor&& visit) const {
    const AddressRange slots{object + kWordBytes,
                             SlotsFrom(header) * kWordBytes};
    const AddressRange part = slots.Intersect(range);
    for (Address slot = AlignUp(part.begin, kWordBytes); slot < part.end();
         slot += kWordBytes) {
      visit(reinterpret_cast<Value*>(slot));
    }
  }

  std::string_view TypeName(Header header) const {
    switch (static_cast<Type>((header >> kTypeShift) & kTypeMask)) {
      case Type::kBytes:
        return "bytes";
      case Type::kArray:
        return "array";
      case Type::kRecord:
        return "record";
    }
    return "unknown";
  }

  // The header of an object of `words` words, header included, of which
  // `slots` are slots.
  static Header MakeHeader(Type type, std::size_t slots, std::size_t words) {
    FLEDGE_CHECK(slots < words && words <= kMostWords);
    return std::uint64_t{slots} << kSlotsShift |
           std::uint64_t{words} << kWordsShift |
           std::uint64_t{static_cast<std::uint8_t>(type)} << kTypeShift |
           kObjectState;
  }
  static std::size_t SlotsFrom(Header header) { return header >> kSlotsShift; }

 private:
  static constexpr std::uint64_t kStateMask = 3;
  static constexpr std::uint64_t kObjectState = 1;
  static constexpr std::uint64_t kForwardedState = 2;
  static constexpr unsigned kTypeShift = 2;
  static constexpr std::uint64_t kTypeMask = 0x3f;
  static constexpr unsigned kWordsShift = 8;
  static constexpr unsigned kSlotsShift = 36;
  static_assert(kMostWords < std::uint64_t{1} << (kSlotsShift - kWordsShift));
};

template <>
struct ModelTraits<PlainModel> {
  using Value = PlainModel::Value;

  static constexpr std::string_view kName = "Plain";

  static constexpr bool kHasInteriorReferences = false;
  static constexpr bool kRefersOutside = true;
  static constexpr bool kHasIdentityHash = false;

  static Value NullValue() { return 0; }
  static Value Immediate(int number) {
    return (static_cast<Value>(number) << 1) | 1;
  }

  static Value ReferenceTo(const PlainModel&, Address object) { return object; }
  static Value InteriorReferenceTo(const PlainModel&, Address object) {
    return object;
  }
  static Address ObjectOf(const PlainModel& model, Value value) {
    return model.Decode(value);
  }

  static std::size_t SizeFor(std::size_t slots, std::size_t raw_bytes) {
    return (1 + slots) * PlainModel::kWordBytes +
           AlignUp(raw_bytes, PlainModel::kWordBytes);
  }
  static void InitializeAt(Address object, std::size_t slots,
                           std::size_t raw_bytes) {
    using Type = PlainModel::Type;
    const Type type = slots == 0       ? Type::kBytes
                      : raw_bytes == 0 ? Type::kArray
                                       : Type::kRecord;
    gc::StoreHeader(object, PlainModel::MakeHeader(type, slots,
                                                   SizeFor(slots, raw_bytes) /
                                                       PlainModel::kWordBytes));
    for (std::size_t i = 0; i < slots; ++i) *Slot(object, i) = NullValue();
  }

  static std::size_t SlotCount(Address object) {
    return PlainModel::SlotsFrom(gc::LoadHeader(object));
  }
  static Value* Slot(Address object, std::size_t i) {
    return reinterpret_cast<Value*>(object) + 1 + i;
  }
  static std::span<std::byte> Raw(Address object) {
    const std::size_t size = PlainModel({}).SizeFrom(gc::LoadHeader(object));
    const Address begin = object + SizeFor(SlotCount(object), 0);
    return {reinterpret_cast<std::byte*>(begin), object + size - begin};
  }
};

static_assert(HasModelTraits<PlainModel>);

}  // namespace fledge
