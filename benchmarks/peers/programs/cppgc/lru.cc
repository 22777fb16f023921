// lru, as in tools/fledge/workloads/lru.cc: a cache that drops what was used
// least recently, each operation timed.
#include <cppgc/garbage-collected.h>
#include <cppgc/member.h>
#include <cppgc/persistent.h>
#include <cppgc/visitor.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstdio>

#include "benchmarks/peers/programs/cpp/lru_parts.h"
#include "benchmarks/peers/programs/cpp/xorshift.h"
#include "benchmarks/peers/programs/cppgc/workloads.h"

namespace fledge::peers {
namespace {

using cppgc::AllocationHandle;
using cppgc::MakeGarbageCollected;
using cppgc::Member;
using cppgc::Persistent;

class Payload final : public cppgc::GarbageCollected<Payload> {
 public:
  Payload(std::uint32_t key, std::uint32_t sequence) {
    doubles_.fill(key + sequence * 0.5);
  }

  double DoubleAt(std::size_t i) const { return doubles_[i]; }

  void Trace(cppgc::Visitor*) const {}

 private:
  std::array<double, kPayloadDoubles> doubles_;
};

struct Entry final : public cppgc::GarbageCollected<Entry> {
  Entry(std::uint32_t key, Payload* payload, Entry* chain)
      : chain(chain), payload(payload), key(key) {}

  void Trace(cppgc::Visitor* visitor) const {
    visitor->Trace(chain);
    visitor->Trace(previous);
    visitor->Trace(next);
    visitor->Trace(payload);
  }

  Member<Entry> chain;
  Member<Entry> previous;
  Member<Entry> next;
  Member<Payload> payload;
  std::uint32_t key;
};

// An array whose elements follow it in the same object.
class Buckets final : public cppgc::GarbageCollected<Buckets> {
 public:
  static Buckets* Make(AllocationHandle& heap, std::size_t count) {
    return MakeGarbageCollected<Buckets>(
        heap, cppgc::AdditionalBytes(count * sizeof(Member<Entry>)), count);
  }

  explicit Buckets(std::size_t count) : count_(count) {
    for (std::size_t i = 0; i < count_; ++i) new (&at(i)) Member<Entry>();
  }

  Member<Entry>& at(std::size_t i) {
    return reinterpret_cast<Member<Entry>*>(this + 1)[i];
  }

  void Trace(cppgc::Visitor* visitor) const {
    const auto* elements = reinterpret_cast<const Member<Entry>*>(this + 1);
    for (std::size_t i = 0; i < count_; ++i) visitor->Trace(elements[i]);
  }

 private:
  std::size_t count_;
};

class Cache {
 public:
  Cache(AllocationHandle& heap, std::uint32_t capacity)
      : heap_(heap),
        capacity_(capacity),
        hash_shift_(32 - std::bit_width(std::bit_ceil(capacity) - 1)),
        buckets_(Buckets::Make(heap, std::bit_ceil(capacity))),
        ends_(MakeGarbageCollected<Entry>(heap, 0, nullptr, nullptr)) {
    ends_->previous = ends_.Get();
    ends_->next = ends_.Get();
  }

  // Gets the value of `key`, if it is there, and sets it anew. Either way it
  // is the entry used last.
  void Use(std::uint32_t key, std::uint32_t sequence) {
    Member<Entry>& bucket = buckets_->at(BucketOf(key));
    Entry* entry = bucket.Get();
    while (entry != nullptr && entry->key != key) entry = entry->chain.Get();
    if (entry != nullptr) {
      ++hits_;
      sum_ += entry->payload->DoubleAt(key % kPayloadDoubles);
      entry->payload = MakeGarbageCollected<Payload>(heap_, key, sequence);
      Unlink(entry);
      LinkFirst(entry);
      return;
    }
    if (size_ == capacity_) DropLast();
    Payload* payload = MakeGarbageCollected<Payload>(heap_, key, sequence);
    entry = MakeGarbageCollected<Entry>(heap_, key, payload, bucket.Get());
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
    Entry* last = ends_->previous.Get();
    Unlink(last);
    Member<Entry>* holder = &buckets_->at(BucketOf(last->key));
    while (holder->Get() != last) holder = &(*holder)->chain;
    *holder = last->chain;
    --size_;
  }

  static void Unlink(Entry* entry) {
    entry->previous->next = entry->next;
    entry->next->previous = entry->previous;
  }
  void LinkFirst(Entry* entry) {
    entry->next = ends_->next;
    entry->previous = ends_.Get();
    ends_->next->previous = entry;
    ends_->next = entry;
  }

  AllocationHandle& heap_;
  const std::uint32_t capacity_;
  const int hash_shift_;
  const Persistent<Buckets> buckets_;
  const Persistent<Entry> ends_;  // The first follows it, the last precedes it.
  std::uint32_t size_ = 0;
  std::uint32_t hits_ = 0;
  double sum_ = 0;
};

}  // namespace

std::string RunLru(AllocationHandle& heap, int entries, int operations) {
  const std::uint32_t keys = 2 * static_cast<std::uint32_t>(entries);
  Cache cache(heap, entries);
  Xorshift random;
  std::uint32_t sequence = 0;
  while (!cache.IsFull()) cache.Use(random.Below(keys), sequence++);
  cache.ForgetStatistics();

  OperationTimes times;
  times.Start();
  for (int i = 0; i < operations; ++i) {
    cache.Use(random.Below(keys), sequence++);
    times.Next();
  }
  char line[128];
  std::snprintf(line, sizeof line,
                "hits=%u sum=%.1f p9999_us=%.1f worst_us=%.1f", cache.hits(),
                cache.sum(), times.PercentileUs(0.9999), times.worst_us());
  return line;
}

}  // namespace fledge::peers
