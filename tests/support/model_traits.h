// ModelTraits: one small vocabulary to make and read objects of any model.
//
// A test that is typed over models speaks it instead of a model's own words:
// an object has `slots` slots and at least `raw_bytes` bytes that are no
// slots, and nothing more is said about it. Each model's header specializes
// the template; nothing here needs a heap, so that models are tested on plain
// memory too. With a heap: tests/support/heap_objects.h.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "allocator/base/address.h"
#include "gc/object_model.h"

namespace fledge {

// What a specialization has, beside what HasModelTraits checks:
//
//   // REQUIRES: kHasIdentityHash. The hash of `object`, the same for its
//   // whole life. The first call for an object writes its header.
//   static std::uint64_t IdentityHash(Address object);
template <typename M>
struct ModelTraits;

template <typename M>
concept HasModelTraits = gc::ObjectModel<M> &&
    requires(const M& model, typename M::Value value, Address object,
             std::size_t count, int number) {
  // What a model can do, so that a test may ask for it: values that point
  // into the midst of an object; values that refer outside the
  // reservation; an identity hash that survives moves.
  { ModelTraits<M>::kHasInteriorReferences } -> std::convertible_to<bool>;
  { ModelTraits<M>::kRefersOutside } -> std::convertible_to<bool>;
  { ModelTraits<M>::kHasIdentityHash } -> std::convertible_to<bool>;

  // The value that refers to nothing: all bits zero.
  { ModelTraits<M>::NullValue() } -> std::same_as<typename M::Value>;
  // A value that is no reference, different for each number that fits in
  // 30 bits.
  { ModelTraits<M>::Immediate(number) } -> std::same_as<typename M::Value>;

  // The value that refers to `object`, and the object of a value or
  // kNullAddress.
  {
    ModelTraits<M>::ReferenceTo(model, object)
    } -> std::same_as<typename M::Value>;
  { ModelTraits<M>::ObjectOf(model, value) } -> std::same_as<Address>;
  // A value that points into the midst of `object`, or, if no value can,
  // ReferenceTo(). In models that have any, an object with both slots and
  // raw bytes has one.
  {
    ModelTraits<M>::InteriorReferenceTo(model, object)
    } -> std::same_as<typename M::Value>;

  // Bytes of a new object with so many slots and raw bytes.
  { ModelTraits<M>::SizeFor(count, count) } -> std::same_as<std::size_t>;
  // Makes an object of SizeFor(slots, raw_bytes) bytes of any content: the
  // header is written and the slots are null. Raw bytes stay as they are.
  ModelTraits<M>::InitializeAt(object, count, count);

  // The parts of an object that is not forwarded. Raw() may be a little
  // longer than what was asked for, and is always the same for an object.
  { ModelTraits<M>::SlotCount(object) } -> std::same_as<std::size_t>;
  { ModelTraits<M>::Slot(object, count) } -> std::same_as<typename M::Value*>;
  { ModelTraits<M>::Raw(object) } -> std::same_as<std::span<std::byte>>;
};

// For TYPED_TEST_SUITE: the name of each model.
struct ModelNames {
  template <typename M>
  static std::string GetName(int) {
    return std::string(ModelTraits<M>::kName);
  }
};

}  // namespace fledge
