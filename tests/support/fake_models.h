// FakeModels: the object models that keep the ObjectModel concept honest, as a
// list for typed tests.
//
//   TYPED_TEST_SUITE(MyTest, FakeModels, ModelNames);
#pragma once

#include <gtest/gtest.h>

#include "tests/support/compressed_model.h"
#include "tests/support/model_traits.h"
#include "tests/support/ocaml_like_model.h"
#include "tests/support/plain_model.h"

namespace fledge {

using FakeModels =
    ::testing::Types<PlainModel, OcamlLikeModel, CompressedModel>;

}  // namespace fledge
