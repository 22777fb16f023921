// Oracle: exact numbers by GMP's own types, against which ours are tested, and
// random ones whose sizes and signs are those at which arithmetic goes wrong.
#pragma once

#include <gmp.h>

#include <cstdlib>
#include <string>

#include "tests/support/random.h"

namespace fledge::lambda {

// A rational number; an integer if its denominator is 1.
class Oracle {
 public:
  Oracle() { mpq_init(number_); }
  explicit Oracle(const std::string& text) : Oracle() {
    FLEDGE_CHECK(mpq_set_str(number_, text.c_str(), 10) == 0);
    mpq_canonicalize(number_);
  }
  explicit Oracle(double number) : Oracle() { mpq_set_d(number_, number); }
  Oracle(const Oracle& other) : Oracle() { mpq_set(number_, other.number_); }
  Oracle& operator=(const Oracle&) = delete;
  ~Oracle() { mpq_clear(number_); }

  mpq_ptr get() { return number_; }
  mpz_ptr top() { return mpq_numref(number_); }
  mpz_ptr bottom() { return mpq_denref(number_); }
  int sign() const { return mpq_sgn(number_); }

  std::string Text(int radix = 10) const {
    char* const text = mpq_get_str(nullptr, radix, number_);
    std::string result(text);
    std::free(text);
    return result;
  }

  // Calls mpq_add() and its like, and mpz_add() and its like.
  static Oracle Of(void (*function)(mpq_ptr, mpq_srcptr, mpq_srcptr), Oracle a,
                   Oracle b) {
    Oracle result;
    function(result.number_, a.number_, b.number_);
    return result;
  }
  static Oracle Of(void (*function)(mpz_ptr, mpz_srcptr, mpz_srcptr), Oracle a,
                   Oracle b) {
    Oracle result;
    function(result.top(), a.top(), b.top());
    return result;
  }
  // An integer near a border: of small integers, of words, of limbs; or any.
  static Oracle Integer(Random& random) {
    Oracle result;
    const mpz_ptr number = result.top();
    if (random.OneIn(2)) {
      static constexpr unsigned kBorders[] = {0,  31, 32, 52, 53,
                                              61, 62, 63, 64};
      const std::uint64_t bits =
          random.Pick(kBorders) + (random.OneIn(2) ? 64 * random.Below(6) : 0);
      mpz_setbit(number, bits);
      const std::uint64_t distance = random.Below(4);
      if (random.OneIn(2)) {
        mpz_add_ui(number, number, distance);
      } else {
        mpz_sub_ui(number, number, distance);
      }
    } else {
      // Limbs that are full, empty or random.
      for (std::uint64_t i = random.Below(8); i > 0; --i) {
        const std::uint64_t limbs[] = {0, ~std::uint64_t{0}, 1, random.Next()};
        mpz_mul_2exp(number, number, 64);
        mpz_add_ui(number, number, random.Pick(limbs));
      }
    }
    if (random.OneIn(2)) mpz_neg(number, number);
    return result;
  }
  static Oracle Rational(Random& random) {
    Oracle result = Integer(random);
    if (random.OneIn(4)) return result;
    Oracle bottom = Integer(random);
    if (bottom.sign() != 0) mpz_set(result.bottom(), bottom.top());
    mpq_canonicalize(result.number_);
    return result;
  }

 private:
  mpq_t number_;
};

}  // namespace fledge::lambda
