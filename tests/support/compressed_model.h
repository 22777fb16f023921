// CompressedModel: an object model with 32-bit slots, for tests.
//
// A reference is the object's distance from the reservation's start in units
// of 8 bytes, so that 32 bits reach 32 GiB. Objects are aligned to 16 bytes,
// so a reference is even and an odd value is an immediate of 31 bits. Distance
// 0 is null: the first object of a reservation must lie behind its start.
//
//   63          35 34           6 5   4 3    2   0
//   | slots: 29   | words: 29    | hash | 0 | 0 0 1 |   header of an object
//   | address of the copy               | 0 | 0 1 0 |   header once forwarded
//
//   object + 0              header
//   object + 8              slot 0, slot 1, ... of 4 bytes each
//   object + 8 + 4 n        raw bytes, to the next multiple of 8
//   object + 8 words        the identity hash, if kHashedAndMoved
//   ...                     up to 7 words that nothing uses, to alignment
//
// Identity hash: an object that was asked for its hash answers with its address
// and remembers that it was asked. When it next moves, the old address is
// stored behind the copy's last word, which for every second size takes 16
// bytes more and for the others the 8 that alignment left over.
//
// Source of the hash: D. Bacon, S. Fink, D. Grove, "Space- and Time-Efficient
// Implementation of the Java Object Model", ECOOP 2002.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "allocator/base/address.h"
#include "allocator/base/check.h"
#include "gc/object_model.h"
#include "tests/support/model_traits.h"

namespace fledge {

class CompressedModel {
 public:
  using Value = std::uint32_t;
  using Header = gc::Header;

  enum class Hash : std::uint8_t {
    kUnhashed = 0,        // Nobody asked.
    kHashed = 1,          // It is the address.
    kHashedAndMoved = 2,  // It is stored behind the object's last word.
  };

  static constexpr std::size_t kAlignment = 16;
  static constexpr auto kDirection = gc::AllocationDirection::kUpwards;
  static constexpr std::size_t kLargestReservation = 32 * kGiB;

  static constexpr std::size_t kWordBytes = 8;
  static constexpr std::size_t kSlotBytes = sizeof(Value);
  static constexpr unsigned kValueShift = 3;
  static constexpr std::size_t kMostWords = (std::size_t{1} << 29) - 1;
  static_assert(kLargestReservation >> kValueShift == std::uint64_t{1} << 32);
  static_assert(kAlignment >> kValueShift == 2, "References are even.");

  explicit CompressedModel(AddressRange reservation)
      : base_(reservation.begin) {
    FLEDGE_CHECK(reservation.bytes <= kLargestReservation);
    FLEDGE_CHECK(IsAligned(base_, kAlignment));
  }

  Address Decode(Value value) const {
    if (value == 0 || (value & 1) != 0) return kNullAddress;
    return FilterWord(value);
  }
  Value Rebase(Value value, Address from, Address to) const {
    return value + static_cast<Value>((to - from) >> kValueShift);
  }
  std::uint64_t FilterWord(Value value) const {
    return base_ + (std::uint64_t{value} << kValueShift);
  }
  // REQUIRES: `object` lies in the reservation, not at its start.
  Value Encode(Address object) const {
    FLEDGE_CHECK(object != base_ && object - base_ < kLargestReservation &&
                     IsAligned(object, kAlignment),
                 "no value can refer there");
    return static_cast<Value>((object - base_) >> kValueShift);
  }

  std::size_t SizeFrom(Header header) const {
    const std::size_t hash_words = HashFrom(header) == Hash::kHashedAndMoved;
    return AlignUp((WordsFrom(header) + hash_words) * kWordBytes, kAlignment);
  }
  std::size_t SizeAfterCopy(Header header) const {
    const std::size_t hash_words = HashFrom(header) != Hash::kUnhashed;
    return AlignUp((WordsFrom(header) + hash_words) * kWordBytes, kAlignment);
  }
  void FinishCopy(Address from, Address to, Header header) const {
    if (HashFrom(header) != Hash::kHashed) return;
    *HashWord(to, header) = from;
    gc::StoreHeader(to, WithHash(header, Hash::kHashedAndMoved));
  }

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
    for (Address slot = begin + SlotsFrom(header) * kSlotBytes;
         slot != begin;) {
      slot -= kSlotBytes;
      visit(reinterpret_cast<Value*>(slot));
    }
  }
  template <typename Visitor>
  void VisitSlotsIn(Address object, Header header, AddressRange range,
                    Visitor&& visit) const {
    const AddressRange slots{object + kWordBytes,
                             SlotsFrom(header) * kSlotBytes};
    const AddressRange part = slots.Intersect(range);
    for (Address slot = AlignUp(part.begin, kSlotBytes); slot < part.end();
         slot += kSlotBytes) {
      visit(reinterpret_cast<Value*>(slot));
    }
  }

