// Card table: which cards of the old space may point to the young space.
//
// The write barrier dirties the card of each slot in which it stores a young
// reference, and on a card's way from clean to dirty also notes the card's
// block. A minor collection reads only the dirty cards of noted blocks, so its
// cost follows the cards written, not the size of the old space.
//
// Design: docs/design/remembered_set.md. Source: U. Hoelzle, "A Fast Write
// Barrier for Generational Garbage Collectors", OOPSLA '93 GC workshop; the
// test before the store is HotSpot's UseCondCardMark.
//
// Invariants (gc/heap_verifier.h checks them):
//   [rs.cover]    Outside a collection, every old-to-young slot is on a dirty
//                 card.
//   [rs.summary]  The block of every dirty card is noted.
//   [rs.hint]     A dirty card or a noted block may hold no such slot. Clean
//                 is a promise, dirty is a hint.
//
// Threads: any mutator may call Dirty() at any time. Everything else needs the
// world stopped, so a card is cleaned only where no Dirty() can run.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#include "allocator/base/address.h"
#include "allocator/base/check.h"
#include "allocator/block.h"

namespace fledge::gc {

class CardTable {
 public:
  static constexpr std::size_t kCardShift = 8;  // Why 8: [rs.card-size].
  static constexpr std::size_t kCardBytes = std::size_t{1} << kCardShift;
  static constexpr std::size_t kCardsPerBlock =
      allocator::kBlockBytes / kCardBytes;
  static_assert(kCardsPerBlock % sizeof(std::uint64_t) == 0);

  // Dirty is all ones so that the barrier asks with one comparison whether the
  // card is clean and the value young.
  enum class Card : std::uint8_t { kClean = 0, kDirty = 0xff };

  // Where the tables would begin if they covered all addresses from zero: the
  // barrier's two bases, so that it indexes by the slot's address alone.
  struct Bases {
    Card* cards = nullptr;
    Card* blocks = nullptr;
  };

  // Borrows `cards` and `blocks`: an entry for each card and block of
  // `covered`, all kClean.
  // REQUIRES: both ends of `covered` are multiples of kBlockBytes.
  CardTable(AddressRange covered, Card* cards, Card* blocks);

  CardTable(const CardTable&) = delete;
  CardTable& operator=(const CardTable&) = delete;

  // Hot path: shift, add, load, test; the stores are rare. Storing without
  // the test costs 1.3 to 1.8 times a plain store: [rs.unconditional].
  static void Dirty(Bases bases, Address slot) {
    const std::atomic_ref<Card> card(bases.cards[slot >> kCardShift]);
    if (card.load(std::memory_order_relaxed) == Card::kDirty) return;
    card.store(Card::kDirty, std::memory_order_relaxed);
    std::atomic_ref<Card>(bases.blocks[slot >> allocator::kBlockShift])
        .store(Card::kDirty, std::memory_order_relaxed);
  }
  // 0 if the slot's card is clean, all ones if it is dirty.
  static std::uint64_t DirtyMask(Bases bases, Address slot) {
    const Card card = std::atomic_ref<Card>(bases.cards[slot >> kCardShift])
                          .load(std::memory_order_relaxed);
    return static_cast<std::uint64_t>(
        std::int64_t{static_cast<std::int8_t>(card)});
  }
  // REQUIRES: covered().Contains(slot).
  void Dirty(Address slot) {
    FLEDGE_DCHECK(covered_.Contains(slot));
    Dirty(bases_, slot);
  }
  void DirtyRange(AddressRange range);

  bool IsDirty(Address slot) const {
    return bases_.cards[slot >> kCardShift] == Card::kDirty;
  }
  bool IsBlockNoted(Address slot) const {
    return bases_.blocks[slot >> allocator::kBlockShift] == Card::kDirty;
  }

  // Cleans every card of `blocks`, a range of whole blocks.
  void CleanRange(AddressRange blocks);

  // Calls visit(card) once per dirty card in `blocks`, a range of whole
  // blocks, lowest address first, after cleaning it. `visit` may dirty it
  // again, and others, which are then seen this time or the next. Costs
  // O(blocks + cards of noted blocks).
  template <typename Visitor>
  void TakeDirty(AddressRange blocks, Visitor&& visit);

  AddressRange covered() const { return covered_; }
  Bases bases() const { return bases_; }

 private:
  // Calls visit(entry) for each dirty entry in [begin, end), lowest first. Most
  // are clean, so that 32 are looked at at a time. Of a group of eight what
  // `visit` dirties may be left for the next time.
  template <typename Visitor>
  static void VisitDirtyBytes(Card* begin, Card* end, Visitor&& visit) {
    constexpr std::ptrdiff_t kEight = sizeof(std::uint64_t);
    const auto eight_at = [](const Card* entry) {
      std::uint64_t eight;
      std::memcpy(&eight, entry, kEight);
      return eight;
    };
    Card* entry = begin;
    while (end - entry >= kEight) {
      if (end - entry >= 4 * kEight &&
          (eight_at(entry) | eight_at(entry + kEight) |
           eight_at(entry + 2 * kEight) | eight_at(entry + 3 * kEight)) == 0) {
        entry += 4 * kEight;
        continue;
      }
      // A dirty entry is a byte of ones.
      for (std::uint64_t rest = eight_at(entry); rest != 0;) {
        const int bit = std::countr_zero(rest);
        rest &= ~(std::uint64_t{0xff} << bit);
        visit(entry + bit / 8);
      }
      entry += kEight;
    }
    for (; entry < end; ++entry) {
      if (*entry == Card::kDirty) visit(entry);
    }
  }

  const AddressRange covered_;
  const Bases bases_;
};

template <typename Visitor>
void CardTable::TakeDirty(AddressRange blocks, Visitor&& visit) {
  const auto take_cards = [&](Card* block) {
    *block = Card::kClean;
    const Address begin = static_cast<Address>(block - bases_.blocks)
                          << allocator::kBlockShift;
    Card* const cards = &bases_.cards[begin >> kCardShift];
    VisitDirtyBytes(cards, cards + kCardsPerBlock, [&](Card* card) {
      *card = Card::kClean;
      visit(AddressRange{
          begin + static_cast<Address>(card - cards) * kCardBytes, kCardBytes});
    });
  };
  // Dirty blocks lie apart, and their cards are rarely in the cache: those of a
  // few are on their way while one's are looked at.
  constexpr std::size_t kBlocksAhead = 8;
  std::array<Card*, kBlocksAhead> ahead{};
  std::size_t found = 0;
  VisitDirtyBytes(
      &bases_.blocks[blocks.begin >> allocator::kBlockShift],
      &bases_.blocks[blocks.end() >> allocator::kBlockShift], [&](Card* block) {
        const Card* const cards =
            bases_.cards + (block - bases_.blocks) * kCardsPerBlock;
        for (std::size_t line = 0; line < kCardsPerBlock; line += 64) {
          __builtin_prefetch(cards + line, 1);
        }
        Card* const oldest =
            std::exchange(ahead[found++ % kBlocksAhead], block);
        if (oldest != nullptr) take_cards(oldest);
      });
  for (std::size_t i = 0; i < kBlocksAhead; ++i) {
    Card* const block = ahead[(found + i) % kBlocksAhead];
    if (block != nullptr) take_cards(block);
  }
}

}  // namespace fledge::gc
