// FakePrograms: random programs of the fake object models, compiled once for
// all tests. Their code is in fake_programs.cc.
#pragma once

#include "tests/support/compressed_model.h"
#include "tests/support/ocaml_like_model.h"
#include "tests/support/plain_model.h"
#include "tests/support/random_program.h"

namespace fledge {

extern template class RandomProgram<PlainModel>;
extern template class RandomProgram<OcamlLikeModel>;
extern template class RandomProgram<CompressedModel>;

}  // namespace fledge
