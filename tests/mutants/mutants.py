"""The mutants: small faults of the collector, each with a test that finds it.

A mutant replaces a text that occurs exactly once in its file. tests/mutants/run
builds Fledge with one of them at a time and runs the test that must fail.
Which text stands where is checked by ctest, so that the list follows the code.
"""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Mutant:
    name: str
    file: str
    old: str
    new: str
    breaks: str  # What is wrong with it.
    tests: str  # The file of tests, tests/FOLDER/NAME_test.cc, as FOLDER/NAME,
    filter: str  # and which of them, as --gtest_filter takes it.
    # The test may also fail by never ending.
    may_hang: bool = False


MUTANTS = [
    # The write barrier.
    Mutant(
        name="barrier-leaves-card-clean",
        file="gc/mutator.h",
        old="      CardTable::Dirty(fields_.card_bases, address);\n",
        new="",
        breaks="Write() stores and dirties nothing",
        tests="gc/remembered_set",
        filter="*.FindsYoungReferencesOnEveryCardOfAnObject",
    ),
    Mutant(
        name="barrier-takes-clean-for-dirty",
        file="gc/card_table.h",
        old="        std::int64_t{static_cast<std::int8_t>(card)});\n",
        new="        ~std::int64_t{static_cast<std::int8_t>(card)});\n",
        breaks="Write() dirties cards that are dirty, and no others",
        tests="gc/remembered_set",
        filter="*.FindsYoungReferencesOnEveryCardOfAnObject",
    ),
    Mutant(
        name="full-stack-is-pushed-to",
        file="gc/work_stack.h",
        old="           items * sizeof(WorkItem);\n",
        new="           0 * items;\n",
        breaks="an object's slots are pushed beyond the work stack's end",
        tests="gc/tracer",
        filter="*.OverflowOfTheWorkStackLosesNothing",
    ),
    Mutant(
        name="barrier-leaves-block-unnoted",
        file="gc/card_table.h",
        old="""    std::atomic_ref<Card>(bases.blocks[slot >> allocator::kBlockShift])
        .store(Card::kDirty, std::memory_order_relaxed);
""",
        new="",
        breaks="a card is dirtied, its block is not noted",
        tests="gc/card_table",
        filter="*.ADirtyRangeNotesEveryBlockItTouches",
    ),
    Mutant(
        name="barrier-filters-too-much",
        file="gc/heap_core.h",
        old="    return policy().generational ? young_.range() : AddressRange{};",
        new="""    AddressRange range = young_.range();
    range.bytes /= 2;
    return policy().generational ? range : AddressRange{};""",
        breaks="references to the upper half of young space are not remembered",
        tests="gc/remembered_set",
        filter="*.StoresOfSurvivorsAreFound",
    ),
    Mutant(
        name="wrote-object-forgets-last-card",
        file="gc/heap-inl.h",
        old="  CardTable::Dirty(fields_.card_bases, range.end() - 1);\n",
        new="",
        breaks="an object's last card is left out by WroteObject()",
        tests="gc/remembered_set",
        filter="*.PlainStoresAreFoundAcrossACardsEnd",
    ),
    Mutant(
        name="copy-range-always-forwards",
        file="gc/mutator.h",
        old="    if (to <= from) {",
        new="    if (to != nullptr) {",
        breaks="CopyRange() to a higher address overwrites what it has to read",
        tests="gc/remembered_set",
        filter="*.OverlappingRangesAreCopiedAsIfAtOnce",
    ),
    Mutant(
        name="root-barrier-notes-nothing",
        file="gc/heap-inl.h",
        old="  if (IsFiltered(value)) heap_.noted_roots().Note(chunk);\n",
        new="",
        breaks="WriteRoot() does not note the chunk",
        tests="gc/root_slots",
        filter="*.RegisteredRootsAreVisitedWhereTheyWereWritten",
    ),
    # Roots.
    Mutant(
        name="minor-misses-handles",
        file="gc/minor_collection.h",
        old="    heap_.VisitHandles(visit);\n",
        new="",
        breaks="a minor collection does not visit handles",
        tests="gc/root_slots",
        filter="*.EveryKindOfRootIsUpdated",
    ),
    Mutant(
        name="minor-misses-stacks",
        file="gc/minor_collection.h",
        old="    heap_.VisitAlwaysScanned(visit);\n",
        new="",
        breaks="a minor collection does not visit registered stacks",
        tests="gc/root_slots",
        filter="*.AStackIsVisitedUpToItsTopEachTime",
    ),
    Mutant(
        name="major-misses-persistents",
        file="gc/major_collection.h",
        old="    heap_.persistents().VisitSlots(visit);\n",
        new="",
        breaks="a major collection does not visit persistents",
        tests="gc/major_collection",
        filter="*.VisitsEveryRootWhetherNotedOrNot",
    ),
    Mutant(
        name="major-misses-pins",
        file="gc/major_collection.h",
        old="    heap_.VisitPins([&](Address object) { "
        "tracer_.VisitPinned(object); });\n",
        new="",
        breaks="a pinned object is not kept in place by a major collection",
        tests="gc/major_collection",
        filter="*.KeepsAPinnedYoungObjectAndItsReferences",
    ),
    Mutant(
        name="noted-chunk-is-dropped-too-soon",
        file="gc/roots.h",
        old="        if (is_young(chunk->slots[i])) return false;\n",
        new="        if (i == 0 && is_young(chunk->slots[i])) return false;\n",
        breaks="a chunk stays noted for its first slot only",
        tests="gc/roots",
        filter="NotedRootsTest.KeepsTheChunksThatHoldAYoungReference",
    ),
    Mutant(
        name="forgotten-chunk-stays",
        file="gc/roots.h",
        old="    std::erase(chunks_, &chunk);\n",
        new="",
        breaks="a chunk that is gone stays on the list",
        tests="gc/roots",
        filter="NotedRootsTest.AForgottenChunkIsNotVisited",
    ),
    # Forwarding.
    Mutant(
        name="no-forwarding-address",
        file="gc/tracer.h",
        old="    StoreHeader(object, model_.ForwardingHeader(to));\n",
        new="",
        breaks="a copy's old header does not say where it went",
        tests="gc/minor_collection",
        filter="*.AnObjectReachedTwiceIsCopiedOnce",
        may_hang=True,
    ),
    Mutant(
        name="second-reference-is-not-updated",
        file="gc/tracer.h",
        old="      if (to != object) {\n",
        new="      if (to != object && !model_.IsForwarded(header)) {\n",
        breaks="only the slot that led to the copy is updated",
        tests="gc/minor_collection",
        filter="*.AnObjectReachedTwiceIsCopiedOnce",
    ),
    Mutant(
        name="copy-is-not-finished",
        file="gc/tracer.h",
        old="    const Header copied = model_.FinishCopy(object, to, header);\n",
        new="    const Header copied = header;\n",
        breaks="the model does not hear that an object has moved",
        tests="gc/minor_collection",
        filter="GrowingObjectTest.KeepsItsHashWhereverItMoves",
    ),
    Mutant(
        name="copy-misses-the-last-word",
        file="gc/copy.h",
        old="                reinterpret_cast<const void*>(from), bytes);\n"
        "    return;",
        new="                reinterpret_cast<const void*>(from), bytes - 8);\n"
        "    return;",
        breaks="of a medium object all but the last word is copied",
        tests="gc/heap",
        filter="*.ObjectsOfEverySizeKeepTheirBytes",
    ),
    # Cards.
    Mutant(
        name="card-is-never-cleaned",
        file="gc/card_table.h",
        old="          *card = Card::kClean;\n",
        new="",
        breaks="a card stays dirty once it was",
        tests="gc/remembered_set",
        filter="*.CardIsCleanedWhenItHoldsNoYoungReference",
    ),
    Mutant(
        name="card-is-cleaned-too-soon",
        file="gc/tracer.h",
        old="      tracer_.heap_.cards().Dirty(item.slot);  // [tr.card]\n",
        new="",
        breaks="a card with a young reference is clean after a collection",
        tests="gc/remembered_set",
        filter="*.CardStaysDirtyWhileItHoldsAYoungReference",
    ),
    Mutant(
        name="promoted-holder-has-a-clean-card",
        file="gc/tracer.h",
        old="    Scan(to, copied, size, destination == kToOldSpace ? "
        "kInOldSpace : 0);\n",
        new="    Scan(to, copied, size, 0);\n",
        breaks="young references of a promoted object are not remembered",
        tests="gc/remembered_set",
        filter="*.CardOfAPromotedHolderOfAYoungObjectIsDirty",
    ),
    Mutant(
        name="object-across-cards-is-missed",
        file="gc/minor_collection.h",
        old="      if (first + heap_.model().SizeFrom(header) > card.begin) {\n",
        new="      if (first + heap_.model().SizeFrom(header) > card.end()) {\n",
        breaks="an object that begins before a card and ends on it is not "
        "visited",
        tests="gc/remembered_set",
        filter="*.FindsYoungReferencesOnEveryCardOfAnObject",
    ),
    Mutant(
        name="born-old-cards-are-clean",
        file="gc/heap_core.cc",
        old="  if (!IsLeaf(kind)) cards_.DirtyRange({object, size_bytes});\n",
        new="",
        breaks="initialising an object that is born old is not remembered",
        tests="gc/remembered_set",
        filter="*.BornOldObjectsAreInitialisedWithoutABarrier",
    ),
    Mutant(
        name="major-cleans-no-cards",
        file="gc/major_collection.h",
        old="    heap_.cards().CleanRange(heap_.memory().committed());\n",
        new="",
        breaks="cards stay dirty though young space is empty",
        tests="gc/major_collection",
        filter="*.LeavesNoCardDirtyIfYoungSpaceIsEmpty",
    ),
    # Aging.
    Mutant(
        name="promotion-a-collection-late",
        file="gc/minor_collection.h",
        old="age < heap_.tenuring_threshold()",
        new="age <= heap_.tenuring_threshold()",
        breaks="an object is aged once more than the threshold says",
        tests="gc/minor_collection",
        filter="*.SurvivorIsPromotedOnItsSecondCollection",
    ),
    Mutant(
        name="blocks-do-not-age",
        file="gc/young_space.cc",
        old="  info.age = age;\n",
        new="  info.age = 0;\n",
        breaks="survivors are as young as the nursery, for ever",
        tests="gc/minor_collection",
        filter="*.SurvivorIsPromotedOnItsSecondCollection",
    ),
    Mutant(
        name="full-survivor-space-keeps",
        file="gc/tracer.h",
        old="      buffer = {};\n",
        new="      return {kNullAddress, destination};\n",
        breaks="where survivor space is full objects stay instead of being "
        "promoted",
        tests="gc/minor_collection",
        filter="*.FullSurvivorSpacePromotes",
    ),
    # Evacuation.
    Mutant(
        name="pinned-object-moves",
        file="gc/tracer.h",
        old="    if (membership.has_kept() && marks_.Test(object)) "
        "[[unlikely]] {\n",
        new="    if (membership.has_kept() && !marks_.Test(object)) {\n",
        breaks="in a block with a pinned object the others stay and it moves",
        tests="gc/pinning",
        filter="*.PinnedObjectsStayWhileEverythingElseMoves",
        may_hang=True,
    ),
    Mutant(
        name="immovable-object-moves",
        file="gc/major_collection.h",
        old="      if (info.immovable || info.has_pinned) continue;\n",
        new="      if (info.has_pinned) continue;\n",
        breaks="blocks of immovable objects are evacuated",
        tests="gc/major_collection",
        filter="*.NeverMovesImmovableAndLargeObjects",
    ),
    Mutant(
        name="dense-blocks-are-evacuated",
        file="gc/major_collection.h",
        old="info.live_bytes <= kSparseBytes",
        new="info.live_bytes > kSparseBytes",
        breaks="dense blocks are evacuated instead of sparse ones",
        tests="gc/policy",
        filter="*.GencopyMovesDenseBlocksWhereGenimmixDoesNot",
    ),
    Mutant(
        name="copy-has-no-live-bit",
        file="gc/tracer.h",
        old="    if (destination == kToOldSpace) "
        "tracer_.heap_.live().Set(to);\n",
        new="",
        breaks="a promoted object is not found on a dirty card",
        tests="gc/remembered_set",
        filter="*.CardStaysDirtyWhileItHoldsAYoungReference:"
        "*.CardOfAPromotedHolderOfAYoungObjectIsDirty",
    ),
    Mutant(
        name="overflow-is-forgotten",
        file="gc/tracer.h",
        old="    overflowed_ = true;\n",
        new="",
        breaks="slots that the work stack has no room for are lost",
        tests="gc/tracer",
        filter="*.OverflowOfTheWorkStackLosesNothing",
    ),
    Mutant(
        name="failed-copy-is-not-told",
        file="gc/tracer.h",
        old="      totals_.copy_failed = true;\n",
        new="",
        breaks="no major collection follows a copy that failed",
        tests="gc/minor_collection",
        filter="*.ACopyThatFailsKeepsTheObjectInPlace",
    ),
    # Sweeping.
    Mutant(
        name="hole-begins-in-an-object",
        file="gc/young_blocks.h",
        old="    free = object + model.SizeFrom(LoadHeader(object));\n",
        new="    free = object + 16;\n",
        breaks="holes overlap the objects before them",
        tests="gc/major_collection",
        filter="*.HolesStaySoundOverManyCollections",
    ),
    Mutant(
        name="candidates-are-recycled",
        file="gc/old_space.cc",
        old="    return blocks_.membership(block).is_member();\n",
        new="    return blocks_.membership(block).is_member() && "
        "block == 0;\n",
        breaks="a block is allocated into while it is evacuated",
        tests="gc/old_space",
        filter="*.ACandidateIsNotAllocatedInto",
    ),
    Mutant(
        name="live-large-object-is-freed",
        file="gc/large_space.cc",
        old="    if (marks.Test(run.begin)) return false;\n",
        new="    if (!marks.Test(run.begin)) return false;\n",
        breaks="large objects are freed if they live and kept if not",
        tests="gc/major_collection",
        filter="*.FreesLargeObjectsAndOnlyDeadOnes",
    ),
    Mutant(
        name="marks-are-not-cleared",
        file="gc/major_collection.h",
        old="    heap_.marks().ClearRange(heap_.memory().committed());\n",
        new="",
        breaks="what one collection marked the next does not scan",
        tests="gc/major_collection",
        filter="*.ReclaimsOldGarbage",
    ),
    Mutant(
        name="empty-blocks-are-kept",
        file="gc/old_space.cc",
        old="    if (blocks_[block].live_bytes != 0) return false;\n",
        new="    if (blocks_[block].live_bytes != 1) return false;\n",
        breaks="blocks without a live object are not given back",
        tests="gc/major_collection",
        filter="*.GivesEmptyBlocksBack",
    ),
    # Accounting.
    Mutant(
        name="young-block-is-not-refunded",
        file="gc/young_space.cc",
        old="  account_.Refund(kBlockBytes);\n",
        new="",
        breaks="memory in use only ever grows",
        tests="gc/minor_collection",
        filter="*.YoungSpaceHoldsNothingElseAfterwards",
    ),
    Mutant(
        name="old-bytes-are-not-counted",
        file="gc/old_space.cc",
        old="  Count(buffer.settled, buffer.bump - buffer.settled);\n",
        new="",
        breaks="the pacer does not see what was promoted",
        tests="gc/heap",
        filter="*.OldBytesAreWhatWasPromotedAndBornOld",
    ),
    Mutant(
        name="large-bytes-are-not-taken-back",
        file="gc/large_space.cc",
        old="    object_bytes_ -= run.bytes;\n",
        new="",
        breaks="the bytes of dead large objects count for ever",
        tests="gc/large_space",
        filter="*.OnlyMarkedObjectsOutliveASweep",
    ),
    Mutant(
        name="retired-buffer-is-not-counted",
        file="gc/mutator_core.cc",
        old="  CountAllocated(BufferUsedBytes());\n",
        new="",
        breaks="what was allocated in a buffer is forgotten with it",
        tests="gc/heap",
        filter="*.AllocatedBytesAreExact",
    ),
    Mutant(
        name="limit-is-not-a-limit",
        file="allocator/memory_account.h",
        old="      if (bytes > limit_bytes_ || used > limit_bytes_ - bytes) "
        "return false;\n",
        new="      if (bytes > limit_bytes_ || used > limit_bytes_) "
        "return false;\n",
        breaks="the last charge may pass the limit",
        tests="allocator/memory_account",
        filter="*.CanBeChargedUpToItsLimitAndNoFurther",
    ),
    # Safepoints.
    Mutant(
        name="leaving-a-region-waits-for-nothing",
        file="gc/mutator_core.h",
        old="    if (mutator_.stop_request().load("
        "std::memory_order_acquire) != 0)\n",
        new="    if (mutator_.stop_request().load("
        "std::memory_order_acquire) == 7)\n",
        breaks="a thread leaves a blocking region in the midst of a collection",
        tests="gc/safepoints",
        filter="*.LeavingABlockingRegionWaitsForTheCollection",
    ),
]
