// Object header: the first word of every object.
//
//    63        32 31      16 15     8 7     5 4   3 2       1        0
//   +------------+----------+--------+-------+-----+-------+--------+---+
//   | words      | salt     | type   | spare | raw | bytes | stored | 1 |
//   +------------+----------+--------+-------+-----+-------+--------+---+
//   | address of the copy, a multiple of 8                   0      0 0 |
//   +-------------------------------------------------------------------+
//
// The first is an object's, the second what is left where one was copied from.
// An object's size and its slots follow from the header alone, so one load
// decides both and a race with forwarding cannot tear them, and by shifts and
// masks, so that a tracer looks up no table:
//
//   size   = 8 + 8 * words
//   slots  = words - raw; none in an object of bytes
//   length = words, or 8 * words - spare in an object of bytes; a word less if
//            the hash is stored
//
// Slots come first: object + 8 is slot 0 and the slots are contiguous, then
// words that are no slots follow. Scanning is a count and a loop.
//
// The identity hash (runtime/identity_hash.h) costs nothing until it is asked
// for. Then the object gets a salt, which is not 0; when it next moves it grows
// by a word that has the hash, and the salt is gone.
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
  kFloat,          // A double.
  kString,         // UTF-8 text, never changed after it was made.
  kBytes,          // Bytes that a program may change.
  kPair,           // car and cdr.
  kBox,            // One value.
  kSymbol,         // A name and its hash.
  kMap,            // A hash table.
  kVector,         // Items by index.
  kWeakReference,  // A target that it does not keep.
  kWeakTable,      // A hash table that does not keep its keys, or values.
  kBuffer,         // Memory outside the heap.
  kStack,          // A coroutine's frames.
  kClosure,        // A template and what it captured.
  kPrimitive,      // A procedure of C++.
  kTemplate,       // What closures of one place in a program share.
  kCode,           // Instructions.
  kContinuation,   // Frames that were taken off a stack.
  kGlobal,         // A variable of a namespace.
  kValues,         // Several values, or none, where one would be.
  kCondition,      // What went wrong.
  kBignum,         // An integer that is not small.
  kRational,       // An exact number that is no integer.
  kComplex,        // A number that is not real.
  kRecord,         // Fields, by their type.
  kRecordType,     // The names of a record's fields.
  kPromise,        // A value, or how to get it.
  kParameter,      // A procedure whose value a program binds while it runs.
  kCaseLambda,     // Closures, by how many arguments they take.
  kPort,           // What is read from, or written to.
  kKeyword,        // A name that stands for itself.
  kHashTable,      // Entries by key, in the order in which they were added.
  kGuardian,       // Objects that are waited for to die.
  // In this order: runtime/text_layout.h.
  kText,              // Characters that a program may change, a byte each.
  kConstantText,      // The same, never changed.
  kWideText,          // Characters, four bytes each.
  kWideConstantText,  // The same, never changed.
  kMovedText,         // What is a wide text elsewhere now.
};
inline constexpr std::size_t kObjectTypeCount = 37;

inline constexpr std::size_t kWordBytes = 8;
inline constexpr std::size_t kHeaderBytes = sizeof(Header);
// A word less than could be said: for a stored hash.
inline constexpr std::size_t kLargestLength = (std::size_t{1} << 32) - 2;

// What a header says about a type.
struct TypeShape {
  std::string_view name;
  bool has_bytes;            // Its length counts bytes, none of them a slot.
  std::uint8_t raw_words;    // Words after the slots.
  std::uint8_t fixed_words;  // Words after the header; 0: it varies.
};

inline constexpr std::array<TypeShape, kObjectTypeCount> kTypeShapes = {{
    {"float", false, 1, 1},
    {"string", true, 0, 0},
    {"bytes", true, 0, 0},
    {"pair", false, 0, 2},
    {"box", false, 0, 1},
    {"symbol", false, 1, 2},
    {"map", false, 2, 3},
    {"vector", false, 0, 0},
    {"weak reference", false, 1, 1},
    {"weak table", false, 1, 1},
    {"buffer", true, 0, 0},
    {"stack", false, 1, 2},
    {"closure", false, 0, 0},
    {"primitive", false, 1, 2},
    {"template", false, 1, 4},
    {"code", true, 0, 0},
    {"continuation", false, 0, 0},
    {"global", false, 0, 2},
    {"values", false, 0, 0},
    {"condition", false, 0, 4},
    {"bignum", true, 0, 0},
    {"rational", false, 0, 2},
    {"complex", false, 0, 2},
    {"record", false, 0, 0},
    {"record type", false, 0, 2},
    {"promise", false, 0, 1},
    {"parameter", false, 0, 2},
    {"case-lambda", false, 0, 0},
    {"port", false, 1, 1},
    {"keyword", false, 0, 1},
    {"hash table", false, 2, 4},
    {"guardian", false, 1, 1},
    {"text", true, 0, 0},
    {"constant text", true, 0, 0},
    {"wide text", true, 0, 0},
    {"wide constant text", true, 0, 0},
    {"moved text", false, 0, 1},
}};

constexpr const TypeShape& ShapeOf(ObjectType type) {
  return kTypeShapes[static_cast<std::size_t>(type)];
}

