#include "runtime/retained_size.h"

#include <cstdint>
#include <memory>
#include <vector>

#include "gc/weak_set.h"

namespace fledge::runtime {
namespace {

// Addresses of objects, a bit for each word of the pages that have some.
class ObjectSet {
 public:
  explicit ObjectSet(AddressRange range)
      : begin_(range.begin), pages_(range.bytes / kPageBytes + 1) {}

  bool Contains(Address object) const {
    const Page& page = pages_[PageOf(object)];
    return page != nullptr && (page[WordOf(object)] & MaskOf(object)) != 0;
  }
  // Whether it is new.
  bool Add(Address object) {
    Page& page = pages_[PageOf(object)];
    if (page == nullptr) page = std::make_unique<Word[]>(kPageWords);
    Word& word = page[WordOf(object)];
    if ((word & MaskOf(object)) != 0) return false;
    word |= MaskOf(object);
    return true;
  }

 private:
  using Word = std::uint64_t;
  using Page = std::unique_ptr<Word[]>;
  static constexpr std::size_t kPageBytes = kMiB;
  static constexpr std::size_t kWordBits = 64;
  static constexpr std::size_t kPageWords = kPageBytes / kWordBytes / kWordBits;

  std::size_t PageOf(Address object) const {
    return (object - begin_) / kPageBytes;
  }
  std::size_t BitOf(Address object) const {
    return (object - begin_) % kPageBytes / kWordBytes;
  }
  std::size_t WordOf(Address object) const { return BitOf(object) / kWordBits; }
  Word MaskOf(Address object) const {
    return Word{1} << BitOf(object) % kWordBits;
  }

  Address begin_;
  std::vector<Page> pages_;
};

// Walks from slot to slot, and never into `avoided`.
class Walk final : public gc::WeakTrace<ValueModel> {
 public:
  using Value = runtime::Value;
  using Word = Value::Word;

  Walk(Heap& heap, Address avoided)
      : heap_(heap), avoided_(avoided), reached_(heap.object_range()) {}

  void VisitRoots() {
    const auto visit = [this](const Word* slot) { Visit(*slot); };
    heap_.VisitHandles(visit);
    heap_.VisitRootRanges(visit);
    heap_.persistents().VisitSlots(visit);
    heap_.root_sources().VisitSlots<Word>(gc::RootScope::kAll, visit);
    heap_.VisitPins([this](Address object) { Reach(object); });
  }

  // Bytes of all objects that are reached from here on: until nothing is left,
  // what weak sets keep with them.
  std::size_t Drain() {
    std::size_t bytes = 0;
    do {
      bytes += DrainWaiting();
      for (gc::WeakSet<ValueModel>* set : heap_.weak_sets().sets()) {
        if (set == nullptr || !IsReached(set->owner())) continue;
        for (std::uint32_t i = 0; i < set->size(); ++i) set->Trace(*this, i);
      }
    } while (!waiting_.empty());
    return bytes;
  }

  // From now on nothing is avoided.
  void Enter(Address object) {
    avoided_ = kNullAddress;
    Reach(object);
  }

 private:
  void Keep(Word* slot) override { Visit(*slot); }
  void KeepIfAlive(Word key, Word* slot) override {
    if (IsReached(key)) Visit(*slot);
  }
  bool IsReached(Word key) override {
    const Address object = ObjectIn(key);
    return object == kNullAddress || reached_.Contains(object);
  }
  gc::RootScope scope() const override { return gc::RootScope::kAll; }
  bool Update(Word*) override { return true; }

  Address ObjectIn(Word word) const {
    const Value value = Value::FromWord(word);
    return value.IsReference() && heap_.object_range().Contains(value.object())
               ? value.object()
               : kNullAddress;
  }
  void Visit(Word word) {
    const Address object = ObjectIn(word);
    if (object != kNullAddress) Reach(object);
  }
  void Reach(Address object) {
    if (object != avoided_ && reached_.Add(object)) waiting_.push_back(object);
  }

  std::size_t DrainWaiting() {
    std::size_t bytes = 0;
    while (!waiting_.empty()) {
      const Address object = waiting_.back();
      waiting_.pop_back();
      const Header header = gc::LoadHeader(object);
      bytes += SizeFrom(header);
      heap_.model().VisitSlots(object, header,
                               [this](const Word* slot) { Visit(*slot); });
    }
    return bytes;
  }

  Heap& heap_;
  Address avoided_;
  ObjectSet reached_;
  std::vector<Address> waiting_;
};

}  // namespace

std::size_t RetainedSize(Mutator& mutator, Value value) {
  if (!value.IsReference()) return 0;
  // Another thread's collection may come first, and move the object.
  const HandleScope scope(mutator);
  const Local local(mutator, value);
  Heap& heap = mutator.heap();
  while (!heap.safepoints().TryStop(mutator)) continue;
  const Address object = local.get().object();
  Walk walk(heap, object);
  walk.VisitRoots();
  walk.Drain();
  walk.Enter(object);
  const std::size_t bytes = walk.Drain();
  heap.safepoints().Resume();
  return bytes;
}

}  // namespace fledge::runtime
