// BigInteger: an exact integer of any size, outside the heap.
//
// Arithmetic that may need more than a word reads its operands from the heap,
// computes here, and allocates the result at the end, so that no handle is held
// and nothing moves while it computes. A view reads the limbs of a bignum where
// they lie: it owns nothing, and is valid until the next call that may collect.
//
// The work is GMP's. No header of GMP is shown, since this one is installed:
// the number lies in `storage_`, as an mpz_t.
//
// Memory is malloc's, for the time of one operation; GMP aborts if there is
// none. So those who compute see to it that results stay below kLargestBits or
// not much above, where an operation can make a large number out of small ones.
//
// Design: docs/design/numbers.md. Errors: none. Threads: plain data.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace fledge::lambda {

class BigInteger {
 public:
  using Limb = std::uint64_t;

  // An integer that is stored has no more: 8 MiB, 20 million digits.
  static constexpr std::size_t kLargestBits = std::size_t{1} << 26;

  BigInteger() : BigInteger(0) {}
  BigInteger(std::int64_t integer);  // NOLINT: a number is a number.
  // The truncated value. REQUIRES: it is finite.
  static BigInteger FromDouble(double number);
  // Reads `limbs`, least significant first, where they lie. REQUIRES: the last
  // is not 0.
  static BigInteger View(std::span<const Limb> limbs, bool is_negative);

  // A copy owns its limbs, also that of a view.
  BigInteger(const BigInteger& other);
  BigInteger(BigInteger&& other) noexcept;
  BigInteger& operator=(BigInteger other) noexcept;
  ~BigInteger();

  // -1, 0 or 1.
  int sign() const;
  bool IsOdd() const;
  // Of the magnitude: 0 has none, 1 one, 255 eight.
  std::size_t BitLength() const;
  // Of the magnitude, least significant first, without zeros at the end.
  std::span<const Limb> limbs() const;
  bool FitsInt64() const;
  // REQUIRES: FitsInt64().
  std::int64_t ToInt64() const;

  bool operator==(const BigInteger& other) const;
  std::strong_ordering operator<=>(const BigInteger& other) const;

  BigInteger operator-() const;
  BigInteger operator+(const BigInteger& other) const;
  BigInteger operator-(const BigInteger& other) const;
  BigInteger operator*(const BigInteger& other) const;
  // By a power of two, rounded towards minus infinity.
  BigInteger operator<<(std::size_t bits) const;
  BigInteger operator>>(std::size_t bits) const;

 private:
  friend struct Gmp;  // In big_integer.cc.
  struct Uninitialized {};
  explicit BigInteger(Uninitialized) {}

  alignas(8) unsigned char storage_[16];
  Limb limb_;  // Of a number that has one and came from an int64_t.
};

struct Division {
  BigInteger quotient;
  BigInteger remainder;
};

BigInteger Magnitude(const BigInteger& number);

// REQUIRES: divisor is not 0.
Division DivideTruncating(const BigInteger& dividend,
                          const BigInteger& divisor);
Division DivideFlooring(const BigInteger& dividend, const BigInteger& divisor);
// Cheaper where the remainder is known to be 0.
BigInteger DivideExactly(const BigInteger& dividend, const BigInteger& divisor);

// Not negative; of 0 and n, |n|.
BigInteger GreatestCommonDivisor(const BigInteger& a, const BigInteger& b);

// The result has about exponent * base.BitLength() bits.
BigInteger Power(const BigInteger& base, std::uint64_t exponent);

// The largest integer whose square is at most `number`, and what is left.
// REQUIRES: number >= 0.
Division SquareRoot(const BigInteger& number);

// In digits of `radix`, 2 to 36, with a sign if it is negative.
std::string TextOf(const BigInteger& number, int radix);
// REQUIRES: `digits` are digits of `radix`, at least one, and nothing else.
BigInteger ParseDigits(std::string_view digits, int radix);

}  // namespace fledge::lambda