// The parts of a header word.

inline constexpr Header kObjectBit = 1;  // Clear: a forwarding address.
inline constexpr Header kHashStoredBit = 2;
inline constexpr Header kBytesBit = 4;
inline constexpr unsigned kRawShift = 3;
inline constexpr Header kRawMask = 3 << kRawShift;  // Is also their bytes.
inline constexpr unsigned kSpareShift = 5;
inline constexpr Header kSpareMask = 7;
inline constexpr unsigned kTypeShift = 8;
inline constexpr Header kTypeMask = 0xff;
inline constexpr unsigned kSaltShift = 16;
inline constexpr Header kSaltMask = 0xffff;
inline constexpr unsigned kWordsShift = 32;
static_assert(kLargestLength == (~Header{0} >> kWordsShift) - 1);
static_assert(kRawMask == (kRawMask >> kRawShift) * kWordBytes);

// REQUIRES: length <= kLargestLength, and 0 for types of fixed size.
constexpr Header MakeHeader(ObjectType type, std::size_t length = 0) {
  const TypeShape& shape = ShapeOf(type);
  FLEDGE_DCHECK(length <= kLargestLength);
  FLEDGE_DCHECK(length == 0 || shape.fixed_words == 0);
  std::size_t words = length + shape.fixed_words;
  std::size_t spare_bytes = 0;
  if (shape.has_bytes) {
    words = AlignUp(length, kWordBytes) / kWordBytes;
    spare_bytes = words * kWordBytes - length;
  }
  return Header{words} << kWordsShift |
         Header{static_cast<std::uint8_t>(type)} << kTypeShift |
         Header{spare_bytes} << kSpareShift |
         Header{shape.raw_words} << kRawShift |
         (shape.has_bytes ? kBytesBit : 0) | kObjectBit;
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
// Bytes after the header, padding included.
constexpr std::size_t BodyBytesFrom(Header header) {
  CheckHeader(header);
  return header >> kWordsShift << 3;
}
static_assert(kWordBytes == 1 << 3);

// Whether the object has a salt, so that it grows by its hash when it moves.
constexpr bool IsSalted(Header header) {
  return (header & kSaltMask << kSaltShift) != 0;
}
constexpr bool IsHashStored(Header header) {
  return (header & kHashStoredBit) != 0;
}
// REQUIRES: 0 < salt <= kSaltMask; the object has neither salt nor hash.
constexpr Header WithSalt(Header header, Header salt) {
  return header | salt << kSaltShift;
}
// Of the copy whose last word is the hash. REQUIRES: IsSalted(header).
constexpr Header WithHashStored(Header header) {
  return ((header & ~(kSaltMask << kSaltShift)) + (Header{1} << kWordsShift) +
          (Header{1} << kRawShift)) |
         kHashStoredBit;
}

// Bytes or words after the header, but for a stored hash.
constexpr std::size_t LengthFrom(Header header) {
  const std::size_t bytes =
      BodyBytesFrom(header) - (IsHashStored(header) ? kWordBytes : 0);
  return (header & kBytesBit) != 0
             ? bytes - (header >> kSpareShift & kSpareMask)
             : bytes / kWordBytes;
}

// Bytes, header included, a multiple of 8. Cannot overflow.
constexpr std::size_t SizeFrom(Header header) {
  return kHeaderBytes + BodyBytesFrom(header);
}
constexpr std::size_t SizeOf(ObjectType type, std::size_t length = 0) {
  return SizeFrom(MakeHeader(type, length));
}
// Bytes of slots, which come right after the header.
constexpr std::size_t SlotBytesFrom(Header header) {
  if ((header & kBytesBit) != 0) return 0;
  return BodyBytesFrom(header) - (header & kRawMask);
}
constexpr bool HasSlots(ObjectType type) {
  const TypeShape& shape = ShapeOf(type);
  return !shape.has_bytes &&
         (shape.fixed_words == 0 || shape.fixed_words > shape.raw_words);
}

static_assert(SizeOf(ObjectType::kFloat) == 16);
static_assert(SizeOf(ObjectType::kPair) == 24);
static_assert(SizeOf(ObjectType::kBox) == 16);
static_assert(SizeOf(ObjectType::kSymbol) == 24);
static_assert(SizeOf(ObjectType::kMap) == 32);
static_assert(SizeOf(ObjectType::kVector, 3) == 32);
static_assert(SizeOf(ObjectType::kWeakReference) == 16);
static_assert(SizeOf(ObjectType::kRational) == 24);
static_assert(SizeOf(ObjectType::kComplex) == 24);
static_assert(SizeOf(ObjectType::kKeyword) == 16);
static_assert(SizeOf(ObjectType::kHashTable) == 40);
static_assert(SizeOf(ObjectType::kString, 0) == 8);
static_assert(SizeOf(ObjectType::kString, 8) == 16);
static_assert(SizeOf(ObjectType::kString, 9) == 24);
static_assert(SizeOf(ObjectType::kVector, kLargestLength) > kLargestLength);
static_assert(LengthFrom(MakeHeader(ObjectType::kBytes, kLargestLength)) ==
              kLargestLength);

}  // namespace fledge::runtime
