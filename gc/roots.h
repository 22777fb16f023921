// Roots that live outside the heap: persistents and registered ranges.
//
// Both are generational. Slots come in chunks; WriteRoot() notes a chunk that
// may have come to hold a young reference, and a minor collection visits noted
// chunks only, so that a million roots cost nothing while they rest. A chunk
// stays noted as long as it holds a young reference.
//
// A range registered as *always scanned* (a VM's own shadow stack) needs no
// WriteRoot() and is visited whole, up to its present top, each time.
//
// Design: docs/design/roots.md. Source: generational stack and global root
// scanning in OCaml's minor collector (caml_register_generational_global_root),
// with chunks in place of a skip list.
//
// Invariants:
//   [rt.cover]  Outside a collection, every root slot that refers to a young
//               object is in a noted chunk or an always-scanned range.
//
// Threads: creating, destroying and noting are thread-safe; visiting needs the
// world stopped.
#pragma once

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "allocator/base/address.h"
#include "allocator/base/check.h"

namespace fledge::gc {

// Up to 64 root slots and whether they are on the list of noted chunks.
template <typename Value>
struct RootChunk {
  static constexpr std::size_t kSlots = 64;

  Value* slots = nullptr;
  std::uint32_t count = 0;
  std::atomic<bool> noted{false};
};

// The chunks that a minor collection has to visit.
template <typename Value>
class NotedRoots {
 public:
  using Chunk = RootChunk<Value>;

  void Note(Chunk& chunk) {
    if (chunk.noted.load(std::memory_order_relaxed)) return;
    if (chunk.noted.exchange(true, std::memory_order_relaxed)) return;
    const std::lock_guard lock(mutex_);
    chunks_.push_back(&chunk);
  }

  // Takes a chunk off the list, before it is destroyed.
  void Forget(Chunk& chunk) {
    if (!chunk.noted.load(std::memory_order_relaxed)) return;
    const std::lock_guard lock(mutex_);
    std::erase(chunks_, &chunk);
  }

  // With the world stopped. Visits every slot of every noted chunk.
  template <typename Visitor>
  void VisitSlots(Visitor&& visit) {
    for (Chunk* chunk : chunks_) {
      for (std::uint32_t i = 0; i < chunk->count; ++i) visit(&chunk->slots[i]);
    }
  }

  // With the world stopped. Keeps the chunks in which some slot satisfies
  // `is_wanted`.
  template <typename Predicate>
  void KeepIfAny(Predicate&& is_wanted) {
    std::erase_if(chunks_, [&](Chunk* chunk) {
      if (Any(*chunk, is_wanted)) return false;
      chunk->noted.store(false, std::memory_order_relaxed);
      return true;
    });
  }

  template <typename Predicate>
  static bool Any(const Chunk& chunk, Predicate&& is_wanted) {
    return std::any_of(chunk.slots, chunk.slots + chunk.count, is_wanted);
  }

 private:
  std::mutex mutex_;
  std::vector<Chunk*> chunks_;
};

// The slots behind Persistent handles.
template <typename Value>
class PersistentTable {
 public:
  using Chunk = RootChunk<Value>;

  explicit PersistentTable(NotedRoots<Value>& noted) : noted_(noted) {}
  ~PersistentTable() {
    for (const auto& page : pages_) noted_.Forget(page->chunk);
  }

  struct Handle {
    Value* slot = nullptr;
    Chunk* chunk = nullptr;
  };

  // A slot that holds `initial`. Never null: the table grows by malloc.
  Handle Create(Value initial) {
    const std::lock_guard lock(mutex_);
    if (with_room_.empty()) {
      pages_.push_back(std::make_unique<Page>());
      Page& page = *pages_.back();
      page.chunk.slots = page.slots;
      page.chunk.count = Chunk::kSlots;
      with_room_.push_back(&page);
    }
    Page& page = *with_room_.back();
    const int i = std::countr_one(page.used);
    page.used |= std::uint64_t{1} << i;
    if (page.used == ~std::uint64_t{0}) with_room_.pop_back();
    ++count_;
    page.slots[i] = initial;
    return {&page.slots[i], &page.chunk};
  }

