// OcamlLikeModel: an object model as OCaml's native code has it, for tests.
//
// A value points behind the header word, not at it; small integers are odd;
// closures may be pointed into; static data lies outside the heap and values
// refer to it as to any other; the nursery is filled downwards.
//
//   63                    10 9     8 7        0
//   | fields: 54            | 0  0  | tag      |   header of an object
//   | address of the copy   | 0  1  | 0        |   header once forwarded
//   | words back            | 0  0  | kInfix   |   infix header
//
//   object + 0     header
//   object + 8     field 0      <- values point here
//   object + 16    field 1 ...
//
// A closure for two functions has raw words before its environment. A value
// may point at field 3, behind the infix header, whose count of words leads
// back to field 0. Only the object's own header is overwritten by forwarding,
// so an infix header leads back at any time. Forwarding is told by bit 8, not
// by a tag: the low byte of a forwarding header is zero, never kInfix.
//
//   field 0   code         a raw word
//   field 1   info         odd; holds the index of the first slot
//   field 2   infix header
//   field 3   code         <- interior values point here
//   field 4   info
//   field 5   raw words, then the slots: the environment
//
// Source: the OCaml runtime's mlvalues.h. Unlike there, an object without
// fields takes a word for one, so that the word its values point at is its own.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

#include "allocator/base/address.h"
#include "gc/object_model.h"
#include "tests/support/model_traits.h"

namespace fledge {

class OcamlLikeModel {
 public:
  using Value = std::uint64_t;
  using Header = gc::Header;

  // Objects with tags from kNoScan on have no slots.
  enum Tag : std::uint8_t {
    kBlock = 0,
    kClosure = 247,
    kInfix = 249,
    kNoScan = 251,
    kString = 252,
    kDouble = 253,
  };

  static constexpr std::size_t kAlignment = 8;
  static constexpr auto kDirection = gc::AllocationDirection::kDownwards;
  static constexpr std::size_t kLargestReservation =
      std::numeric_limits<std::size_t>::max();

  static constexpr std::size_t kWordBytes = 8;

  explicit OcamlLikeModel(AddressRange) {}

  Address Decode(Value value) const {
    if (value == 0 || (value & 1) != 0) return kNullAddress;
    const Address header_address = value - kWordBytes;
    const Header header = gc::LoadHeader(header_address);
    if (TagFrom(header) != kInfix) return header_address;
    return header_address - FieldsFrom(header) * kWordBytes;
  }
  Value Rebase(Value value, Address from, Address to) const {
    return value + (to - from);
  }
  std::uint64_t FilterWord(Value value) const { return value; }

  std::size_t SizeFrom(Header header) const {
    return (1 + std::max<std::size_t>(FieldsFrom(header), 1)) * kWordBytes;
  }
  std::size_t SizeAfterCopy(Header header) const { return SizeFrom(header); }
  void FinishCopy(Address, Address, Header) const {}

  bool IsForwarded(Header header) const {
    return (header & kForwardedBit) != 0;
  }
  Address ForwardingAddress(Header header) const {
    return header >> kFieldsShift;
  }
  Header ForwardingHeader(Address to) const {
    return std::uint64_t{to} << kFieldsShift | kForwardedBit;
  }

  template <typename Visitor>
  void VisitSlots(Address object, Header header, Visitor&& visit) const {
    VisitSlotsIn(object, header, {object, SizeFrom(header)}, visit);
  }
  template <typename Visitor>
  void VisitSlotsIn(Address object, Header header, AddressRange range,
                    Visitor&& visit) const {
    const AddressRange part = SlotsOf(object, header).Intersect(range);
    for (Address slot = AlignUp(part.begin, kWordBytes); slot < part.end();
         slot += kWordBytes) {
      visit(reinterpret_cast<Value*>(slot));
    }
  }

  std::string_view TypeName(Header header) const {
    switch (TagFrom(header)) {
      case kBlock:
        return "block";
      case kClosure:
        return "closure";
      case kString:
        return "string";
      case kDouble:
        return "double";
      default:
        return "unknown";
    }
  }

  static Header MakeHeader(Tag tag, std::size_t fields) {
    return std::uint64_t{fields} << kFieldsShift | tag;
  }
  static std::uint8_t TagFrom(Header header) {
    return static_cast<std::uint8_t>(header);
  }
  static std::size_t FieldsFrom(Header header) {
    return header >> kFieldsShift;
  }

  static std::uint64_t* Field(Address object, std::size_t i) {
    return reinterpret_cast<std::uint64_t*>(object) + 1 + i;
  }

