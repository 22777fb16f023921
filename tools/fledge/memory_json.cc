#include "tools/fledge/memory_json.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace fledge::tools {
namespace {

using Json = nlohmann::ordered_json;

void AddSampled(Json& json, const MemoryProfile::Amounts& of) {
  json["allocated_bytes"] = of.allocated.bytes;
  json["allocated_objects"] = of.allocated.objects;
  json["samples"] = of.allocated.samples;
  json["sampled_live_bytes"] = of.live.bytes;
  json["live_samples"] = of.live.samples;
  json["peak_bytes"] = of.peak.bytes;
}

}  // namespace

nlohmann::ordered_json MemoryJson(const MemoryProfile& profile,
                                  std::size_t most_functions,
                                  std::size_t most_places) {
  Json json = {{"interval_bytes", profile.interval_bytes}};
  AddSampled(json, profile.sampled);
  if (profile.has_heap) {
    json["live_bytes"] = profile.live_bytes;
    json["live_objects"] = profile.live_objects;
  }
  json["types"] = Json::array();
  for (const MemoryProfile::OfType& type : profile.types) {
    Json row = {{"name", type.name}};
    AddSampled(row, type.sampled);
    if (profile.has_heap) {
      row["live_bytes"] = type.live_bytes;
      row["live_objects"] = type.live_objects;
    }
    json["types"].push_back(std::move(row));
  }
  json["function_count"] = profile.functions.size();
  json["functions"] = Json::array();
  for (const MemoryProfile::OfFunction& function : profile.functions) {
    if (json["functions"].size() == most_functions) break;
    Json row = {{"name", function.name}, {"place", function.place}};
    AddSampled(row, function.sampled);
    row["places"] = Json::array();
    for (const MemoryProfile::OfPlace& place : function.places) {
      if (row["places"].size() == most_places) break;
      Json at = {
          {"at", place.at}, {"through", place.through}, {"type", place.type}};
      AddSampled(at, place.sampled);
      row["places"].push_back(std::move(at));
    }
    json["functions"].push_back(std::move(row));
  }
  return json;
}

}  // namespace fledge::tools
