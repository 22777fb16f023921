#include "runtime/heap.h"

template class fledge::gc::Heap<fledge::runtime::ValueModel>;
