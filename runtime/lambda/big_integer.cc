#include "runtime/lambda/big_integer.h"

#include <gmp.h>

#include <cstring>
#include <limits>
#include <new>
#include <type_traits>
#include <utility>

#include "allocator/base/check.h"

namespace fledge::lambda {

static_assert(std::is_same_v<mp_limb_t, BigInteger::Limb>);
static_assert(GMP_NUMB_BITS == 64, "limbs without nails");
static_assert(sizeof(long) == sizeof(std::int64_t));

// The mpz_t of a BigInteger, to read or to write.
struct Gmp {
  static_assert(sizeof(__mpz_struct) == sizeof(BigInteger::storage_));
  static_assert(alignof(__mpz_struct) <= 8);
  static_assert(std::is_trivially_copyable_v<__mpz_struct>);

  static mpz_ptr Start(BigInteger& number) {
    return new (number.storage_) __mpz_struct;
  }
  static mpz_ptr Write(BigInteger& number) {
    return std::launder(reinterpret_cast<mpz_ptr>(number.storage_));
  }
  static mpz_srcptr Read(const BigInteger& number) {
    return std::launder(reinterpret_cast<mpz_srcptr>(number.storage_));
  }
  // A number of its own, whose limbs GMP allocates: what is written to. A view
  // must not be.
  static BigInteger Owner() {
    BigInteger number{BigInteger::Uninitialized{}};
    mpz_init(Start(number));
    return number;
  }
  template <typename Function, typename... Operands>
  static BigInteger Call(Function function, const Operands&... operands) {
    BigInteger result = Owner();
    function(Write(result), operands...);
    return result;
  }
  template <typename Function>
  static Division Divide(Function function, const BigInteger& dividend,
                         const BigInteger& divisor) {
    FLEDGE_DCHECK(divisor.sign() != 0, "a division by zero");
    Division result{Owner(), Owner()};
    function(Write(result.quotient), Write(result.remainder), Read(dividend),
             Read(divisor));
    return result;
  }
  // A view, whose capacity is 0, owns nothing.
  static void Clear(BigInteger& number) {
    if (Read(number)->_mp_alloc != 0) mpz_clear(Write(number));
  }
  // Whether the limb lies in the BigInteger itself, and does not move with the
  // mpz_t.
  static bool IsInside(const BigInteger& number) {
    return Read(number)->_mp_d == &number.limb_;
  }
  static void CopyInside(BigInteger& to, const BigInteger& from) {
    to.limb_ = from.limb_;
    mpz_roinit_n(Start(to), &to.limb_, Read(from)->_mp_size);
  }
  static void Copy(BigInteger& to, const BigInteger& from) {
    if (IsInside(from)) return CopyInside(to, from);
    mpz_init_set(Start(to), Read(from));
  }
  // Takes the number of `from`, which owns nothing afterwards.
  static void Move(BigInteger& to, BigInteger& from) {
    if (IsInside(from)) return CopyInside(to, from);
    *Start(to) = *Read(from);
    mpz_roinit_n(Write(from), &from.limb_, 0);
  }
};

BigInteger::BigInteger(std::int64_t integer) {
  const auto bits = static_cast<Limb>(integer);
  limb_ = integer < 0 ? 0 - bits : bits;
  mpz_roinit_n(Gmp::Start(*this), &limb_, (integer > 0) - (integer < 0));
}

BigInteger BigInteger::FromDouble(double number) {
  return Gmp::Call(mpz_set_d, number);
}

BigInteger BigInteger::View(std::span<const Limb> limbs, bool is_negative) {
  BigInteger number{Uninitialized{}};
  const auto size = static_cast<mp_size_t>(limbs.size());
  mpz_roinit_n(Gmp::Start(number), limbs.data(), is_negative ? -size : size);
  return number;
}

BigInteger::BigInteger(const BigInteger& other) { Gmp::Copy(*this, other); }
BigInteger::BigInteger(BigInteger&& other) noexcept { Gmp::Move(*this, other); }
BigInteger& BigInteger::operator=(BigInteger other) noexcept {
  Gmp::Clear(*this);
  Gmp::Move(*this, other);
  return *this;
}
BigInteger::~BigInteger() { Gmp::Clear(*this); }

int BigInteger::sign() const { return mpz_sgn(Gmp::Read(*this)); }
bool BigInteger::IsOdd() const { return mpz_odd_p(Gmp::Read(*this)) != 0; }
std::size_t BigInteger::BitLength() const {
  return sign() == 0 ? 0 : mpz_sizeinbase(Gmp::Read(*this), 2);
}
std::span<const BigInteger::Limb> BigInteger::limbs() const {
  const mpz_srcptr number = Gmp::Read(*this);
  return {mpz_limbs_read(number), mpz_size(number)};
}
bool BigInteger::FitsInt64() const {
  return mpz_fits_slong_p(Gmp::Read(*this)) != 0;
}
std::int64_t BigInteger::ToInt64() const {
  FLEDGE_DCHECK(FitsInt64());
  return mpz_get_si(Gmp::Read(*this));
}

bool BigInteger::operator==(const BigInteger& other) const {
  return mpz_cmp(Gmp::Read(*this), Gmp::Read(other)) == 0;
}
std::strong_ordering BigInteger::operator<=>(const BigInteger& other) const {
  return mpz_cmp(Gmp::Read(*this), Gmp::Read(other)) <=> 0;
}

BigInteger BigInteger::operator-() const {
  return Gmp::Call(mpz_neg, Gmp::Read(*this));
}
BigInteger BigInteger::operator+(const BigInteger& other) const {
  return Gmp::Call(mpz_add, Gmp::Read(*this), Gmp::Read(other));
}
BigInteger BigInteger::operator-(const BigInteger& other) const {
  return Gmp::Call(mpz_sub, Gmp::Read(*this), Gmp::Read(other));
}
BigInteger BigInteger::operator*(const BigInteger& other) const {
  return Gmp::Call(mpz_mul, Gmp::Read(*this), Gmp::Read(other));
}
BigInteger BigInteger::operator<<(std::size_t bits) const {
  return Gmp::Call(mpz_mul_2exp, Gmp::Read(*this), bits);
}
BigInteger BigInteger::operator>>(std::size_t bits) const {
  return Gmp::Call(mpz_fdiv_q_2exp, Gmp::Read(*this), bits);
}

BigInteger Magnitude(const BigInteger& number) {
  return Gmp::Call(mpz_abs, Gmp::Read(number));
}

Division DivideTruncating(const BigInteger& dividend,
                          const BigInteger& divisor) {
  return Gmp::Divide(mpz_tdiv_qr, dividend, divisor);
}
Division DivideFlooring(const BigInteger& dividend, const BigInteger& divisor) {
  return Gmp::Divide(mpz_fdiv_qr, dividend, divisor);
}
BigInteger DivideExactly(const BigInteger& dividend,
                         const BigInteger& divisor) {
  return Gmp::Call(mpz_divexact, Gmp::Read(dividend), Gmp::Read(divisor));
}

BigInteger GreatestCommonDivisor(const BigInteger& a, const BigInteger& b) {
  return Gmp::Call(mpz_gcd, Gmp::Read(a), Gmp::Read(b));
}

BigInteger Power(const BigInteger& base, std::uint64_t exponent) {
  return Gmp::Call(mpz_pow_ui, Gmp::Read(base), exponent);
}

Division SquareRoot(const BigInteger& number) {
  FLEDGE_DCHECK(number.sign() >= 0, "the root of a negative integer");
  Division result{Gmp::Owner(), Gmp::Owner()};
  mpz_sqrtrem(Gmp::Write(result.quotient), Gmp::Write(result.remainder),
              Gmp::Read(number));
  return result;
}

std::string TextOf(const BigInteger& number, int radix) {
  const mpz_srcptr read = Gmp::Read(number);
  // Of a sign and a zero at the end; the size may be one too large.
  std::string text(mpz_sizeinbase(read, radix) + 2, '\0');
  mpz_get_str(text.data(), radix, read);
  text.resize(std::strlen(text.c_str()));
  return text;
}

BigInteger ParseDigits(std::string_view digits, int radix) {
  BigInteger number = Gmp::Owner();
  const std::string text(digits);  // With a zero at the end.
  const int failed = mpz_set_str(Gmp::Write(number), text.c_str(), radix);
  FLEDGE_CHECK(failed == 0, "not digits of the radix");
  return number;
}

}  // namespace fledge::lambda