  void Destroy(Handle handle) {
    const std::lock_guard lock(mutex_);
    // The chunk is the page's first member.
    Page& page = *reinterpret_cast<Page*>(handle.chunk);
    if (page.used == ~std::uint64_t{0}) with_room_.push_back(&page);
    page.used &= ~(std::uint64_t{1} << (handle.slot - page.slots));
    *handle.slot = Value{};
    --count_;
  }

  template <typename Visitor>
  void VisitSlots(Visitor&& visit) {
    for (const auto& page : pages_) {
      for (Value& slot : page->slots) visit(&slot);
    }
  }
  template <typename Visitor>
  void VisitChunks(Visitor&& visit) {
    for (const auto& page : pages_) visit(page->chunk);
  }

  std::size_t count() const { return count_; }

 private:
  struct Page {
    Chunk chunk;
    std::uint64_t used = 0;           // A bit per slot.
    Value slots[Chunk::kSlots] = {};  // Unused ones are zero: no reference.
  };

  NotedRoots<Value>& noted_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Page>> pages_;
  std::vector<Page*> with_room_;
  std::size_t count_ = 0;
};

// A range of the embedder's memory that holds values, registered with a heap
// by Heap::RegisterRoots(), see gc/heap.h.
template <typename Value>
class RootRange {
 public:
  using Chunk = RootChunk<Value>;

  // Generational: written by WriteRoot() only. All chunks begin noted.
  RootRange(NotedRoots<Value>& noted, Value* begin, std::size_t count)
      : noted_(&noted), begin_(begin), end_(begin + count) {
    const std::size_t chunks = (count + Chunk::kSlots - 1) / Chunk::kSlots;
    chunks_ = std::make_unique<Chunk[]>(chunks);
    for (std::size_t i = 0; i < chunks; ++i) {
      chunks_[i].slots = begin + i * Chunk::kSlots;
      chunks_[i].count = static_cast<std::uint32_t>(
          std::min(Chunk::kSlots, count - i * Chunk::kSlots));
      noted.Note(chunks_[i]);
    }
    chunk_count_ = chunks;
  }
  // Always scanned: from `begin` to what `*top` is at each collection.
  RootRange(Value* begin, Value* const* top) : begin_(begin), top_(top) {}

  ~RootRange() {
    for (std::size_t i = 0; i < chunk_count_; ++i) noted_->Forget(chunks_[i]);
  }
  RootRange(const RootRange&) = delete;
  RootRange& operator=(const RootRange&) = delete;

  bool always_scanned() const { return top_ != nullptr; }
  Value* begin() const { return begin_; }
  Value* end() const { return always_scanned() ? *top_ : end_; }

  // REQUIRES: `slot` lies in the range, and the range is generational.
  Chunk& ChunkOf(Value* slot) {
    FLEDGE_DCHECK(!always_scanned() && slot >= begin_ && slot < end_,
                  "WriteRoot() was given a slot outside its range");
    return chunks_[static_cast<std::size_t>(slot - begin_) / Chunk::kSlots];
  }

  template <typename Visitor>
  void VisitSlots(Visitor&& visit) {
    for (Value* slot = begin(); slot != end(); ++slot) visit(slot);
  }
  // None if it is always scanned.
  template <typename Visitor>
  void VisitChunks(Visitor&& visit) {
    for (std::size_t i = 0; i < chunk_count_; ++i) visit(chunks_[i]);
  }

 private:
  NotedRoots<Value>* noted_ = nullptr;
  Value* begin_;
  Value* end_ = nullptr;
  Value* const* top_ = nullptr;
  std::unique_ptr<Chunk[]> chunks_;
  std::size_t chunk_count_ = 0;
};

}  // namespace fledge::gc
