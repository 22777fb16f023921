#include "tools/fledge/memory_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace fledge::tools {
namespace {

using Json = nlohmann::ordered_json;

MemoryProfile Example() {
  MemoryProfile profile;
  profile.interval_bytes = 1024;
  profile.has_heap = true;
  profile.live_bytes = 500;
  profile.live_objects = 5;
  const MemoryProfile::Amounts sampled = {
      {2, 20, 200}, {1, 10, 100}, {1, 5, 50}};
  profile.sampled = sampled;
  profile.types = {{"pair", sampled, 5, 500}};
  const MemoryProfile::OfPlace place = {"a.scm:2:3", "map", "pair", sampled};
  profile.functions = {{"f", "a.scm:1", sampled, {place, place, place}},
                       {"g", "a.scm:9", sampled, {place}}};
  return profile;
}

TEST(MemoryJsonTest, HasAllThatIsKnown) {
  const Json json = MemoryJson(Example(), 10, 10);
  EXPECT_EQ(json["interval_bytes"], 1024);
  EXPECT_EQ(json["allocated_bytes"], 200);
  EXPECT_EQ(json["samples"], 2);
  EXPECT_EQ(json["live_bytes"], 500);
  const Json& type = json["types"][0];
  EXPECT_EQ(type["name"], "pair");
  EXPECT_EQ(type["allocated_objects"], 20);
  EXPECT_EQ(type["live_objects"], 5);
  EXPECT_EQ(type["peak_bytes"], 50);
  const Json& function = json["functions"][0];
  EXPECT_EQ(function["place"], "a.scm:1");
  EXPECT_EQ(function["sampled_live_bytes"], 100);
  EXPECT_EQ(function["live_samples"], 1);
  const Json& place = function["places"][0];
  EXPECT_EQ(place["at"], "a.scm:2:3");
  EXPECT_EQ(place["through"], "map");
  EXPECT_EQ(place["type"], "pair");
}

TEST(MemoryJsonTest, HasNoMoreThanIsAskedFor) {
  const Json json = MemoryJson(Example(), 1, 2);
  EXPECT_EQ(json["function_count"], 2);
  ASSERT_EQ(json["functions"].size(), 1u);
  EXPECT_EQ(json["functions"][0]["places"].size(), 2u);
}

TEST(MemoryJsonTest, WithoutAHeapThereIsNothingLive) {
  MemoryProfile profile = Example();
  profile.has_heap = false;
  const Json json = MemoryJson(profile, 10, 10);
  EXPECT_FALSE(json.contains("live_bytes"));
  EXPECT_FALSE(json["types"][0].contains("live_bytes"));
}

}  // namespace
}  // namespace fledge::tools
