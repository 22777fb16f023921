#include "gc/card_table.h"

#include <algorithm>

namespace fledge::gc {
namespace {

// The arithmetic is done on integers: the result points outside the table.
CardTable::Card* Biased(CardTable::Card* table, Address covered_begin,
                        std::size_t shift) {
  return reinterpret_cast<CardTable::Card*>(reinterpret_cast<Address>(table) -
                                            (covered_begin >> shift));
}

}  // namespace

CardTable::CardTable(AddressRange covered, Card* cards, Card* blocks)
    : covered_(covered),
      bases_{Biased(cards, covered.begin, kCardShift),
             Biased(blocks, covered.begin, allocator::kBlockShift)} {
  FLEDGE_CHECK(IsAligned(covered.begin, allocator::kBlockBytes) &&
               IsAligned(covered.bytes, allocator::kBlockBytes));
}

void CardTable::DirtyRange(AddressRange range) {
  if (range.empty()) return;
  FLEDGE_DCHECK(covered_.Contains(range));
  // Atomic: other mutators may dirty the same cards, and their blocks, now.
  const Address last = range.end() - 1;
  for (Address card = range.begin >> kCardShift; card <= last >> kCardShift;
       ++card) {
    Dirty(bases_, card << kCardShift);
  }
}

void CardTable::CleanRange(AddressRange blocks) {
  std::fill(&bases_.cards[blocks.begin >> kCardShift],
            &bases_.cards[blocks.end() >> kCardShift], Card::kClean);
  std::fill(&bases_.blocks[blocks.begin >> allocator::kBlockShift],
            &bases_.blocks[blocks.end() >> allocator::kBlockShift],
            Card::kClean);
}

}  // namespace fledge::gc
