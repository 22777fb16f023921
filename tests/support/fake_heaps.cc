#include "tests/support/fake_heaps.h"

namespace fledge::gc {

template class Heap<PlainModel>;
template class Heap<OcamlLikeModel>;
template class Heap<CompressedModel>;

}  // namespace fledge::gc
