// Object header: the first word of every object.
//
//    63                       16 15      8 7    5 4   3 2     1  0
//   +---------------------------+---------+------+-----+-------+---+
//   | length: 48 bits           | type    | 0    | raw | shift | 1 |  object
//   +---------------------------+---------+------+-----+-------+---+
//   | address of the copy, a multiple of 8               0   0   0 |  forwarded
//   +--------------------------------------------------------------+
//
// An object's size and its slots follow from the header alone, so one load
// decides both and a race with forwarding cannot tear them, and by shifts, so
// that a tracer looks up no table:
//
//   size  = 8 + (length << shift), rounded up to 8
//   slots = length - raw words, if the length counts words (shift 3);
//           none, if it counts bytes (shift 0)
//
// A type of fixed size has its words as length. Bits 5 to 7 are not in use.
//
// Slots come first: object + 8 is slot 0 and the slots are contiguous, then
// words that are no slots follow. Scanning is a count and a loop.
//
// Design: docs/design/value_model.md.
//
// Invariants:
//   [vm.header]       Bit 0 of a header is 1 unless the object was moved.
//   [vm.slots-first]  The slots of an object are the words right after its
//                     header.
//
// Threads: pure functions of a header word.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "allocator/base/address.h"
#include "allocator/base/check.h"
#include "gc/object_model.h"

namespace fledge::runtime {

using Header = gc::Header;

enum class ObjectType : std::uint8_t {
  kFloat,   // A double.
  kString,  // UTF-8 text, never changed after it was made.
  kBytes,   // Bytes that a program may change.
  kPair,    // car and cdr.
  kBox,     // One value.
  kSymbol,  // A name and its hash.
  kMap,     // A hash table.
  kVector,  // Items by index.
};
inline constexpr std::size_t kObjectTypeCount = 8;

inline constexpr std::size_t kWordBytes = 8;
inline constexpr std::size_t kHeaderBytes = sizeof(Header);
inline constexpr std::size_t kLargestLength = (std::size_t{1} << 48) - 1;

// What a header says about a type.
struct TypeShape {
  std::string_view name;
  unsigned shift;             // What `length` counts: 0 bytes, 3 words.
  std::uint8_t raw_words;     // Words after the slots.
  std::uint8_t fixed_length;  // Words after the header; 0: it varies.
};

inline constexpr std::array<TypeShape, kObjectTypeCount> kTypeShapes = {{
    {"float", 3, 1, 1},
    {"string", 0, 0, 0},
    {"bytes", 0, 0, 0},
    {"pair", 3, 0, 2},
    {"box", 3, 0, 1},
    {"symbol", 3, 1, 2},
    {"map", 3, 2, 3},
    {"vector", 3, 0, 0},
}};

constexpr const TypeShape& ShapeOf(ObjectType type) {
  return kTypeShapes[static_cast<std::size_t>(type)];
}

// The parts of a header word.

inline constexpr Header kObjectBit = 1;  // Clear: a forwarding address.
inline constexpr unsigned kShiftShift = 1;
inline constexpr unsigned kRawShift = 3;
inline constexpr Header kTwoBits = 3;
inline constexpr unsigned kTypeShift = 8;
inline constexpr Header kTypeMask = 0xff;
inline constexpr unsigned kLengthShift = 16;
static_assert(kLargestLength == ~Header{0} >> kLengthShift);

// REQUIRES: length <= kLargestLength, and 0 for types of fixed size.
constexpr Header MakeHeader(ObjectType type, std::size_t length = 0) {
  const TypeShape& shape = ShapeOf(type);
  FLEDGE_DCHECK(length <= kLargestLength);
  FLEDGE_DCHECK(length == 0 || shape.fixed_length == 0);
  return Header{length + shape.fixed_length} << kLengthShift |
         Header{static_cast<std::uint8_t>(type)} << kTypeShift |
         Header{shape.raw_words} << kRawShift |
         Header{shape.shift} << kShiftShift | kObjectBit;
}

constexpr bool IsForwardedHeader(Header header) {
  return (header & kObjectBit) == 0;
}

// The rest REQUIRES: header is not forwarded.

constexpr void CheckHeader(Header header) {
  FLEDGE_DCHECK(!IsForwardedHeader(header),
                "a forwarded header: a raw reference was held across a "
                "collection, or the object was never initialised");
  FLEDGE_DCHECK((header >> kTypeShift & kTypeMask) < kObjectTypeCount,
                "not an object's header");
}

constexpr ObjectType TypeFrom(Header header) {
  CheckHeader(header);
  return static_cast<ObjectType>(header >> kTypeShift & kTypeMask);
}
// Bytes or words after the header.
constexpr std::size_t LengthFrom(Header header) {
  return header >> kLengthShift;
}

// Bytes, header included, a multiple of 8. Cannot overflow.
constexpr std::size_t SizeFrom(Header header) {
  CheckHeader(header);
  const std::size_t bytes = LengthFrom(header)
                            << (header >> kShiftShift & kTwoBits);
  return AlignUp(kHeaderBytes + bytes, kWordBytes);
}
constexpr std::size_t SizeOf(ObjectType type, std::size_t length = 0) {
  return SizeFrom(MakeHeader(type, length));
}
constexpr std::size_t SlotCountFrom(Header header) {
  CheckHeader(header);
  if ((header >> kShiftShift & kTwoBits) == 0) return 0;
  return LengthFrom(header) - (header >> kRawShift & kTwoBits);
}
constexpr bool HasSlots(ObjectType type) {
  const TypeShape& shape = ShapeOf(type);
  return shape.shift != 0 &&
         (shape.fixed_length == 0 || shape.fixed_length > shape.raw_words);
}

static_assert(SizeOf(ObjectType::kFloat) == 16);
static_assert(SizeOf(ObjectType::kPair) == 24);
static_assert(SizeOf(ObjectType::kBox) == 16);
static_assert(SizeOf(ObjectType::kSymbol) == 24);
static_assert(SizeOf(ObjectType::kMap) == 32);
static_assert(SizeOf(ObjectType::kVector, 3) == 32);
static_assert(SizeOf(ObjectType::kString, 0) == 8);
static_assert(SizeOf(ObjectType::kString, 8) == 16);
static_assert(SizeOf(ObjectType::kString, 9) == 24);
static_assert(SizeOf(ObjectType::kVector, kLargestLength) > kLargestLength);

}  // namespace fledge::runtime
