#include "tools/fledge/collection_lines.h"

#include <gtest/gtest.h>

#include "allocator/base/address.h"

namespace fledge::tools {
namespace {

gc::CollectionEvent Event() {
  gc::CollectionEvent event;
  event.number = 12;
  event.start_ns = 5'123'000'000;
  event.end_ns = event.start_ns + 840'000;
  event.heap_before_bytes = 12 * kMiB;
  event.heap_after_bytes = 8 * kMiB;
  event.old_after_bytes = 7 * kMiB;
  event.survived_bytes = 3 * kKiB;
  return event;
}

TEST(CollectionLinesTest, ALineHasWhenWhatWhyAndHowMuch) {
  EXPECT_EQ(CollectionLine(Event(), 5'000'000'000),
            "[0.123 s] minor 12, nursery full: 840 µs, heap 12.0 MiB -> 8.00 "
            "MiB, old 7.00 MiB, survived 3.00 KiB, promoted 0 B");
}

TEST(CollectionLinesTest, WhatIsRareIsNamedOnlyWhenItHappened) {
  gc::CollectionEvent event = Event();
  event.evacuated_bytes = kMiB;
  event.kept_bytes = 24;
  const std::string line = CollectionLine(event, 0);
  EXPECT_NE(line.find(", evacuated 1.00 MiB, kept 24 B"), std::string::npos);
}

TEST(CollectionLinesTest, BirthsInOldSpaceAreNamedAndWhyTheyBegin) {
  gc::CollectionEvent event = Event();
  event.born_old_bytes = kMiB;
  event.pretenures = true;
  event.pretenuring_reason = gc::PretenuringReason::kNearlyAll;
  const std::string line = CollectionLine(event, 0);
  EXPECT_NE(line.find(", born old 1.00 MiB, births now old (nearly all "
                      "survive)"),
            std::string::npos)
      << line;
}

}  // namespace
}  // namespace fledge::tools
