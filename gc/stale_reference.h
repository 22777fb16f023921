// Stale references: who holds the address of an object that is gone?
//
// When the verifier or a fault in protected from-space meets a reference to
// where an object used to be, the mistake is not in the collector but in
// whoever kept the reference. It is found, not guessed, by looking for the word
// in all of the process's writable memory:
//
//   in a slot of old space      a store without the write barrier
//   in static or malloc'd data  a root that was not registered
//   only in native stacks       a raw reference held across a collection
//
// Design: docs/design/verifier.md. Platform code: stale_reference_linux.cc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "allocator/base/address.h"

namespace fledge::gc {

// For containers that hold object addresses: wipes what it gives back to
// malloc, so that a later search does not find the verifier's own notes.
template <typename T>
struct WipingAllocator {
  using value_type = T;

  WipingAllocator() = default;
  template <typename U>
  explicit(false) WipingAllocator(const WipingAllocator<U>&) {}

  T* allocate(std::size_t count) { return std::allocator<T>().allocate(count); }
  void deallocate(T* memory, std::size_t count) {
    Wipe(memory, count * sizeof(T));
    std::allocator<T>().deallocate(memory, count);
  }
  bool operator==(const WipingAllocator&) const = default;

 private:
  // Volatile: a store to memory that is about to be freed is not dead here.
  static void Wipe(void* memory, std::size_t bytes) {
    for (std::size_t i = 0; i < bytes; ++i) {
      static_cast<volatile char*>(memory)[i] = 0;
    }
  }
};

enum class WordPlace : std::uint8_t {
  kStaticData,   // Of the program or a library.
  kOtherMemory,  // malloc'd or mapped.
  kNativeStack,  // Of a mutator's thread, or its registers.
};

struct FoundWord {
  WordPlace place;
  Address address;      // Where the word is.
  std::string details;  // A symbol or a mapping, as far as known.
};

// Looks for 8-byte words with a value inside `wanted` (a range of addresses) in
// the writable memory of the process: in each of `stacks` as kNativeStack, not
// at all in `excluded`, and in everything else. At most a few in each mapping.
// Slow.
std::vector<FoundWord> FindWords(AddressRange wanted,
                                 const std::vector<AddressRange>& stacks,
                                 const std::vector<AddressRange>& excluded);

// Prints where the words are, and which mistake that makes likely. One line for
// the mistake, beginning with "likely:", one for each place.
void PrintLikelyMistake(const std::vector<FoundWord>& found);

}  // namespace fledge::gc
