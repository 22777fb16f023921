// Bodies of Heap<Model> and Mutator<Model>, and the collections they run.
#pragma once

#include "gc/heap.h"
#include "gc/heap_verifier.h"
#include "gc/major_collection.h"
#include "gc/minor_collection.h"
#include "gc/weak_processing.h"
#include "gc/young_blocks.h"

namespace fledge::gc {

template <ObjectModel Model>
Mutator<Model>::Mutator(Heap<Model>& heap)
    : MutatorCore(heap), heap_(heap), model_(heap.model()) {}

template <ObjectModel Model>
void Mutator<Model>::WriteRoot(RootChunk<Value>& chunk, Value* slot,
                               Value value) {
  std::atomic_ref<Value>(*slot).store(value, std::memory_order_relaxed);
  if (IsFiltered(value)) heap_.noted_roots().Note(chunk);
}

template <ObjectModel Model>
void Mutator<Model>::NoteWeak(WeakSet<Model>& set, std::uint32_t i,
                              Value value) {
  if (IsFiltered(value)) heap_.weak_sets().Note(set, i);
}

template <ObjectModel Model>
void Mutator<Model>::WroteRange(AddressRange range) {
  for (Address card = range.begin; card < range.end();
       card += CardTable::kCardBytes) {
    CardTable::Dirty(fields_.card_bases, card);
  }
  CardTable::Dirty(fields_.card_bases, range.end() - 1);
}

template <ObjectModel Model>
void Heap<Model>::RunCollection(CollectionEvent& event) {
  if (event.kind == CollectionKind::kMajor) {
    MajorCollection<Model>(*this).Run(event);
    return;
  }
  if (event.cycle_part == CyclePart::kNone) {
    MinorCollection<Model, TraceScope::kYoung>(*this).Run(event);
    return;
  }
  if (event.cycle_part == CyclePart::kEvacuate) {
    MinorCollection<Model, TraceScope::kEvacuate>(*this).Run(event);
    AfterEvacuation();
    return;
  }
  const bool starts = event.cycle_part == CyclePart::kStart;
  if (starts) StartCycle();
  MinorCollection<Model, TraceScope::kRemark>(*this, &marker_, starts)
      .Run(event);
  if (starts && !candidates().empty()) {
    VisitGenerationalChunks([this](RootChunk<Value>& chunk) {
      const auto is_noted_for = [this](Value value) {
        return IsNotedFor(value);
      };
      if (noted_roots_.Any(chunk, is_noted_for)) noted_roots_.Note(chunk);
    });
  }
  if (event.cycle_part == CyclePart::kFinish) FinishCycle(event);
}

template <ObjectModel Model>
HeapCore::MarkStep Heap<Model>::AdvanceMarker(std::size_t items) {
  MarkStep step;
  if (!marker_.done()) {
    step.bytes = marker_.Advance(items);
  } else {
    step.entries = weak_cycle_.Advance(items);
  }
  step.done = marker_.done() && weak_cycle_.done();
  return step;
}

template <ObjectModel Model>
void Heap<Model>::DestroyDead() {
  std::vector<std::unique_ptr<WeakSet<Model>>> dead;
  {
    const auto lock = safepoints().LockUnstopped();
    dead = weak_sets_.TakeDead();
  }
}

template <ObjectModel Model>
void Heap<Model>::VerifyHeap(const char* when) {
  HeapVerifier<Model>(*this).Verify(when);
}

template <ObjectModel Model>
void Heap<Model>::ReportFault(void* heap, Address address) {
  HeapVerifier<Model>(*static_cast<Heap*>(heap)).ReportFault(address);
}

template <ObjectModel Model>
Hole* Heap<Model>::SweepBlock(BlockIndex block) {
  Hole* first = nullptr;
  Hole** last = &first;
  VisitHoles(model_, live(), blocks().RangeOf(block), OldSpace::kLeastHoleBytes,
             [&](AddressRange range) {
               allocator::Unpoison({range.begin, sizeof(Hole)});
               Hole* const hole = reinterpret_cast<Hole*>(range.begin);
               *hole = {nullptr, range.end()};
               *last = hole;
               last = &hole->next;
             });
  return first;
}

template <ObjectModel Model>
void Heap<Model>::SetBirthsLive(AddressRange born) {
  Address object = born.begin;
  while (object < born.end()) {
    // Whoever makes it smaller from the second line on sees that it is known.
    const Address end = EndOfBirth(object, model_.SizeFrom(LoadHeader(object)));
    live().SetShared(object);
    if (is_marking()) marks().SetShared(object);
    object = end;
  }
  FLEDGE_DCHECK(object == born.end());
}

template <ObjectModel Model>
template <typename Visitor>
bool Heap<Model>::VisitLive(MutatorCore& self, Visitor&& visit) {
  if (!policy().collects) return false;
  Collect(self, CollectionKind::kMajor, CollectionReason::kRequested);
  if (!safepoints().TryStop(self)) return false;
  for (const BlockIndex block : young().used_blocks()) {
    live().VisitRange(blocks().RangeOf(block), visit);
  }
  live().VisitRange(memory().committed(), visit);
  safepoints().Resume();
  return true;
}

template <ObjectModel Model>
LiveSummary Heap<Model>::Summarize(MutatorCore& self) {
  LiveSummary summary;
  std::map<std::string_view, LiveSummary::Row> rows;
  const auto count = [&](Address object) {
    const Header header = LoadHeader(object);
    LiveSummary::Row& row = rows[model_.TypeName(header)];
    const std::size_t size = model_.SizeFrom(header);
    ++row.objects;
    row.bytes += size;
    ++summary.objects;
    summary.bytes += size;
  };
  VisitLive(self, count);
  for (auto& [type, row] : rows) {
    row.type = type;
    summary.rows.push_back(row);
  }
  std::sort(summary.rows.begin(), summary.rows.end(),
            [](const auto& a, const auto& b) { return a.bytes > b.bytes; });
  return summary;
}

}  // namespace fledge::gc
