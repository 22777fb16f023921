#include "runtime/stack_map.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <utility>

#include "allocator/base/check.h"

namespace fledge::runtime {
namespace {

std::string Hex(std::uint64_t number) {
  char text[24];
  std::snprintf(text, sizeof(text), "0x%" PRIx64, number);
  return text;
}

std::string Text(FrameSlot slot) {
  const char* base =
      slot.base == FrameRegister::kStackPointer ? "[sp%+d]" : "[fp%+d]";
  char text[24];
  std::snprintf(text, sizeof(text), base, slot.offset);
  return text;
}

// Names may come from a file, and are any bytes there.
std::string Printable(std::string name) {
  constexpr std::size_t kMostBytes = 200;
  if (name.size() > kMostBytes) name.replace(kMostBytes, name.npos, "...");
  for (char& c : name) {
    if (c < ' ' || c > '~') c = '?';
  }
  return name;
}

template <typename T>
void SortAndUnique(std::vector<T>& items) {
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
}

}  // namespace

void StackMap::AddFunction(Address begin, std::uint64_t frame_bytes,
                           std::string name) {
  functions_.push_back({begin, frame_bytes, std::move(name)});
}

std::optional<StackMapError> StackMap::AddSite(
    Address return_address, std::span<const FrameSlot> slots,
    std::span<const DerivedSlot> derived) {
  FLEDGE_CHECK(!functions_.empty(), "a site was added before any function");
  std::vector<FrameSlot> bases(slots.begin(), slots.end());
  std::vector<DerivedSlot> others;
  for (const DerivedSlot& one : derived) {
    bases.push_back(one.base);
    // A reference is its own base.
    if (one.slot != one.base) others.push_back(one);
  }
  SortAndUnique(bases);
  SortAndUnique(others);
  // Compilers name a derived slot with each of several bases of equal value.
  others.erase(std::unique(others.begin(), others.end(),
                           [](const DerivedSlot& a, const DerivedSlot& b) {
                             return a.slot == b.slot;
                           }),
               others.end());

  const auto place = [&] {
    return CodePlace(functions_.back().name, functions_.back().begin,
                     return_address);
  };
  const auto is_unaligned = [&](FrameSlot slot) {
    return !IsAligned(static_cast<std::uint64_t>(slot.offset), slot_bytes_);
  };
  for (const FrameSlot& slot : bases) {
    if (is_unaligned(slot)) {
      return StackMapError{place() + ": slot " + Text(slot) +
                           " is not aligned"};
    }
  }
  for (const DerivedSlot& one : others) {
    if (is_unaligned(one.slot)) {
      return StackMapError{place() + ": slot " + Text(one.slot) +
                           " is not aligned"};
    }
    if (std::binary_search(bases.begin(), bases.end(), one.slot)) {
      return StackMapError{place() + ": slot " + Text(one.slot) +
                           " holds a reference and also a derived address"};
    }
  }

  sites_.push_back({return_address,
                    static_cast<std::uint32_t>(functions_.size() - 1),
                    static_cast<std::uint32_t>(slots_.size()),
                    static_cast<std::uint32_t>(bases.size()),
                    static_cast<std::uint32_t>(derived_.size()),
                    static_cast<std::uint32_t>(others.size())});
  slots_.insert(slots_.end(), bases.begin(), bases.end());
  derived_.insert(derived_.end(), others.begin(), others.end());
  return {};
}

void StackMap::AddSiteLike(Address return_address, const Site& other) {
  Site site = other;
  site.return_address = return_address;
  site.function = static_cast<std::uint32_t>(functions_.size() - 1);
  sites_.push_back(site);
}

std::string StackMap::PlaceOf(const Site& site) const {
  const Function& function = functions_[site.function];
  return CodePlace(function.name, function.begin, site.return_address);
}

std::string CodePlace(const std::string& name, Address begin, Address address) {
  return (name.empty() ? "function " + Hex(begin) : Printable(name)) + "+" +
         Hex(address - begin);
}

}  // namespace fledge::runtime
