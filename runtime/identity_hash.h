// Identity hash: a number of 32 bits for each object, the same for its life
// wherever it moves.
//
// It costs nothing until it is asked for. Then a salt is put into the header,
// and the hash follows from salt and address; when the object next moves it
// grows by a word for the hash. Without a salt, objects that are hashed while
// they are young would share the few addresses of a nursery over and over.
//
//   no salt, not stored   never asked for
//   salt                  hash = Mix(address, salt)
//   stored                hash = the last word
//
// Design: docs/design/value_model.md. Source: O. Agesen, "Space and Time-
// Efficient Hashing of Garbage-Collected Objects", TAPOS 1999 (hashed, then
// hashed and moved).
//
// Threads: any mutator's, also at once.
#pragma once

#include <atomic>
#include <cstdint>

#include "allocator/base/address.h"
#include "gc/object_model.h"
#include "runtime/hash.h"
#include "runtime/object_header.h"

namespace fledge::runtime {

namespace internal {

constexpr std::uint32_t HashOfAddress(Address object, Header header) {
  const Header salt = header >> kSaltShift & kSaltMask;
  return static_cast<std::uint32_t>(HashWord(object ^ salt << 48));
}
inline std::uint64_t* LastWord(Address object, Header header) {
  return reinterpret_cast<std::uint64_t*>(object + SizeFrom(header)) - 1;
}
// Gives the object a salt, if no other thread does.
std::uint32_t AskForIdentityHash(Address object);

}  // namespace internal

// Whether the object was ever asked for its hash.
inline bool HasIdentityHash(Address object) {
  const Header header = gc::LoadHeader(object);
  return IsSalted(header) || IsHashStored(header);
}

// Never collects. REQUIRES: `object` is the address of an object's header.
inline std::uint32_t IdentityHash(Address object) {
  const Header header = gc::LoadHeader(object);
  if (IsHashStored(header)) {
    return static_cast<std::uint32_t>(*internal::LastWord(object, header));
  }
  if (IsSalted(header)) return internal::HashOfAddress(object, header);
  return internal::AskForIdentityHash(object);
}

// For the value model: finishes the copy of an object that has a salt.
inline void StoreIdentityHash(Address from, Address to, Header header) {
  const Header stored = WithHashStored(header);
  gc::StoreHeader(to, stored);
  *internal::LastWord(to, stored) = internal::HashOfAddress(from, header);
}

// For ChangeLayout(): `header`, of an object that was never asked for its hash
// and is smaller, for `object`, which keeps the salt that it may have, or its
// hash, as the last word of what is left of it.
// REQUIRES: `object` remains as large as `header` says, and a word more if its
// hash is stored; no other thread asks for the hash meanwhile.
inline Header KeepIdentityHash(Address object, Header header) {
  const Header old = gc::LoadHeader(object);
  if (!IsHashStored(old)) return header | (old & kSaltMask << kSaltShift);
  const Header stored = WithHashStored(header);
  *internal::LastWord(object, stored) = *internal::LastWord(object, old);
  return stored;
}

}  // namespace fledge::runtime
