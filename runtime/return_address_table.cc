#include "runtime/return_address_table.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "allocator/base/check.h"

namespace fledge::runtime {
namespace {

constexpr std::size_t kLeastEntries = 16;

}  // namespace

bool ReturnAddressTable::Add(const Entry& entry) {
  FLEDGE_DCHECK(entry.return_address != kNullAddress);
  if (Find(entry.return_address) != nullptr) return false;
  if (2 * (size_ + 1) > entries_.size()) Grow();
  std::size_t i = HomeOf(entry.return_address);
  while (entries_[i].return_address != kNullAddress) i = After(i);
  entries_[i] = entry;
  ++size_;
  return true;
}

void ReturnAddressTable::Remove(Address return_address) {
  const Entry* const found = Find(return_address);
  FLEDGE_CHECK(found != nullptr, "a return address that is not in the table");
  --size_;
  std::size_t hole = static_cast<std::size_t>(found - entries_.data());
  for (std::size_t i = After(hole); entries_[i].return_address != kNullAddress;
       i = After(i)) {
    // An entry may move to the hole if that is not before its home, counted
    // from where it is.
    const std::size_t mask = entries_.size() - 1;
    const std::size_t from_home =
        (i - HomeOf(entries_[i].return_address)) & mask;
    if (from_home < ((i - hole) & mask)) continue;
    entries_[hole] = entries_[i];
    hole = i;
  }
  entries_[hole] = {};
}

void ReturnAddressTable::Grow() {
  const std::size_t size = std::max(2 * entries_.size(), kLeastEntries);
  const std::vector<Entry> old = std::exchange(entries_, {});
  entries_.resize(size);
  shift_ = 64 - static_cast<unsigned>(std::bit_width(size) - 1);
  for (const Entry& entry : old) {
    if (entry.return_address == kNullAddress) continue;
    std::size_t i = HomeOf(entry.return_address);
    while (entries_[i].return_address != kNullAddress) i = After(i);
    entries_[i] = entry;
  }
}

}  // namespace fledge::runtime
