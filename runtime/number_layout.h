// Number layout: typed views of the numbers that are neither small integers nor
// floats, in the manner of runtime/object_layout.h.
//
//              +0        +8           +16
//   bignum     header    limb 0       limb 1 ...
//   rational   header    numerator    denominator
//   complex    header    real         imaginary
//
// A bignum's magnitude is its limbs, 64 bits each, least significant first, the
// last not zero. Limbs are whole words, so that a length in bytes that lacks
// one byte says nothing about them; it says that the number is negative. This
// way the sign takes no memory:
//
//   length = 8 * limbs - (1 if negative)
//
// What the parts are (in lowest terms, of one exactness) is up to those who
// make the objects: runtime/lambda/number_memory.h.
//
// Design: docs/design/value_model.md, docs/design/numbers.md.
//
// Threads: as in runtime/object_layout.h; numbers never change.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "runtime/object_layout.h"

namespace fledge::runtime {

enum class Sign : std::uint8_t { kPositive, kNegative };

class Bignum : public View<ObjectType::kBignum> {
 public:
  using View::View;
  using Limb = std::uint64_t;
  static_assert(sizeof(Limb) == kWordBytes);

  // What MakeHeader() takes. REQUIRES: limb_count > 0.
  static constexpr std::size_t LengthOf(std::size_t limb_count, Sign sign) {
    return limb_count * sizeof(Limb) - (sign == Sign::kNegative ? 1 : 0);
  }

  // Costs O(limbs). REQUIRES: the last limb is not 0.
  static Bignum Initialize(Address object, std::span<const Limb> limbs,
                           Sign sign) {
    FLEDGE_DCHECK(!limbs.empty() && limbs.back() != 0);
    Bignum view(StartObject(object, LengthOf(limbs.size(), sign)));
    std::memcpy(view.Data(), limbs.data(), limbs.size_bytes());
    return view;
  }

  Sign sign() const {
    return length() % sizeof(Limb) == 0 ? Sign::kPositive : Sign::kNegative;
  }
  // Least significant first; valid until the next call that may collect.
  std::span<const Limb> limbs() const {
    return {WordAt(0), AlignUp(length(), sizeof(Limb)) / sizeof(Limb)};
  }
};

class Rational : public View<ObjectType::kRational> {
 public:
  using View::View;

  static Rational Initialize(Address object, Value numerator,
                             Value denominator) {
    Rational view(StartObject(object));
    *view.numerator_slot() = numerator.word();
    *view.denominator_slot() = denominator.word();
    return view;
  }

  Value numerator() const { return LoadSlot(numerator_slot()); }
  Value denominator() const { return LoadSlot(denominator_slot()); }
  Value::Word* numerator_slot() const { return WordAt(0); }
  Value::Word* denominator_slot() const { return WordAt(1); }
};

class Complex : public View<ObjectType::kComplex> {
 public:
  using View::View;

  static Complex Initialize(Address object, Value real, Value imaginary) {
    Complex view(StartObject(object));
    *view.real_slot() = real.word();
    *view.imaginary_slot() = imaginary.word();
    return view;
  }

  Value real() const { return LoadSlot(real_slot()); }
  Value imaginary() const { return LoadSlot(imaginary_slot()); }
  Value::Word* real_slot() const { return WordAt(0); }
  Value::Word* imaginary_slot() const { return WordAt(1); }
};

}  // namespace fledge::runtime
