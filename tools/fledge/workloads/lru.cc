// lru: a cache that drops what was used least recently, a hash table with
// chains and a doubly linked list through the same entries. All of it is old,
// all of it is written to, and what dies is what has lived longest: the
// opposite of what generations hope for.
//
// Each operation is timed: what counts is how long the worst one takes.
#include <array>
#include <bit>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>

#include "runtime/objects.h"
#include "tools/fledge/workloads/arguments.h"
#include "tools/fledge/workloads/operation_timer.h"
#include "tools/fledge/workloads/record.h"
#include "tools/fledge/workloads/workloads.h"
#include "tools/fledge/workloads/xorshift.h"

namespace fledge::tools {
namespace {

using runtime::Bytes;
using runtime::HandleScope;
using runtime::Local;
using runtime::Mutator;
using runtime::SetItem;
using runtime::Value;
using runtime::Vector;

constexpr std::size_t kPayloadDoubles = 16;
constexpr std::size_t kPayloadBytes = kPayloadDoubles * sizeof(double);

// The fields of an entry.
enum Field : std::size_t { kChain, kPrevious, kNext, kPayload, kKey };

// `kPayloadDoubles` doubles that tell of the key and of when it was set.
Value MakePayload(Mutator& mutator, std::uint32_t key, std::uint32_t sequence) {
  const Bytes payload(runtime::MakeBytes(mutator, kPayloadBytes));
  std::array<double, kPayloadDoubles> doubles;
  doubles.fill(key + sequence * 0.5);
  std::memcpy(payload.bytes().data(), doubles.data(), kPayloadBytes);
  return payload.value();
}
double DoubleAt(Bytes payload, std::size_t i) {
  double number;
  std::memcpy(&number, &payload.bytes()[i * sizeof(double)], sizeof(double));
  return number;
}

class Cache {
 public:
  // Room for `capacity` entries.
  // REQUIRES: a HandleScope of `mutator` is open, and outlives this.
  Cache(Mutator& mutator, std::uint32_t capacity)
      : mutator_(mutator),
        capacity_(capacity),
        hash_shift_(32 - std::bit_width(std::bit_ceil(capacity) - 1)),
        buckets_(mutator, Value::Nil()),
        ends_(mutator, Value::Nil()) {
    buckets_.set(
        runtime::MakeVector(mutator, std::bit_ceil(capacity), buckets_));
    ends_.set(MakeRecord(mutator, Value::Nil(), Value::Nil(), Value::Nil(),
                         Value::Nil(), Value::Nil()));
    Set(Ends(), kPrevious, ends_.get());
    Set(Ends(), kNext, ends_.get());
    objects_made_ = 2;
  }

  // Gets the value of `key`, if it is there, and sets it anew. Either way it
  // is the entry used last.
  void Use(std::uint32_t key, std::uint32_t sequence) {
    const HandleScope scope(mutator_);
    const Local entry(mutator_, Find(key));
    if (!entry.get().IsNil()) {
      ++hits_;
      const Value old_payload = Vector(entry.get()).item(kPayload);
      sum_ += DoubleAt(Bytes(old_payload), key % kPayloadDoubles);
      const Value payload = MakePayload(mutator_, key, sequence);
      Set(Vector(entry.get()), kPayload, payload);
      Unlink(Vector(entry.get()));
      LinkFirst(Vector(entry.get()));
      objects_made_ += 1;
      return;
    }
    if (size_ == capacity_) DropLast();
    Add(key, sequence);
    objects_made_ += 2;
  }

  bool IsFull() const { return size_ == capacity_; }
  void ForgetStatistics() {
    hits_ = 0;
    sum_ = 0;
  }

  std::uint64_t hits() const { return hits_; }
  double sum() const { return sum_; }
  std::uint64_t objects_made() const { return objects_made_; }

 private:
  Vector Buckets() const { return Vector(buckets_.get()); }
  // An entry without a key: the list's first follows it, its last precedes it.
  Vector Ends() const { return Vector(ends_.get()); }

