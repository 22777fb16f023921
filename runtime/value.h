// Value: what a slot holds, one 64-bit word with its kind in the low bits.
//
//    63                                         8 7      3 2 1 0
//   +------------------------------------------------------+---+
//   | integer of 63 bits, two's complement                 | 1 |  small integer
//   +--------------------------------------------------+---+---+
//   | address of an object's header, not null          | 0 0 0 |  reference
//   +---------------------------------------------+--------+-------+
//   | payload: 56 bits                            | subtag | 0 1 0 |  immediate
//   +---------------------------------------------+--------+-------+
//   | 0 ...                                                    0 |  empty
//   +------------------------------------------------------------+
//
//   subtag 0  constants: the payload is 0 false, 1 true, 2 nil, 3 undefined,
//             4 deleted
//   subtag 1  characters: the payload is a code point
//
// The patterns 100 and 110 are unused. Adding or comparing small integers
// needs no untagging, and a reference is its address, so that following one
// costs nothing.
//
// The all-zero word is *empty*: no reference, and no value that a program
// sees either. It is what fresh zeroed memory and unused slots hold, so that
// a slot somebody forgot to fill shows, which it would not if zero were nil.
//
// Design: docs/design/value_model.md.
//
// Invariants:
//   [vm.zero]     The all-zero word is not a reference.
//   [vm.aligned]  A reference is a multiple of 8, so its low three bits are 0.
//
// Threads: values are plain data.
#pragma once

#include <cstdint>

#include "allocator/base/address.h"
#include "allocator/base/check.h"

namespace fledge::runtime {

class Value {
 public:
  using Word = std::uint64_t;

  static constexpr std::int64_t kSmallestInteger = -(std::int64_t{1} << 62);
  static constexpr std::int64_t kLargestInteger = (std::int64_t{1} << 62) - 1;
  static constexpr char32_t kLargestCodePoint = 0x10'ffff;

  // Empty.
  constexpr Value() = default;

  // The value whose bits are `word`.
  static constexpr Value FromWord(Word word) { return Value(word); }

  static constexpr bool FitsSmallInteger(std::int64_t integer) {
    return integer >= kSmallestInteger && integer <= kLargestInteger;
  }
  // REQUIRES: FitsSmallInteger(integer).
  static constexpr Value SmallInteger(std::int64_t integer) {
    FLEDGE_DCHECK(FitsSmallInteger(integer));
    return Value(static_cast<Word>(integer) << kIntegerShift | kIntegerTag);
  }

  // Unicode scalar values: code points that are not surrogates.
  static constexpr bool IsScalarValue(char32_t code_point) {
    return code_point < 0xd800 ||
           (code_point > 0xdfff && code_point <= kLargestCodePoint);
  }
  // REQUIRES: IsScalarValue(code_point).
  static constexpr Value Character(char32_t code_point) {
    FLEDGE_DCHECK(IsScalarValue(code_point));
    return Immediate(kCharacterSubtag, code_point);
  }

  static constexpr Value False() { return Immediate(kConstantSubtag, 0); }
  static constexpr Value True() { return Immediate(kConstantSubtag, 1); }
  static constexpr Value Boolean(bool truth) {
    return truth ? True() : False();
  }
  static constexpr Value Nil() { return Immediate(kConstantSubtag, 2); }
  static constexpr Value Undefined() { return Immediate(kConstantSubtag, 3); }
  // Marks a removed entry in tables; like empty, no value that programs see.
  static constexpr Value Deleted() { return Immediate(kConstantSubtag, 4); }
  // What comes after the last of what is read.
  static constexpr Value EndOfFile() { return Immediate(kConstantSubtag, 5); }

  // REQUIRES: `object` is the address of an object's header.
  static constexpr Value Reference(Address object) {
    FLEDGE_DCHECK(object != kNullAddress && IsAligned(object, 8),
                  "not the address of an object");
    return Value(object);
  }

  constexpr Word word() const { return word_; }

  constexpr bool IsEmpty() const { return word_ == 0; }
  constexpr bool IsReference() const {
    return word_ != 0 && (word_ & kTagMask) == kReferenceTag;
  }
  constexpr bool IsSmallInteger() const {
    return (word_ & kIntegerTag) == kIntegerTag;
  }
  constexpr bool IsCharacter() const { return HasSubtag(kCharacterSubtag); }
  constexpr bool IsFalse() const { return *this == False(); }
  constexpr bool IsTrue() const { return *this == True(); }
  constexpr bool IsEndOfFile() const { return *this == EndOfFile(); }
  constexpr bool IsBoolean() const { return IsFalse() || IsTrue(); }
  constexpr bool IsNil() const { return *this == Nil(); }
  constexpr bool IsUndefined() const { return *this == Undefined(); }
  constexpr bool IsDeleted() const { return *this == Deleted(); }

  // REQUIRES: IsReference(). Valid until the next call that may collect.
  constexpr Address object() const {
    FLEDGE_DCHECK(IsReference());
    return word_;
  }
  // REQUIRES: IsSmallInteger().
  constexpr std::int64_t integer() const {
    FLEDGE_DCHECK(IsSmallInteger());
    return static_cast<std::int64_t>(word_) >> kIntegerShift;
  }
  // REQUIRES: IsCharacter().
  constexpr char32_t character() const {
    FLEDGE_DCHECK(IsCharacter());
    return static_cast<char32_t>(word_ >> kPayloadShift);
  }
  // REQUIRES: IsBoolean().
  constexpr bool boolean() const {
    FLEDGE_DCHECK(IsBoolean());
    return IsTrue();
  }

  // The same bits: the same immediate, or the same object.
  constexpr bool operator==(const Value&) const = default;

 private:
  static constexpr Word kIntegerTag = 0b1;
  static constexpr unsigned kIntegerShift = 1;
  static constexpr Word kTagMask = 0b111;
  static constexpr Word kReferenceTag = 0b000;
  static constexpr Word kImmediateTag = 0b010;
  static constexpr unsigned kSubtagShift = 3;
  static constexpr Word kSubtagMask = 0xff;  // With the tag below it.
  static constexpr unsigned kPayloadShift = 8;
  static constexpr Word kConstantSubtag = 0;
  static constexpr Word kCharacterSubtag = 1;

  constexpr explicit Value(Word word) : word_(word) {}

  static constexpr Value Immediate(Word subtag, Word payload) {
    return Value(payload << kPayloadShift | subtag << kSubtagShift |
                 kImmediateTag);
  }
  constexpr bool HasSubtag(Word subtag) const {
    return (word_ & kSubtagMask) == (subtag << kSubtagShift | kImmediateTag);
  }

  Word word_ = 0;
};

static_assert(sizeof(Value) == sizeof(Value::Word));

// The encoding, as the diagram has it.
static_assert(Value().word() == 0);
static_assert(Value::SmallInteger(0).word() == 0b1);
static_assert(Value::SmallInteger(5).word() == 0b1011);
static_assert(Value::SmallInteger(-1).word() == ~Value::Word{0});
static_assert(Value::Reference(0x1000).word() == 0x1000);
static_assert(Value::False().word() == 0x002);
static_assert(Value::True().word() == 0x102);
static_assert(Value::Nil().word() == 0x202);
static_assert(Value::Undefined().word() == 0x302);
static_assert(Value::Deleted().word() == 0x402);
static_assert(Value::EndOfFile().word() == 0x502);
static_assert(Value::Character(U'a').word() == 0x610a);

}  // namespace fledge::runtime
