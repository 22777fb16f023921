#include "gc/object_bitmap.h"

#include <algorithm>
#include <cstring>

namespace fledge::gc {

void ObjectBitmap::ClearRange(AddressRange range) {
  std::memset(&words_[WordOf(range.begin)], 0, SizeFor(range.bytes));
}

void ObjectBitmap::CopyRange(AddressRange range, const ObjectBitmap& from) {
  std::memcpy(&words_[WordOf(range.begin)],
              &from.words_[from.WordOf(range.begin)], SizeFor(range.bytes));
}

bool ObjectBitmap::AnyIn(AddressRange range) const {
  return std::any_of(&words_[WordOf(range.begin)], &words_[WordOf(range.end())],
                     [](std::uint64_t word) { return word != 0; });
}

}  // namespace fledge::gc
