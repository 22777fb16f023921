#include "runtime/identity_hash.h"

namespace fledge::runtime {
namespace {

// Different for objects that are hashed one after the other, whose addresses
// may be the same ones over and over.
Header NextSalt() {
  thread_local Header next = 0;
  next = next % kSaltMask + 1;
  return next;
}

}  // namespace

std::uint32_t internal::AskForIdentityHash(Address object) {
  std::atomic_ref<Header> word(*reinterpret_cast<Header*>(object));
  Header header = word.load(std::memory_order_relaxed);
  const Header salt = NextSalt();
  // Another thread's salt is as good.
  while (!IsSalted(header) && !IsHashStored(header)) {
    if (word.compare_exchange_weak(header, WithSalt(header, salt),
                                   std::memory_order_relaxed)) {
      header = WithSalt(header, salt);
    }
  }
  return HashOfAddress(object, header);
}

}  // namespace fledge::runtime
