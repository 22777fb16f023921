// lru, as in tools/fledge/workloads/lru.cc: a cache that drops what was used
// least recently, each operation timed.
// Usage: lru ENTRIES OPERATIONS
#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <new>

#include "benchmarks/peers/programs/cpp/allocation.h"
#include "benchmarks/peers/programs/cpp/lru_parts.h"
#include "benchmarks/peers/programs/cpp/xorshift.h"

namespace {

using fledge::peers::Allocate;
using fledge::peers::AllocateData;
using fledge::peers::Free;
using fledge::peers::kPayloadDoubles;

struct Entry {
  Entry* chain;
  Entry* previous;
  Entry* next;
  double* payload;
  std::uint32_t key;
};

double* MakePayload(std::uint32_t key, std::uint32_t sequence) {
  auto* payload =
      static_cast<double*>(AllocateData(kPayloadDoubles * sizeof(double)));
  std::fill_n(payload, kPayloadDoubles, key + sequence * 0.5);
  return payload;
}

class Cache {
 public:
  explicit Cache(std::uint32_t capacity)
      : capacity_(capacity),
        hash_shift_(32 - std::bit_width(std::bit_ceil(capacity) - 1)) {
    const std::size_t buckets = std::bit_ceil(capacity);
    buckets_ = static_cast<Entry**>(Allocate(buckets * sizeof(Entry*)));
    std::fill_n(buckets_, buckets, nullptr);
    ends_ = new (Allocate(sizeof(Entry))) Entry{};
    ends_->previous = ends_->next = ends_;
  }

  // Gets the value of `key`, if it is there, and sets it anew. Either way it
  // is the entry used last.
  void Use(std::uint32_t key, std::uint32_t sequence) {
    Entry*& bucket = buckets_[BucketOf(key)];
    Entry* entry = bucket;
    while (entry != nullptr && entry->key != key) entry = entry->chain;
    if (entry != nullptr) {
      ++hits_;
      sum_ += entry->payload[key % kPayloadDoubles];
      Free(entry->payload);
      entry->payload = MakePayload(key, sequence);
      Unlink(entry);
      LinkFirst(entry);
      return;
    }
    if (size_ == capacity_) DropLast();
    entry = static_cast<Entry*>(Allocate(sizeof(Entry)));
    entry->key = key;
    entry->payload = MakePayload(key, sequence);
    entry->chain = bucket;
    bucket = entry;
    LinkFirst(entry);
    ++size_;
  }

  bool IsFull() const { return size_ == capacity_; }
  void ForgetStatistics() {
    hits_ = 0;
    sum_ = 0;
  }

  std::uint32_t hits() const { return hits_; }
  double sum() const { return sum_; }

 private:
  std::size_t BucketOf(std::uint32_t key) const {
    return (key * 0x9e37'79b1u) >> hash_shift_;
  }

  void DropLast() {
    Entry* last = ends_->previous;
    Unlink(last);
    Entry** holder = &buckets_[BucketOf(last->key)];
    while (*holder != last) holder = &(*holder)->chain;
    *holder = last->chain;
    Free(last->payload);
    Free(last);
    --size_;
  }

  static void Unlink(Entry* entry) {
    entry->previous->next = entry->next;
    entry->next->previous = entry->previous;
  }
  void LinkFirst(Entry* entry) {
    entry->next = ends_->next;
    entry->previous = ends_;
    ends_->next->previous = entry;
    ends_->next = entry;
  }

  const std::uint32_t capacity_;
  const int hash_shift_;
  Entry** buckets_;
  Entry* ends_;  // The list's first follows it, its last precedes it.
  std::uint32_t size_ = 0;
  std::uint32_t hits_ = 0;
  double sum_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  fledge::peers::StartAllocation();
  const auto entries = static_cast<std::uint32_t>(std::atoi(argv[1]));
  const auto operations = static_cast<std::uint32_t>(std::atoi(argv[2]));
  const std::uint32_t keys = 2 * entries;

  Cache cache(entries);
  fledge::peers::Xorshift random;
  std::uint32_t sequence = 0;
  while (!cache.IsFull()) cache.Use(random.Below(keys), sequence++);
  cache.ForgetStatistics();

  fledge::peers::OperationTimes times;
  times.Start();
  for (std::uint32_t i = 0; i < operations; ++i) {
    cache.Use(random.Below(keys), sequence++);
    times.Next();
  }
  std::printf("hits=%u sum=%.1f p9999_us=%.1f worst_us=%.1f\n", cache.hits(),
              cache.sum(), times.PercentileUs(0.9999), times.worst_us());
}
