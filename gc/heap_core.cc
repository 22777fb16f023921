#include "gc/heap_core.h"

#include <algorithm>
#include <utility>

#include "allocator/base/check.h"
#include "gc/clock.h"

namespace fledge::gc {
namespace {

// Candidates for which lists have room from the beginning: of 64 GiB.
constexpr std::size_t kMostListed = 1 << 20;
// After a collection, no more free blocks than this are touched.
constexpr std::size_t kMostPopulatedBytes = 16 * kMiB;
// Of who takes block after block, what it takes in two milliseconds.
constexpr std::size_t kMostAheadBytes = 4 * kMiB;
// The helper may take 6 ms for a huge page that the machine has to find first.
constexpr double kPopulatedAheadNs = 100e6;
constexpr std::size_t kMostPopulatedPart = 16;  // Of what is in old space.
// Where time means nothing, as under the verifier.
constexpr std::size_t kUsualNurseryBytes = kMiB;
constexpr unsigned kUsualGrowthPercent = 100;
// No cache makes a nursery reasonable that is smaller, or begins larger.
constexpr std::size_t kLeastCacheBytes = 256 * kKiB;
constexpr std::size_t kMostCacheBytes = 4 * kMiB;
// A quarter of a block, for programs that make a dirty card for each object
// that they allocate: docs/design/incremental_marking.md.
constexpr std::size_t kLeastNurseryBytes = 16 * kKiB;
constexpr std::size_t kReservationAlignment = 2 * kMiB;
// From-space in quarantine needs address space, not memory.
constexpr std::size_t kQuarantineFactor = 4;

YoungSpace::FromSpace FromSpaceFor(const HeapOptions& options) {
  if (options.stress.protect) return YoungSpace::FromSpace::kProtected;
  return options.verify == Verify::kOn ? YoungSpace::FromSpace::kQuarantined
                                       : YoungSpace::FromSpace::kReused;
}

// Whether what the heap does may depend on how long it takes. Not where it is
// looked at or attacked: a seed is to repeat the same run.
bool Adapts(const HeapOptions& options) {
  return options.verify == Verify::kOff && !options.stress.enabled() &&
         !options.stress.protect && options.stress.fail_page == 0;
}

NurserySize NurserySizeFor(const HeapOptions& options, std::size_t limit,
                           std::size_t cache) {
  const auto within = [&](std::size_t bytes, std::size_t part) {
    return std::clamp<std::size_t>(
        AlignUp(bytes, kPageBytes), kLeastNurseryBytes,
        std::max(kBlockBytes, AlignDown(part, kBlockBytes)));
  };
  if (options.stress.tiny) return NurserySize::Fixed(kBlockBytes);
  if (options.nursery_bytes != 0) {
    return NurserySize::Fixed(within(options.nursery_bytes, limit / 4));
  }
  if (!Adapts(options) || !TraitsOf(options.policy).generational) {
    return NurserySize::Fixed(within(kUsualNurseryBytes, limit / 4));
  }
  NurserySize::Limits limits;
  limits.cache_bytes =
      within(std::clamp(cache, kLeastCacheBytes, kMostCacheBytes), limit / 4);
  limits.least_bytes = std::min(kLeastCacheBytes, limits.cache_bytes);
  limits.most_bytes =
      std::max(within(NurserySize::kMostBytes, limit / 16), limits.cache_bytes);
  limits.pause_target_ns = options.pause_target_ns;
  // The other half is for what a cycle does in the same pauses. A remark has
  // twice as many dirty cards, so that only a small nursery keeps it short.
  if (options.marking == Marking::kInSteps) {
    limits.pause_target_ns /= 2;
    limits.least_bytes = kLeastNurseryBytes;
  }
  return NurserySize::Adaptive(limits);
}

}  // namespace

// Where everything lies in the reservation. All offsets from its begin.
struct HeapCore::Layout {
  std::size_t limit_bytes;
  NurserySize nursery_size;
  std::size_t young_bytes;
  std::size_t object_bytes;  // Unused block, young, old and large space.
  allocator::Reservation reservation;

