// Transcendental functions: exp, log and trigonometry, of R7RS 6.2.6.
//
// Results are inexact, but for an exact argument whose result is an exact
// integer: (exp 0) is 1. Where there is no real result there is a complex one,
// on the branch that R7RS and Common Lisp define: (log -1) is pi i, and (asin
// 2) is continuous with the fourth quadrant.
//
// Operands are values, read before anything is allocated; what takes a mutator
// may collect.
//
// Design: docs/design/numbers.md. Source: G. Steele, Common Lisp the Language,
// section 12.5.3 (branch cuts). Errors: kWrongType, kDivisionByZero for a pole
// at an exact argument, kOutOfMemory. Threads: as in runtime/objects.h.
#pragma once

#include "runtime/lambda/number_result.h"

namespace fledge::lambda {

NumberResult Exp(Mutator& mutator, Value number);
NumberResult Log(Mutator& mutator, Value number);
NumberResult Log(Mutator& mutator, Value number, Value base);
NumberResult Sin(Mutator& mutator, Value number);
NumberResult Cos(Mutator& mutator, Value number);
NumberResult Tan(Mutator& mutator, Value number);
NumberResult Asin(Mutator& mutator, Value number);
NumberResult Acos(Mutator& mutator, Value number);
NumberResult Atan(Mutator& mutator, Value number);
// The angle of x + yi. REQUIRES of the program: both are real.
NumberResult Atan(Mutator& mutator, Value y, Value x);

}  // namespace fledge::lambda
