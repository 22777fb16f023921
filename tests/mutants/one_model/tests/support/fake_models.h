// FakeModels with one model, in place of tests/support/fake_models.h where
// tests/mutants/run builds: a mutant costs a third of the time, and what no
// model is needed to find is found by any.
#pragma once

#include <gtest/gtest.h>

#include "tests/support/compressed_model.h"
#include "tests/support/model_traits.h"
#include "tests/support/ocaml_like_model.h"
#include "tests/support/plain_model.h"

namespace fledge {

using FakeModels = ::testing::Types<PlainModel>;

}  // namespace fledge
