// RandomFrame: slots of a random program that a root source adds, as a walker
// of compiled frames does, each with a slot derived from it.
#pragma once

#include <array>
#include <cstddef>
#include <string>

#include "allocator/base/address.h"
#include "gc/root_sources.h"
#include "tests/support/model_traits.h"

namespace fledge {

template <HasModelTraits M>
class RandomFrame : public gc::RootSource {
 public:
  using Value = typename M::Value;

  static constexpr std::size_t kSlots = 10;

  RandomFrame() {
    for (std::size_t i = 0; i < kSlots; ++i) {
      Set(i, ModelTraits<M>::NullValue());
    }
  }

  void AddSlots(gc::RootSlots& slots) override {
    for (std::size_t i = 0; i < kSlots; ++i) {
      const Address base = reinterpret_cast<Address>(&slots_[i]);
      slots.Add(base);
      slots.AddDerived(reinterpret_cast<Address>(&derived_[i]), base);
    }
  }
  std::string Describe(Address) override { return "a random frame"; }

  Value Get(std::size_t i) const { return slots_[i]; }
  void Set(std::size_t i, Value value) {
    slots_[i] = value;
    derived_[i] = value + DistanceOf(i);
  }
  bool DerivedSlotsAreRight() const {
    for (std::size_t i = 0; i < kSlots; ++i) {
      if (derived_[i] != static_cast<Value>(slots_[i] + DistanceOf(i))) {
        return false;
      }
    }
    return true;
  }

 private:
  // Within the object, behind it and before it.
  static constexpr Value DistanceOf(std::size_t i) {
    return static_cast<Value>(8 * i) - 24;
  }

  std::array<Value, kSlots> slots_;
  std::array<Value, kSlots> derived_;
};

}  // namespace fledge