  // Per block: cards, the block's own card, two bitmaps, table entries.
  static constexpr std::size_t kTableBytesPerBlock =
      CardTable::kCardsPerBlock + 1 + 2 * ObjectBitmap::SizeFor(kBlockBytes) +
      sizeof(BlockInfo) + sizeof(Membership);

  static std::size_t TotalFor(std::size_t object_bytes) {
    // Each of the six tables begins on a page.
    return object_bytes + (object_bytes / kBlockBytes) * kTableBytesPerBlock +
           6 * kPageBytes;
  }

  Layout(const HeapOptions& options, const Traits& traits, allocator::Os& os)
      : limit_bytes(std::max(options.max_heap_bytes != 0
                                 ? options.max_heap_bytes
                                 : os.MemoryBytes() / 2,
                             kLeastHeapBytes)),
        nursery_size(NurserySizeFor(options, limit_bytes, os.CacheBytes())) {
    // From- and to-survivors beside the nursery: the worst case of two ages.
    young_bytes = std::max(AlignUp(4 * nursery_size.most_bytes(), kBlockBytes),
                           8 * kBlockBytes);
    if (FromSpaceFor(options) != YoungSpace::FromSpace::kReused) {
      young_bytes *= kQuarantineFactor;
    }
    const std::size_t least_young_bytes = young_bytes;
    // Without minor collections all is allocated in young space.
    if (!TraitsOf(options.policy).generational) {
      young_bytes = std::max(young_bytes, AlignUp(limit_bytes, kBlockBytes));
    }
    // Twice the limit: a large object's last block is not filled, and freed
    // blocks may lie where no run fits.
    const std::size_t wanted = std::min<std::size_t>(
        traits.largest_reservation,
        TotalFor(AlignUp(kBlockBytes + young_bytes + 2 * limit_bytes,
                         kReservationAlignment)));
    const std::size_t least = TotalFor(AlignUp(
        kBlockBytes + least_young_bytes + kLeastHeapBytes, kBlockBytes));
    reservation = allocator::Reservation::Create(
        os, AlignUp(wanted, kPageBytes), AlignUp(least, kPageBytes),
        kReservationAlignment);
    FLEDGE_CHECK(!reservation.empty(),
                 "the OS refuses the address space for a heap");
    const std::size_t total = reservation.range().bytes;
    object_bytes =
        AlignDown((total - 6 * kPageBytes) /
                      (kBlockBytes + kTableBytesPerBlock) * kBlockBytes,
                  kBlockBytes);
    young_bytes = std::clamp(AlignDown(object_bytes / 2, kBlockBytes),
                             least_young_bytes, young_bytes);
    // What the OS granted bounds the limit, not the other way round.
    limit_bytes = std::min(limit_bytes, object_bytes - kBlockBytes);
    Address next = reservation.range().begin + object_bytes;
    const std::size_t block_count = object_bytes / kBlockBytes;
    const auto place = [&](std::size_t bytes_per_block) {
      const allocator::SideTable table{next, bytes_per_block};
      next = AlignUp(next + block_count * bytes_per_block, kPageBytes);
      return table;
    };
    cards = place(CardTable::kCardsPerBlock);
    block_cards = place(1);
    live = place(ObjectBitmap::SizeFor(kBlockBytes));
    marks = place(ObjectBitmap::SizeFor(kBlockBytes));
    infos = place(sizeof(BlockInfo));
    memberships = place(sizeof(Membership));
    FLEDGE_CHECK(next <= reservation.range().end());
    CommitYoung(os);
  }

  // Young space and its tables, and the first old blocks' entries in them.
  void CommitYoung(allocator::Os& os) {
    bool committed = os.Commit(young());
    for (const allocator::SideTable& table : tables()) {
      const std::size_t bytes =
          (young().end() - origin()) / kBlockBytes * table.bytes_per_block;
      committed =
          committed && os.Commit({table.begin, AlignUp(bytes, kPageBytes)});
    }
    FLEDGE_CHECK(committed, "the OS refuses the memory for a young space");
  }

