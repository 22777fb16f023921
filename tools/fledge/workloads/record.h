// Records: vectors of a few fields, made in one go and inline, as a VM would
// make its structures.
//
// Threads: by the mutator's thread.
#pragma once

#include <concepts>
#include <cstddef>

#include "allocator/base/address.h"
#include "allocator/base/check.h"
#include "runtime/heap.h"
#include "runtime/object_header.h"
#include "runtime/object_layout.h"
#include "runtime/value.h"

namespace fledge::tools {

namespace internal {

// What a field is to hold, read when the record's memory is there.
inline runtime::Value FieldValue(runtime::Local local) { return local.get(); }
inline runtime::Value FieldValue(runtime::Value immediate) {
  FLEDGE_DCHECK(!immediate.IsReference(),
                "a reference that may be stale: pass its handle");
  return immediate;
}

}  // namespace internal

template <typename Field>
concept RecordField =
    std::same_as<Field, runtime::Local> || std::same_as<Field, runtime::Value>;

// A vector of the fields: handles, or values that are not references. May
// collect.
template <RecordField... Fields>
runtime::Value MakeRecord(runtime::Mutator& mutator, Fields... fields) {
  constexpr std::size_t kBytes =
      runtime::SizeOf(runtime::ObjectType::kVector, sizeof...(fields));
  const Address object = mutator.Allocate(kBytes);
  gc::StoreHeader(object, runtime::MakeHeader(runtime::ObjectType::kVector,
                                              sizeof...(fields)));
  const runtime::Vector record(runtime::Value::Reference(object));
  // Plain stores: the object is fresh, [wb.slots].
  std::size_t i = 0;
  ((*record.item_slot(i++) = internal::FieldValue(fields).word()), ...);
  return record.value();
}

}  // namespace fledge::tools
