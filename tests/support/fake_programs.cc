#include "tests/support/fake_programs.h"

namespace fledge {

template class RandomProgram<PlainModel>;
template class RandomProgram<OcamlLikeModel>;
template class RandomProgram<CompressedModel>;

}  // namespace fledge
