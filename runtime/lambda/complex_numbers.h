// Complex numbers: making them and taking them apart, of R7RS 6.2.6.
//
// Operands are values, read before anything is allocated; what takes a mutator
// may collect.
//
// Design: docs/design/numbers.md. Errors: kWrongType, and those of
// number_memory.h. Threads: as in runtime/objects.h.
#pragma once

#include "runtime/lambda/number.h"
#include "runtime/lambda/number_result.h"

namespace fledge::lambda {

// Both are real. An exact 0 as imaginary part, or as angle, gives a real
// number.
NumberResult MakeRectangular(Mutator& mutator, Value real, Value imaginary);
NumberResult MakePolar(Mutator& mutator, Value magnitude, Value angle);

// Of a real number, itself and an exact 0.
NumberResult RealPart(Value number);
NumberResult ImaginaryPart(Value number);
// Exact if it can be; abs of a real number.
NumberResult Magnitude(Mutator& mutator, Value number);
// From -pi to pi; an exact 0 of an exact number that is not negative.
NumberResult Angle(Mutator& mutator, Value number);

// The number of this magnitude and angle, outside the heap.
Number FromPolar(const Real& magnitude, const Real& angle);

}  // namespace fledge::lambda
