// The procedures of the library that are written in C++, by topic.
//
// Design: docs/design/lambda.md. Threads: constants.
#pragma once

#include <span>

#include "runtime/lambda/primitive.h"

namespace fledge::lambda {

std::span<const Primitive> BytevectorPrimitives();
std::span<const Primitive> CharacterPrimitives();
std::span<const Primitive> ConditionPrimitives();
std::span<const Primitive> ControlPrimitives();
std::span<const Primitive> EquivalencePrimitives();
std::span<const Primitive> EvaluationPrimitives();
std::span<const Primitive> FilePrimitives();
std::span<const Primitive> InputPrimitives();
std::span<const Primitive> KeywordPrimitives();
std::span<const Primitive> ListPrimitives();
std::span<const Primitive> LiteralPrimitives();
std::span<const Primitive> MapPrimitives();
std::span<const Primitive> MemoryPrimitives();
std::span<const Primitive> NumberPrimitives();
std::span<const Primitive> OutputPrimitives();
std::span<const Primitive> PortPrimitives();
std::span<const Primitive> ProcessPrimitives();
std::span<const Primitive> ReadPrimitives();
std::span<const Primitive> RecordPrimitives();
std::span<const Primitive> SymbolPrimitives();
std::span<const Primitive> TablePrimitives();
std::span<const Primitive> TextPrimitives();
std::span<const Primitive> VectorPrimitives();
std::span<const Primitive> WeakPrimitives();

}  // namespace fledge::lambda
