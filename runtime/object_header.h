// Object header: the first word of every object, and the shape of each type.
//
//    63                                16 15       8 7        1  0
//   +------------------------------------+----------+----------+---+
//   | length: 48 bits                    | type     | flags    | 1 |  object
//   +------------------------------------+----------+----------+---+
//   | address of the copy, a multiple of 8               0 0 0     |  forwarded
//   +---------------------------------------------------------------+
//
// An object's size and its slots follow from type and length alone, so one
// load of the header decides both and a race with forwarding cannot tear
// them. The length counts bytes or items; types of fixed size have length 0.
// No flag is in use: all are zero.
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

// How length decides size and slots:
//   size  = fixed_bytes + length * unit_bytes, rounded up to 8
//   slots = fixed_slots + length * unit_slots
struct TypeShape {
  std::string_view name;
  std::uint8_t fixed_bytes;  // With the header.
  std::uint8_t unit_bytes;
  std::uint8_t fixed_slots;
  std::uint8_t unit_slots;
};

inline constexpr std::array<TypeShape, kObjectTypeCount> kTypeShapes = {{
    {"float", 16, 0, 0, 0},
    {"string", 8, 1, 0, 0},
    {"bytes", 8, 1, 0, 0},
    {"pair", 24, 0, 2, 0},
    {"box", 16, 0, 1, 0},
    {"symbol", 24, 0, 1, 0},
    {"map", 32, 0, 1, 0},
    {"vector", 8, 8, 0, 1},
}};

constexpr const TypeShape& ShapeOf(ObjectType type) {
  return kTypeShapes[static_cast<std::size_t>(type)];
}

// The parts of a header word.

inline constexpr Header kObjectBit = 1;  // Clear: a forwarding address.
inline constexpr unsigned kTypeShift = 8;
inline constexpr Header kTypeMask = 0xff;
inline constexpr unsigned kLengthShift = 16;
static_assert(kLargestLength == ~Header{0} >> kLengthShift);

// REQUIRES: length <= kLargestLength, and 0 for types of fixed size.
constexpr Header MakeHeader(ObjectType type, std::size_t length = 0) {
  FLEDGE_DCHECK(length <= kLargestLength);
  FLEDGE_DCHECK(length == 0 || ShapeOf(type).unit_bytes != 0);
  return Header{length} << kLengthShift |
         Header{static_cast<std::uint8_t>(type)} << kTypeShift | kObjectBit;
}

constexpr bool IsForwardedHeader(Header header) {
  return (header & kObjectBit) == 0;
}

// The rest REQUIRES: header is not forwarded.

constexpr ObjectType TypeFrom(Header header) {
  FLEDGE_DCHECK(!IsForwardedHeader(header),
                "a forwarded header: a raw reference was held across a "
                "collection, or the object was never initialised");
  const Header type = header >> kTypeShift & kTypeMask;
  FLEDGE_DCHECK(type < kObjectTypeCount, "not an object's header");
  return static_cast<ObjectType>(type);
}
constexpr std::size_t LengthFrom(Header header) {
  return header >> kLengthShift;
}

// Bytes, header included, a multiple of 8. Cannot overflow.
constexpr std::size_t SizeOf(ObjectType type, std::size_t length = 0) {
  const TypeShape& shape = ShapeOf(type);
  return AlignUp(shape.fixed_bytes + length * shape.unit_bytes, kWordBytes);
}
constexpr std::size_t SizeFrom(Header header) {
  return SizeOf(TypeFrom(header), LengthFrom(header));
}
constexpr std::size_t SlotCountFrom(Header header) {
  const TypeShape& shape = ShapeOf(TypeFrom(header));
  return shape.fixed_slots + LengthFrom(header) * shape.unit_slots;
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