  std::string_view TypeName(Header header) const {
    return SlotsFrom(header) == 0 ? "bytes" : "record";
  }

  // The header of an object of `words` words without hash, header included,
  // that has `slots` slots.
  static Header MakeHeader(std::size_t slots, std::size_t words) {
    FLEDGE_CHECK(slots * kSlotBytes <= (words - 1) * kWordBytes &&
                 slots <= kMostWords && words <= kMostWords);
    return std::uint64_t{slots} << kSlotsShift |
           std::uint64_t{words} << kWordsShift | kObjectState;
  }
  static std::size_t SlotsFrom(Header header) { return header >> kSlotsShift; }
  static std::size_t WordsFrom(Header header) {
    return (header >> kWordsShift) & kMostWords;
  }
  static Hash HashFrom(Header header) {
    return static_cast<Hash>((header >> kHashShift) & 3);
  }
  static Header WithHash(Header header, Hash hash) {
    return (header & ~(std::uint64_t{3} << kHashShift)) |
           std::uint64_t{static_cast<std::uint8_t>(hash)} << kHashShift;
  }
  static std::uint64_t* HashWord(Address object, Header header) {
    return reinterpret_cast<std::uint64_t*>(object) + WordsFrom(header);
  }

 private:
  static constexpr std::uint64_t kStateMask = 7;
  static constexpr std::uint64_t kObjectState = 1;
  static constexpr std::uint64_t kForwardedState = 2;
  static constexpr unsigned kHashShift = 4;
  static constexpr unsigned kWordsShift = 6;
  static constexpr unsigned kSlotsShift = 35;
  static_assert(kMostWords < std::uint64_t{1} << (kSlotsShift - kWordsShift));
  static_assert(kStateMask < kAlignment);

  Address base_;
};

template <>
struct ModelTraits<CompressedModel> {
  using Model = CompressedModel;
  using Value = Model::Value;

  static constexpr std::string_view kName = "Compressed";

  static constexpr bool kHasInteriorReferences = false;
  static constexpr bool kRefersOutside = false;
  static constexpr bool kHasIdentityHash = true;

  static Value NullValue() { return 0; }
  static Value Immediate(int number) {
    return (static_cast<Value>(number) << 1) | 1;
  }

  static Value ReferenceTo(const Model& model, Address object) {
    return model.Encode(object);
  }
  static Value InteriorReferenceTo(const Model& model, Address object) {
    return model.Encode(object);
  }
  static Address ObjectOf(const Model& model, Value value) {
    return model.Decode(value);
  }

  static std::size_t SizeFor(std::size_t slots, std::size_t raw_bytes) {
    return AlignUp(WordsFor(slots, raw_bytes) * Model::kWordBytes,
                   Model::kAlignment);
  }
  static void InitializeAt(Address object, std::size_t slots,
                           std::size_t raw_bytes) {
    gc::StoreHeader(object,
                    Model::MakeHeader(slots, WordsFor(slots, raw_bytes)));
    for (std::size_t i = 0; i < slots; ++i) *Slot(object, i) = NullValue();
  }

  static std::size_t SlotCount(Address object) {
    return Model::SlotsFrom(gc::LoadHeader(object));
  }
  static Value* Slot(Address object, std::size_t i) {
    FLEDGE_CHECK(object != kNullAddress, "null has no slots");
    return reinterpret_cast<Value*>(object + Model::kWordBytes) + i;
  }
  static std::span<std::byte> Raw(Address object) {
    const Address begin =
        reinterpret_cast<Address>(Slot(object, SlotCount(object)));
    const Address end = reinterpret_cast<Address>(
        Model::HashWord(object, gc::LoadHeader(object)));
    return {reinterpret_cast<std::byte*>(begin), end - begin};
  }

  static std::uint64_t IdentityHash(Address object) {
    const gc::Header header = gc::LoadHeader(object);
    if (Model::HashFrom(header) == Model::Hash::kHashedAndMoved) {
      return *Model::HashWord(object, header);
    }
    gc::StoreHeader(object, Model::WithHash(header, Model::Hash::kHashed));
    return object;
  }

 private:
  static std::size_t WordsFor(std::size_t slots, std::size_t raw_bytes) {
    return 1 +
           AlignUp(slots * Model::kSlotBytes + raw_bytes, Model::kWordBytes) /
               Model::kWordBytes;
  }
};

static_assert(HasModelTraits<CompressedModel>);

}  // namespace fledge
