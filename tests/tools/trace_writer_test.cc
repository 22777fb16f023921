#include "tools/fledge/trace_writer.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <sstream>
#include <utility>

#include <nlohmann/json.hpp>

#include "tests/tools/synthetic_run.h"

namespace fledge::tools {
namespace {

using Json = nlohmann::ordered_json;

std::string TextOf(const std::vector<RunRecord>& runs) {
  std::ostringstream out;
  WriteTrace(runs, out);
  return out.str();
}

Json EventsOf(const std::vector<RunRecord>& runs) {
  return Json::parse(TextOf(runs))["traceEvents"];
}

std::size_t CountOf(const Json& events, const std::string& phase,
                    const std::string& name) {
  std::size_t count = 0;
  for (const Json& event : events) {
    count += event["ph"] == phase && event["name"] == name;
  }
  return count;
}

TEST(TraceWriterTest, NoRunsAreAnEmptyTrace) {
  EXPECT_EQ(EventsOf({}), Json::array());
}

TEST(TraceWriterTest, EachRunIsANamedProcess) {
  RunRecord other = SyntheticRun({.collections = 2});
  other.policy = "gencopy";
  other.args = {"\"quoted\"", "\xff"};
  const Json events = EventsOf({SyntheticRun({.collections = 2}), other});
  std::map<int, std::string> names;
  std::set<int> processes;
  for (const Json& event : events) {
    processes.insert(event["pid"].get<int>());
    if (event["name"] == "process_name") {
      names[event["pid"].get<int>()] = event["args"]["name"];
    }
  }
  EXPECT_EQ(processes, (std::set<int>{1, 2}));
  EXPECT_EQ(names[1], "fledge binary-trees 20 (genimmix)");
  EXPECT_EQ(names[2], "fledge binary-trees \"quoted\" \xEF\xBF\xBD (gencopy)");
}

TEST(TraceWriterTest, SlicesNestAndFollowEachOther) {
  const Json events =
      EventsOf({SyntheticRun({.collections = 200, .in_steps = true})});
  EXPECT_EQ(CountOf(events, "B", "step"), 100u);
  std::vector<std::string> open;
  double now = 0;
  for (const Json& event : events) {
    const std::string phase = event["ph"];
    if (phase != "B" && phase != "E") continue;
    EXPECT_GE(event["ts"].get<double>(), now);
    now = event["ts"];
    if (phase == "B") {
      open.push_back(event["name"]);
      EXPECT_LE(open.size(), 2u);
    } else {
      ASSERT_FALSE(open.empty());
      EXPECT_EQ(event["name"], open.back());
      open.pop_back();
    }
  }
  EXPECT_TRUE(open.empty());
}

TEST(TraceWriterTest, APauseHasItsPhasesReasonAndSizes) {
  const RunRecord run = SyntheticRun({.collections = 1});
  const gc::CollectionEvent& pause = run.collections.events.front();
  const Json events = EventsOf({run});
  bool found = false;
  for (const Json& event : events) {
    if (event["ph"] != "E" || event["name"] != "minor collection") continue;
    found = true;
    EXPECT_EQ(event["args"]["reason"], "nursery full");
    EXPECT_EQ(event["args"]["pause_ns"], pause.pause_ns());
    EXPECT_EQ(event["args"]["promoted_bytes"], pause.promoted_bytes);
    EXPECT_DOUBLE_EQ(event["ts"].get<double>(),
                     static_cast<double>(pause.end_ns - run.start_ns) / 1000);
  }
  EXPECT_TRUE(found);
  for (std::size_t i = 0; i < gc::kPhaseCount; ++i) {
    EXPECT_EQ(
        CountOf(events, "B", std::string(NameOf(static_cast<gc::Phase>(i)))),
        1u);
  }
  EXPECT_EQ(CountOf(events, "B", "stop the mutators"), 1u);
}

TEST(TraceWriterTest, APauseSaysWhereObjectsAreBornIfNotInTheNursery) {
  RunRecord run = SyntheticRun({.collections = 1});
  run.collections.events.front().born_old_bytes = kMiB;
  run.collections.events.front().pretenuring_reason =
      gc::PretenuringReason::kProbe;
  bool found = false;
  for (const Json& event : EventsOf({run})) {
    if (event["ph"] != "E" || event["name"] != "minor collection") continue;
    found = true;
    EXPECT_EQ(event["args"]["born_old_bytes"], kMiB);
    EXPECT_EQ(event["args"]["pretenures"], false);
    EXPECT_EQ(event["args"]["pretenuring_reason"], "probe");
  }
  EXPECT_TRUE(found);
}

TEST(TraceWriterTest, PhasesThatSumToMoreThanThePauseAreCutOff) {
  RunRecord run = SyntheticRun({.collections = 1});
  gc::CollectionEvent& event = run.collections.events.front();
  event.phase_ns.fill(event.pause_ns());
  const Json events = EventsOf({run});
  EXPECT_EQ(CountOf(events, "B", "prepare"), 1u);
  EXPECT_EQ(CountOf(events, "B", "roots"), 0u);
}

TEST(TraceWriterTest, CountersShowHeapYoungAndOld) {
  const Json events =
      EventsOf({SyntheticRun({.collections = 10, .major_each = 0})});
  EXPECT_EQ(CountOf(events, "C", "heap"), 20u);
  EXPECT_EQ(CountOf(events, "C", "young"), 20u);
  EXPECT_EQ(CountOf(events, "C", "old"), 10u);
}

TEST(TraceWriterTest, TimesAreMicrosecondsExactToTheNanosecond) {
  RunRecord run;
  gc::CollectionEvent event;
  event.requested_ns = event.start_ns = 1'234'567'891'011;
  event.end_ns = event.start_ns + 1;
  run.collections.events = {event};
  const std::string text = TextOf({run});
  EXPECT_NE(text.find("\"ts\":1234567891.011"), std::string::npos);
  EXPECT_NE(text.find("\"ts\":1234567891.012"), std::string::npos);
}

TEST(TraceWriterTest, ALongRunIsThinnedButKeepsItsLongestPauses) {
  const RunRecord run = SyntheticRun({.collections = 2 * kTracedCollections});
  // Parsing all of it would take longer than everything else here.
  const std::string text = TextOf({run});
  const std::string mark = "\"args\":{\"number\":";
  std::set<std::uint64_t> numbers;
  for (std::size_t at = text.find(mark); at != std::string::npos;
       at = text.find(mark, at + 1)) {
    const std::uint64_t number = std::stoull(text.substr(at + mark.size(), 20));
    EXPECT_TRUE(numbers.insert(number).second);
  }
  EXPECT_LE(numbers.size(),
            kTracedCollections + run.collections.longest.size());
  EXPECT_GE(numbers.size(), kTracedCollections / 2);
  for (const auto& event : run.collections.longest) {
    EXPECT_TRUE(numbers.contains(event.number));
  }
}

}  // namespace
}  // namespace fledge::tools