  // The slots are the last fields. Where they begin is written in a closure's
  // body, which is intact in from-space, not in its header.
  static AddressRange SlotsOf(Address object, Header header) {
    const std::uint8_t tag = TagFrom(header);
    if (tag >= kNoScan) return {};
    const std::size_t first =
        tag == kClosure ? FirstSlotFrom(*Field(object, 1)) : 0;
    return RangeBetween(
        reinterpret_cast<Address>(Field(object, first)),
        reinterpret_cast<Address>(Field(object, FieldsFrom(header))));
  }

  // A closure's info word: like an integer, so that it may be taken for a
  // value, with the index of the first slot.
  static std::uint64_t MakeInfo(std::size_t first_slot) {
    return std::uint64_t{first_slot} << 1 | 1;
  }
  static std::size_t FirstSlotFrom(std::uint64_t info) { return info >> 1; }

 private:
  static constexpr std::uint64_t kForwardedBit = 1 << 8;
  static constexpr unsigned kFieldsShift = 10;
};

template <>
struct ModelTraits<OcamlLikeModel> {
  using Model = OcamlLikeModel;
  using Value = Model::Value;

  static constexpr std::string_view kName = "OcamlLike";

  static constexpr bool kHasInteriorReferences = true;
  static constexpr bool kRefersOutside = true;
  static constexpr bool kHasIdentityHash = false;

  // The fields of a closure, as the file's comment shows them.
  static constexpr std::size_t kInfixField = 2;
  static constexpr std::size_t kInteriorField = 3;
  static constexpr std::size_t kFirstRawField = 5;
  // Stands where a code pointer would: a word that is no reference, though
  // nothing in it says so.
  static constexpr std::uint64_t kCode = 0xc0de;

  static Value NullValue() { return 0; }
  static Value Immediate(int number) {
    return (static_cast<Value>(number) << 1) | 1;
  }

  static Value ReferenceTo(const Model&, Address object) {
    return object + Model::kWordBytes;
  }
  static Value InteriorReferenceTo(const Model& model, Address object) {
    if (!IsClosure(object)) return ReferenceTo(model, object);
    return reinterpret_cast<Value>(Model::Field(object, kInteriorField));
  }
  static Address ObjectOf(const Model& model, Value value) {
    return model.Decode(value);
  }

  // Slots alone are a block, raw bytes alone a string, both a closure.
  static std::size_t SizeFor(std::size_t slots, std::size_t raw_bytes) {
    return Model({}).SizeFrom(
        Model::MakeHeader(Model::kBlock, FieldsFor(slots, raw_bytes)));
  }
  static void InitializeAt(Address object, std::size_t slots,
                           std::size_t raw_bytes) {
    const std::size_t fields = FieldsFor(slots, raw_bytes);
    Model::Tag tag = slots == 0 ? Model::kString : Model::kBlock;
    if (slots != 0 && raw_bytes != 0) {
      tag = Model::kClosure;
      *Model::Field(object, 0) = kCode;
      *Model::Field(object, 1) = Model::MakeInfo(fields - slots);
      *Model::Field(object, kInfixField) =
          Model::MakeHeader(Model::kInfix, kInteriorField);
      *Model::Field(object, kInteriorField) = kCode;
      *Model::Field(object, kInteriorField + 1) =
          Model::MakeInfo(fields - slots - kInteriorField);
    }
    gc::StoreHeader(object, Model::MakeHeader(tag, fields));
    for (std::size_t i = 0; i < slots; ++i) *Slot(object, i) = NullValue();
  }

  static std::size_t SlotCount(Address object) {
    return Slots(object).bytes / Model::kWordBytes;
  }
  static Value* Slot(Address object, std::size_t i) {
    return reinterpret_cast<Value*>(Slots(object).begin) + i;
  }
  static std::span<std::byte> Raw(Address object) {
    const gc::Header header = gc::LoadHeader(object);
    std::size_t first = 0;
    std::size_t fields = 0;
    if (Model::TagFrom(header) >= Model::kNoScan) {
      fields = Model::FieldsFrom(header);
    } else if (IsClosure(object)) {
      first = kFirstRawField;
      fields = Model::FieldsFrom(header) - first - SlotCount(object);
    }
    return {reinterpret_cast<std::byte*>(Model::Field(object, first)),
            fields * Model::kWordBytes};
  }

 private:
  static std::size_t FieldsFor(std::size_t slots, std::size_t raw_bytes) {
    const bool closure = slots != 0 && raw_bytes != 0;
    return (closure ? kFirstRawField : 0) +
           AlignUp(raw_bytes, Model::kWordBytes) / Model::kWordBytes + slots;
  }
  static bool IsClosure(Address object) {
    return Model::TagFrom(gc::LoadHeader(object)) == Model::kClosure;
  }
  static AddressRange Slots(Address object) {
    return Model::SlotsOf(object, gc::LoadHeader(object));
  }
};

static_assert(HasModelTraits<OcamlLikeModel>);

}  // namespace fledge