  std::size_t BucketOf(std::uint32_t key) const {
    return (key * 0x9e37'79b1u) >> hash_shift_;
  }
  static std::uint32_t KeyOf(Vector entry) {
    return static_cast<std::uint32_t>(entry.item(kKey).integer());
  }
  void Set(Vector vector, std::size_t i, Value value) {
    SetItem(mutator_, vector, i, value);
  }

  Value Find(std::uint32_t key) const {
    Value entry = Buckets().item(BucketOf(key));
    while (!entry.IsNil() && KeyOf(Vector(entry)) != key) {
      entry = Vector(entry).item(kChain);
    }
    return entry;
  }

  void Add(std::uint32_t key, std::uint32_t sequence) {
    const std::size_t bucket = BucketOf(key);
    const Local payload(mutator_, MakePayload(mutator_, key, sequence));
    const Local chain(mutator_, Buckets().item(bucket));
    const Vector entry(MakeRecord(mutator_, chain, Value::Nil(), Value::Nil(),
                                  payload, Value::SmallInteger(key)));
    Set(Buckets(), bucket, entry.value());
    LinkFirst(entry);
    ++size_;
  }

  void DropLast() {
    const Vector last(Ends().item(kPrevious));
    Unlink(last);
    // The slot that refers to it: the bucket's, or that of an entry before it.
    Vector holder = Buckets();
    std::size_t field = BucketOf(KeyOf(last));
    while (holder.item(field) != last.value()) {
      holder = Vector(holder.item(field));
      field = kChain;
    }
    Set(holder, field, last.item(kChain));
    --size_;
  }

  void Unlink(Vector entry) {
    Set(Vector(entry.item(kPrevious)), kNext, entry.item(kNext));
    Set(Vector(entry.item(kNext)), kPrevious, entry.item(kPrevious));
  }
  void LinkFirst(Vector entry) {
    const Vector ends = Ends();
    Set(entry, kNext, ends.item(kNext));
    Set(entry, kPrevious, ends.value());
    Set(Vector(ends.item(kNext)), kPrevious, entry.value());
    Set(ends, kNext, entry.value());
  }

  Mutator& mutator_;
  const std::uint32_t capacity_;
  const unsigned hash_shift_;
  Local buckets_;  // Vector of chains of entries.
  Local ends_;
  std::uint32_t size_ = 0;
  std::uint64_t hits_ = 0;
  double sum_ = 0;
  std::uint64_t objects_made_ = 0;
};

class Lru final : public Workload {
 public:
  std::string_view name() const override { return "lru"; }
  std::string_view description() const override {
    return "a full cache, written to all over; each operation timed";
  }
  std::vector<ArgumentRow> arguments() const override {
    return {{"ENTRIES", "1500000", "100",
             "entries of the cache, half as many as keys, 2 to 100000000"},
            {"OPERATIONS", "8000000", "1000",
             "uses of the full cache, 1 to 1000000000"}};
  }

  std::optional<std::string> Configure(std::span<const std::string> arguments,
                                       SizeClass size_class) override {
    ArgumentReader reader(*this, arguments, size_class);
    entries_ = static_cast<std::uint32_t>(reader.Number(2, 100'000'000));
    operations_ = static_cast<std::uint32_t>(reader.Number(1, 1'000'000'000));
    return reader.Finish();
  }

  std::string Run(RunContext& context) override {
    const HandleScope scope(context.mutator);
    Cache cache(context.mutator, entries_);
    Xorshift random;
    const std::uint32_t keys = 2 * entries_;
    std::uint32_t sequence = 0;

    while (!cache.IsFull()) cache.Use(random.Below(keys), sequence++);
    cache.ForgetStatistics();

    OperationTimer timer(context.operations);
    for (std::uint32_t i = 0; i < operations_; ++i) {
      if (i % kOperationsBetweenUpdates == 0) {
        context.progress.Update(i, operations_);
        timer.Skip();
      }
      cache.Use(random.Below(keys), sequence++);
      timer.Next();
    }

    context.allocated_objects += cache.objects_made();
    char sum[64];
    std::snprintf(sum, sizeof sum, "%.1f", cache.sum());
    return "hits=" + std::to_string(cache.hits()) + " sum=" + sum;
  }

 private:
  static constexpr std::uint32_t kOperationsBetweenUpdates = 1 << 15;

  std::uint32_t entries_ = 0;
  std::uint32_t operations_ = 0;
};

}  // namespace

std::unique_ptr<Workload> MakeLru() { return std::make_unique<Lru>(); }

}  // namespace fledge::tools
