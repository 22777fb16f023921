// The procedures of the library that are written in C++, by topic.
//
// Design: docs/design/lambda.md. Threads: constants.
#pragma once

#include <span>

#include "runtime/lambda/primitive.h"

namespace fledge::lambda {

std::span<const Primitive> ControlPrimitives();
std::span<const Primitive> NumberPrimitives();
std::span<const Primitive> RecordPrimitives();

}  // namespace fledge::lambda
