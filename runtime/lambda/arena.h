// Arena: the memory of what is read, expanded and compiled together, freed all
// at once. Nothing in it is destroyed, so nothing in it may own memory from
// elsewhere: lists are the arena's own (Arena::List).
//
// Design: docs/design/lambda.md. Threads: none.
#pragma once

#include <cstddef>
#include <memory_resource>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace fledge::lambda {

class Arena {
 public:
  // Grows in the arena, and leaves there what it grew out of.
  template <typename T>
  using List = std::pmr::vector<T>;

  Arena() = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  template <typename T, typename... Parameters>
  T* Make(Parameters&&... parameters) {
    void* const place = memory_.allocate(sizeof(T), alignof(T));
    return new (place) T{std::forward<Parameters>(parameters)...};
  }

  template <typename T>
  List<T> MakeList() {
    return List<T>(&memory_);
  }

  // For containers that nothing else fits.
  std::pmr::memory_resource* memory() { return &memory_; }

  // A copy that lives as long as the arena.
  std::string_view Copy(std::string_view text) {
    const auto copy = Copy(std::span<const char>(text.data(), text.size()));
    return {copy.data(), copy.size()};
  }
  template <typename T>
  std::span<const T> Copy(std::span<const T> items) {
    static_assert(std::is_trivially_copyable_v<T>);
    auto* const copy =
        static_cast<T*>(memory_.allocate(items.size_bytes() + 1, alignof(T)));
    for (std::size_t i = 0; i < items.size(); ++i) copy[i] = items[i];
    return {copy, items.size()};
  }

 private:
  std::pmr::monotonic_buffer_resource memory_;
};

}  // namespace fledge::lambda