  Address origin() const { return reservation.range().begin; }
  AddressRange objects() const { return {origin(), object_bytes}; }
  AddressRange young() const { return {origin() + kBlockBytes, young_bytes}; }
  AddressRange old() const {
    return RangeBetween(young().end(), origin() + object_bytes);
  }
  std::vector<allocator::SideTable> tables() const {
    return {cards, block_cards, live, marks, infos, memberships};
  }
  template <typename T>
  static T* At(const allocator::SideTable& table) {
    return reinterpret_cast<T*>(table.begin);
  }
  std::size_t block_count() const { return object_bytes / kBlockBytes; }

  allocator::SideTable cards, block_cards, live, marks, infos, memberships;
};

HeapCore::HeapCore(const HeapOptions& options, Traits traits)
    : HeapCore(
          options, traits,
          Layout(options, traits,
                 options.os != nullptr ? *options.os : allocator::SystemOs())) {
}

HeapCore::HeapCore(const HeapOptions& options, Traits traits, Layout layout)
    : options_(options),
      adapts_(Adapts(options)),
      traits_(traits),
      reliable_os_(options.os != nullptr ? *options.os : allocator::SystemOs()),
      os_(reliable_os_, options.stress.fail_page),
      reservation_(std::move(layout.reservation)),
      object_range_{reservation_.range().begin, layout.object_bytes},
      account_(layout.limit_bytes),
      blocks_(
          object_range_.begin,
          {Layout::At<BlockInfo>(layout.infos), layout.block_count()},
          {Layout::At<Membership>(layout.memberships), layout.block_count()}),
      cards_(object_range_, Layout::At<CardTable::Card>(layout.cards),
             Layout::At<CardTable::Card>(layout.block_cards)),
      live_(object_range_, Layout::At<std::uint64_t>(layout.live)),
      marks_(object_range_, Layout::At<std::uint64_t>(layout.marks)),
      memory_(
          os_, account_,
          RangeBetween(object_range_.begin + kBlockBytes + layout.young_bytes,
                       object_range_.end()),
          object_range_.begin, layout.tables()),
      candidates_(blocks_, os_,
                  marks_in_steps()
                      ? std::clamp(layout.limit_bytes / 16, kBlockBytes, kGiB)
                      : 0,
                  options.stress.tiny ? 8 : Candidates::kMostSlots,
                  marks_in_steps()
                      ? std::min(layout.limit_bytes / kBlockBytes, kMostListed)
                      : 0),
      young_({object_range_.begin + kBlockBytes, layout.young_bytes}, blocks_,
             account_, os_, FromSpaceFor(options)),
      old_(memory_, blocks_, *this),
      large_(memory_, blocks_),
      work_stack_(os_,
                  options.stress.tiny
                      ? 64
                      : std::clamp<std::size_t>(
                            layout.limit_bytes / 8 / sizeof(WorkItem),
                            kMiB / sizeof(WorkItem), kGiB / sizeof(WorkItem))),
      awaited_(
          os_, object_range_,
          marks_in_steps() ? Awaited::Pages::kSmall : Awaited::Pages::kHuge),
      root_sources_(traits.slot_bytes),
      pacer_(layout.limit_bytes, options.growth_percent == 0 && !Adapts(options)
                                     ? kUsualGrowthPercent
                                     : options.growth_percent),
      stress_(options.stress),
      tenuring_(options.tenuring_threshold),
      // A threshold that is fixed is to be seen at work.
      pretenuring_(options.tenuring_threshold != 0 &&
                           options.pretenure == Pretenure::kAuto
                       ? Pretenure::kOff
                       : options.pretenure),
      nursery_size_(layout.nursery_size),
      cycle_nursery_size_(layout.nursery_size),
      evacuation_budget_(options.pause_target_ns),
      helper_(os_, memory_),
      last_collection_ns_(NowNs()),
      last_mark_ns_(last_collection_ns_) {
  SetOutOfMemoryHandler({});
  immovable_buffer_.immovable = true;
  young_.SetNurseryBudget(NurseryBudget());
  ChooseBirthplace();
  os_.Arm();
}

std::size_t HeapCore::SideTableBytes(std::size_t heap_bytes) {
  return heap_bytes / kBlockBytes * Layout::kTableBytesPerBlock;
}

std::unique_ptr<RootSource, std::function<void(RootSource*)>>
HeapCore::RegisterRootSource(RootSource& source) {
  const auto lock = safepoints_.LockUnstopped();
  root_sources_.Add(source);
  return {&source, [this](RootSource* gone) {
            const auto unstopped = safepoints_.LockUnstopped();
            root_sources_.Remove(*gone);
          }};
}

void HeapCore::AddListener(CollectionListener* listener) {
  const auto lock = safepoints_.LockUnstopped();
  listeners_.push_back(listener);
}

void HeapCore::RemoveListener(CollectionListener* listener) {
  const auto lock = safepoints_.LockUnstopped();
  std::erase(listeners_, listener);
}

std::size_t HeapCore::allocated_bytes() {
  const auto lock = safepoints_.LockUnstopped();
  std::size_t bytes = detached_allocated_bytes_;
  for (const MutatorCore* mutator : safepoints_.mutators()) {
    bytes += mutator->settled_allocated_bytes();
  }
  return bytes;
}

void HeapCore::AbsorbMutator(MutatorCore& mutator) {
  mutator.RetireBuffer();
  {
    const std::lock_guard lock(mutex_);
    old_.Settle(mutator.birth_holes_);
  }
  const auto lock = safepoints_.LockUnstopped();
  detached_allocated_bytes_ += mutator.TakeAllocated();
}

void HeapCore::RetireOldBuffers() {
  old_.Retire(promotion_buffer_);
  old_.Retire(born_old_buffer_);
  old_.Retire(immovable_buffer_);
  for (MutatorCore* mutator : safepoints_.mutators()) {
    mutator->birth_holes_.first = nullptr;
  }
}

AddressRange HeapCore::TakeNurseryBuffer(std::size_t least_bytes) {
  const std::lock_guard lock(mutex_);
  SweepSlice();
  SettleSlice();
  const AddressRange buffer = young_.TakeNurseryBuffer(least_bytes);
  const AddressRange ahead = young_.TakeNurseryAhead();
  if (!ahead.empty()) helper_.Touch(ahead, MemoryHelper::Direction::kUpwards);
  return buffer;
}

AddressRange HeapCore::TakeBirthHoles(BirthHoles& holes,
                                      std::size_t least_bytes) {
  const std::lock_guard lock(mutex_);
  SweepSlice();
  SettleSlice();
  if (!young_.has_budget()) return {};
  const std::size_t blocks = old_.used_block_count();
  std::size_t taken_bytes = 0;
  AddressRange hole = old_.TryTakeHoles(holes, least_bytes, taken_bytes);
  if (hole.empty() && is_sweeping_) {
    FinishSweep();
    hole = old_.TryTakeHoles(holes, least_bytes, taken_bytes);
  }
  young_.CountTaken(taken_bytes);
  PopulateAhead(blocks);
  return hole;
}

void HeapCore::CommitBirths(BirthHoles& holes, AddressRange born) {
  SetBirthsLive(born);
  old_.CountBirths(holes, born);
  // They were initialised without the barrier.
  if (is_young_in_use_ || is_marking_ || !candidates_.empty()) {
    cards_.DirtyRange(born);
  }
  if (is_marking_) Owe(cycle_pacer_.DueForOld(born.bytes));
}

void HeapCore::NoteShrinking(Address object, std::size_t size_bytes) {
  if (!pretenures_ || young_.Contains(object) || live_.TestShared(object)) {
    return;
  }
  const std::lock_guard lock(shrunk_mutex_);
  shrunk_.emplace(object, object + size_bytes);  // Where it first ended.
  first_shrunk_.store(shrunk_.begin()->first, std::memory_order_relaxed);
  last_shrunk_.store(shrunk_.rbegin()->first, std::memory_order_relaxed);
}

Address HeapCore::EndOfBirth(Address object, std::size_t size_bytes) {
  // Who reads the header of a smaller object sees that it was noted.
  std::atomic_thread_fence(std::memory_order_acquire);
  if (object >= first_shrunk_.load(std::memory_order_relaxed) &&
      object <= last_shrunk_.load(std::memory_order_relaxed)) [[unlikely]] {
    const std::lock_guard lock(shrunk_mutex_);
    const auto found = shrunk_.find(object);
    if (found != shrunk_.end()) return found->second;
  }
  return object + size_bytes;
}

void HeapCore::ChooseBirthplace() {
  // While weak sets are cleared, what is old and has no mark is taken for dead,
  // and births have one only when their buffer is given up.
  pretenures_ = pretenuring_.on() && policy().generational && !is_clearing_;
  is_young_in_use_ = !young_.used_blocks().empty();
}

Address HeapCore::TryTakeSurvivorBlock(std::uint8_t age) {
  const Address block = young_.TryTakeSurvivorBlock(age);
  if (block == kNullAddress) return kNullAddress;
  const AddressRange ahead = young_.TakeSurvivorsAhead();
  if (!ahead.empty()) helper_.Touch(ahead, MemoryHelper::Direction::kDownwards);
  return block;
}

Address HeapCore::TryAllocateIn(OldBuffer& buffer, std::size_t bytes) {
  const std::size_t blocks = old_.used_block_count();
  Address object = old_.TryAllocate(buffer, bytes);
  if (object == kNullAddress && is_sweeping_) {
    FinishSweep();
    object = old_.TryAllocate(buffer, bytes);
  }
  PopulateAhead(blocks);
  return object;
}

void HeapCore::PopulateAhead(std::size_t blocks_before) {
  if (old_.used_block_count() > blocks_before &&
      memory_.free_resident_bytes() < BytesAhead() / 2) {
    helper_.RequestMore(BytesAhead());
  }
}

// Less in a small heap, which would pay for it with a part of its size.
std::size_t HeapCore::BytesAhead() const {
  return std::min({old_.used_block_count() * kBlockBytes / 4,
                   account_.left_bytes(), kMostAheadBytes});
}

bool HeapCore::MayOverflow(std::size_t size_bytes) {
  const std::lock_guard lock(mutex_);
  const std::size_t nursery = young_.nursery_budget_bytes();
  if (young_.nursery_taken_bytes() >= std::min(nursery, kBlockBytes)) {
    return false;
  }
  // Of a large heap that is almost full a part, as its collections take long.
  const std::size_t most =
      std::max({nursery, kBlockBytes, account_.limit_bytes() / 64});
  if (overflow_bytes_ + size_bytes > most) return false;
  overflow_bytes_ += size_bytes;
  return true;
}

bool HeapCore::IsMajorDue(std::size_t more_bytes) {
  if (!policy().collects) return false;
  const std::lock_guard lock(mutex_);
  // Steps see to it that a cycle ends; until then more is not worth a pause.
  if (is_marking_) return is_marked_ || IsCycleOverdue();
  return major_room_bytes() <=
         more_bytes + (marks_in_steps() ? CycleStartRoom() : 0);
}

void HeapCore::CollectForExternal(MutatorCore& self) {
  const bool major = IsMajorDue(0) && !marks_in_steps();
  if (!major && !policy().generational) {
    external_due_bytes_ = external_.total_bytes() + kExternalStepBytes;
    return;
  }
  Collect(self, major ? CollectionKind::kMajor : CollectionKind::kMinor,
          CollectionReason::kExternal);
}

void HeapCore::SettleIfLeft() {
  if (is_settled_.load(std::memory_order_relaxed)) return;
  const std::lock_guard lock(mutex_);
  SettleSlice();
}

void HeapCore::SettleSlice() {
  if (is_settled_) return;
  is_settled_ = SettleWeakSets();
  if (!is_settled_) return;
  const std::size_t bytes = external_.total_bytes();
  pacer_.ExternalIs(bytes);
  external_due_bytes_ = bytes + kExternalStepBytes;
}

Address HeapCore::TryAllocateOld(std::size_t size_bytes, AllocationKind kind) {
  const std::lock_guard lock(mutex_);
  const bool is_large = size_bytes > kLargestYoungBytes;
  OldBuffer& buffer = IsImmovable(kind) ? immovable_buffer_ : born_old_buffer_;
  Address object = is_large ? large_.TryAllocate(size_bytes)
                            : TryAllocateIn(buffer, size_bytes);
  if (is_large && object == kNullAddress && is_sweeping_) {
    FinishSweep();
    object = large_.TryAllocate(size_bytes);
  }
  if (object == kNullAddress) return kNullAddress;
  if (!is_large) {
    old_.Settle(buffer);
    std::fill_n(reinterpret_cast<char*>(object), size_bytes, '\0');
  }
  live_.SetShared(object);
  // The next minor collection scans it, as its cards are dirty.
  if (is_marking_) marks_.SetShared(object);
  // So that its initialisation needs no barrier.
  if (!IsLeaf(kind)) cards_.DirtyRange({object, size_bytes});
  return object;
}

bool HeapCore::CollectForAllocation(MutatorCore& self, std::size_t size_bytes,
                                    AllocationKind kind, unsigned attempt) {
  if (!policy().collects) return attempt == 0;
  const bool born_old = size_bytes > kLargestYoungBytes || IsBornOld(kind);
  switch (attempt) {
    case 0:
      if (born_old) {
        Collect(
            self,
            marks_in_steps() ? CollectionKind::kMinor : CollectionKind::kMajor,
            CollectionReason::kLargeObject);
      } else {
        Collect(self, CollectionKind::kMinor, CollectionReason::kNurseryFull);
      }
      return true;
    case 1:
    case 2:
      Collect(self, CollectionKind::kMajor, CollectionReason::kOutOfMemory);
      return true;
    default:
      return false;
  }
}

bool HeapCore::Collect(MutatorCore& self, CollectionKind kind,
                       CollectionReason reason) {
  if (!policy().collects) return false;
  const std::int64_t requested_ns = NowNs();
  if (!safepoints_.TryStop(self)) return false;
  if (kind == CollectionKind::kMinor &&
      (!policy().generational || copy_failed_ ||
       (!marks_in_steps() && major_room_bytes() == 0))) {
    kind = CollectionKind::kMajor;
    if (reason == CollectionReason::kNurseryFull) {
      reason = copy_failed_ ? CollectionReason::kCopyFailed
                            : CollectionReason::kHeapGrowth;
    }
  }
  CollectStopped(kind, reason, requested_ns);
  // Which blocks are sparse is known only now.
  if (kind == CollectionKind::kMajor && SparseBytes() > stuck_bytes_) {
    CollectStopped(kind, CollectionReason::kSparse, NowNs());
    // Of pinned and immovable objects: no reason to try again each time.
    stuck_bytes_ = SparseBytes();
  }
  safepoints_.Resume();
  DestroyDead();
  const std::lock_guard lock(mutex_);
  // From here on, also while what was found dead is not released yet.
  external_due_bytes_ = external_.total_bytes() + kExternalStepBytes;
  is_settled_ = false;
  SettleSlice();
  return true;
}

// By how much old space takes so much more than its objects do that evacuating
// them at once pays: that costs what they are, not what there is.
std::size_t HeapCore::SparseBytes() const {
  constexpr std::size_t kWorthIt = 32 * kMiB;
  const std::size_t blocks = old_.used_block_count() * kBlockBytes;
  const std::size_t reasonable = 3 * old_.object_bytes() + kWorthIt;
  return blocks - std::min(blocks, reasonable);
}

void HeapCore::CollectStopped(CollectionKind kind, CollectionReason reason,
                              std::int64_t requested_ns) {
  CollectionEvent event;
  if (options_.nursery_bytes == 0) {
    event.nursery_reason = NurseryReason::kSteady;
  }
  if (options_.tenuring_threshold == 0) {
    event.tenuring_reason = TenuringReason::kSteady;
  }
  event.requested_ns = requested_ns;
  event.start_ns = NowNs();
  const std::int64_t processor_ns = ProcessorNsIfHeard();
  event.kind = kind;
  event.reason = reason;
  event.heap_before_bytes = used_bytes();
  event.allocated_bytes = detached_allocated_bytes_;
  for (MutatorCore* mutator : safepoints_.mutators()) {
    mutator->RetireBuffer();
    old_.Settle(mutator->birth_holes_);
    event.allocated_bytes += mutator->allocated_bytes();
  }
  shrunk_.clear();
  first_shrunk_.store(kNoShrunk, std::memory_order_relaxed);
  last_shrunk_.store(kNullAddress, std::memory_order_relaxed);
  (pretenures_ ? event.born_old_bytes : event.young_before_bytes) =
      young_.nursery_taken_bytes();
  paced_before_bytes_ = old_object_bytes() + external_.total_bytes();
  event.tenuring_threshold = tenuring_.threshold();

  if (options_.verify == Verify::kOn) VerifyHeap("before a collection");
  const std::int64_t began_ns = NowNs();
  if (kind == CollectionKind::kMajor) {
    AbandonCycle();
  } else {
    event.cycle_part = NextCyclePart();
  }
  RunCollection(event);
  Adapt(event, NowNs() - began_ns);
  young_survivor_bytes_ = event.survived_bytes;
  young_.SetNurseryBudget(NurseryBudget());
  young_.ReleaseUnused(kind);
  ChooseBirthplace();
  event.pretenures = pretenures_;
  if (options_.verify == Verify::kOn) VerifyHeap("after a collection");

  if (kind == CollectionKind::kMajor &&
      used_bytes() <= account_.limit_bytes()) {
    account_.SetAllowance(0);
  }
  // After a major one there is nothing left to try: see [ma.abort].
  copy_failed_ = kind == CollectionKind::kMinor && event.copy_failed;
  overflow_bytes_ = 0;
  ++collections_[static_cast<std::size_t>(kind)];
  event.number = collections_[0] + collections_[1];
  event.heap_after_bytes = used_bytes();
  event.old_after_bytes = old_object_bytes();
  event.nursery_bytes = young_.nursery_budget_bytes();
  event.external_bytes = external_.total_bytes();
  event.next_major_bytes = pacer_.next_major_bytes();
  event.processor_ns = ProcessorNsIfHeard() - processor_ns;
  event.end_ns = NowNs();
  const std::int64_t interval_ns =
      event.end_ns - std::exchange(last_collection_ns_, event.end_ns);
  if (event.EndsMark()) last_mark_ns_ = event.end_ns;
  for (CollectionListener* listener : listeners_) listener->OnCollection(event);
  RequestMemory(event.promoted_bytes, interval_ns);
}

// A system call, which is too much for a pause that nobody hears of.
std::int64_t HeapCore::ProcessorNsIfHeard() const {
  return listeners_.empty() ? 0 : ThreadProcessorNs();
}

void HeapCore::Adapt(CollectionEvent& event, std::int64_t pause_ns) {
  if (event.kind == CollectionKind::kMinor) {
    const std::int64_t minor_ns = TakeMinorNs(event, pause_ns);
    if (!pretenures_) {
      tenuring_.AfterMinor(event);
      event.tenuring_reason = tenuring_.reason();
    }
    // Where all were born old there is nothing to do but in a cycle.
    if (SaysWhatANurseryCosts(event)) {
      const bool in_cycle = event.cycle_part == CyclePart::kRemark ||
                            event.cycle_part == CyclePart::kFinish;
      NurserySize& size = in_cycle ? cycle_nursery_size_ : nursery_size_;
      const std::size_t copied = event.survived_bytes + event.promoted_bytes;
      event.nursery_reason =
          size.AfterMinor({minor_ns, event.requested_ns - last_collection_ns_,
                           event.taken_bytes(), copied, old_object_bytes()});
    }
    if (event.cycle_part == CyclePart::kStart) {
      event.nursery_reason = cycle_nursery_size_.StartCycle(nursery_size_);
    }
    AfterCyclePart(event);
  }
  pretenuring_.AfterCollection(event, old_object_bytes(),
                               pacer_.growth_bytes());
  if (event.EndsMark()) {
    const std::size_t live = old_object_bytes();
    const std::size_t external = external_.total_bytes();
    const bool in_steps = event.kind == CollectionKind::kMinor;
    // The steps of a cycle are not the program's time.
    const std::int64_t before_ns = event.start_ns - last_mark_ns_;
    pacer_.AfterMajor(
        {live, in_steps ? cycle_ns_ : pause_ns,
         paced_before_bytes_ - std::min(paced_before_bytes_, paced_live_bytes_),
         in_steps ? before_ns - std::min(before_ns, cycle_ns_) : before_ns,
         external,
         in_steps ? cycle_pacer_.StartRoom(live, pacer_.growth_bytes()) / 2
                  : 0});
    paced_live_bytes_ = live + external;
    old_live_bytes_ = live;
    tenuring_.AfterMajor();
    event.nursery_reason = nursery_size_.AfterMajor(live);
    if (in_steps && event.nursery_reason == NurseryReason::kSteady) {
      event.nursery_reason = NurseryReason::kCycle;
    }
  }
  event.pretenuring_reason = pretenuring_.reason();
  event.pace_reason = pacer_.reason();
}

std::size_t HeapCore::NurseryBudget() const {
  if (!policy().collects) return account_.limit_bytes();
  if (policy().generational || options_.stress.tiny) {
    const NurserySize& size = is_marking_ ? cycle_nursery_size_ : nursery_size_;
    return pretenuring_.Budget(size.Budget(young_survivor_bytes_));
  }
  return std::max(kBlockBytes, major_room_bytes());
}

void HeapCore::RequestMemory(std::size_t promoted_bytes,
                             std::int64_t interval_ns) {
  // Twice what the last collections promoted, forgotten slowly: a phase that
  // builds something large is followed by another. And what is promoted until
  // the helper has come round, where that is a small part of what there is.
  expected_promotion_bytes_ =
      std::max(promoted_bytes, expected_promotion_bytes_ * 7 / 8);
  const double rate =
      static_cast<double>(promoted_bytes) /
      static_cast<double>(std::max<std::int64_t>(interval_ns, 1));
  promotion_rate_ += (rate - promotion_rate_) / 8;
  const std::size_t soon =
      std::min(static_cast<std::size_t>(promotion_rate_ * kPopulatedAheadNs),
               old_object_bytes() / kMostPopulatedPart);
  const std::size_t populate =
      std::min({std::max(2 * expected_promotion_bytes_, soon),
                account_.left_bytes(), kMostPopulatedBytes});
  // Memory for all that old space may grow by until its next major collection
  // is not worth giving back; if there is more, a part of that stays.
  const std::size_t growth = major_room_bytes();
  const std::size_t have = memory_.free_resident_bytes();
  const std::size_t keep = std::max(populate, BytesAhead());
  if (have < populate / 2 || have > keep + growth) {
    helper_.Request(populate, keep + growth / 4);
  }
}

void HeapCore::StressAllocation(MutatorCore& self) {
  if (options_.stress.cycles && is_marking_) {
    if (const std::size_t items = stress_.StepItems()) StepItems(self, items);
  }
  if (const auto kind = stress_.AtAllocation()) {
    Collect(self, *kind, CollectionReason::kStress);
  }
}

}  // namespace fledge::gc
