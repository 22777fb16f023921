#include "tools/fledge/memory_text.h"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

#include "tools/fledge/units.h"

namespace fledge::tools {
namespace {

constexpr std::size_t kMostColumns = 32;

bool ContinuesCharacter(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

// Without what a terminal would obey.
std::string Tamed(std::string_view text) {
  std::string tamed(text);
  for (char& c : tamed) {
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') c = ' ';
  }
  return tamed;
}

// And not too wide: the begin of a name, and the end of a place, which has the
// line.
std::string ShownName(std::string_view name) {
  if (DisplayWidth(name) <= kMostColumns) return Tamed(name);
  std::size_t end = 0;
  for (std::size_t width = 0; width < kMostColumns; ++width) {
    do ++end;
    while (end < name.size() && ContinuesCharacter(name[end]));
  }
  return Tamed(name.substr(0, end)) + "...";
}
std::string ShownPlace(std::string_view place) {
  if (DisplayWidth(place) <= kMostColumns) return Tamed(place);
  std::size_t begin = place.size();
  for (std::size_t width = 0; width < kMostColumns; ++width) {
    do --begin;
    while (begin > 0 && ContinuesCharacter(place[begin]));
  }
  return "..." + Tamed(place.substr(begin));
}

std::string ShareOf(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return "-";
  return HumanShare(static_cast<double>(part) / static_cast<double>(whole));
}

// The first column is text, and so is the last where it is a place; the others
// are figures.
class Table {
 public:
  using Row = std::vector<std::string>;

  Table(Row header, bool ends_in_text) : ends_in_text_(ends_in_text) {
    rows_.push_back(std::move(header));
  }
  void Add(Row row) { rows_.push_back(std::move(row)); }

  std::string Text() const {
    std::vector<std::size_t> widths(rows_.front().size());
    for (const Row& row : rows_) {
      for (std::size_t i = 0; i < row.size(); ++i) {
        widths[i] = std::max(widths[i], DisplayWidth(row[i]));
      }
    }
    std::string text;
    for (const Row& row : rows_) {
      std::string line =
          "  " + PadRight(row[0], std::max<std::size_t>(widths[0], 18));
      for (std::size_t i = 1; i < row.size(); ++i) {
        const bool is_text = ends_in_text_ && i + 1 == row.size();
        line += "   " + (is_text ? row[i] : PadLeft(row[i], widths[i]));
      }
      line.erase(line.find_last_not_of(' ') + 1);
      text += line + "\n";
    }
    return text;
  }

 private:
  const bool ends_in_text_;
  std::vector<Row> rows_;
};

std::string Others(std::size_t count) {
  return "  " + HumanCount(count) + (count == 1 ? " other" : " others");
}

std::string TypesText(const MemoryProfile& profile) {
  const std::uint64_t all = profile.sampled.allocated.bytes;
  Table table({"by type", "allocated", "share", "samples", "at peak", "live",
               "objects"},
              false);
  const auto add = [&](const std::string& name,
                       const MemoryProfile::OfType& of) {
    const bool has_heap = profile.has_heap;
    table.Add({name, HumanBytes(of.sampled.allocated.bytes),
               ShareOf(of.sampled.allocated.bytes, all),
               HumanCount(of.sampled.allocated.samples),
               HumanBytes(of.sampled.peak.bytes),
               has_heap ? HumanBytes(of.live_bytes) : "-",
               has_heap ? HumanCount(of.live_objects) : "-"});
  };
  const auto& types = profile.types;
  const std::size_t shown = std::min(types.size(), kRowsOfMemoryText);
  for (std::size_t i = 0; i < shown; ++i) {
    add("  " + ShownName(types[i].name), types[i]);
  }
  MemoryProfile::OfType rest;
  for (std::size_t i = shown; i < types.size(); ++i) {
    rest.sampled.allocated.bytes += types[i].sampled.allocated.bytes;
    rest.sampled.allocated.samples += types[i].sampled.allocated.samples;
    rest.sampled.peak.bytes += types[i].sampled.peak.bytes;
    rest.live_bytes += types[i].live_bytes;
    rest.live_objects += types[i].live_objects;
  }
  if (shown < types.size()) add(Others(types.size() - shown), rest);
  return table.Text();
}

std::string FunctionsText(const MemoryProfile& profile) {
  const std::uint64_t all = profile.sampled.allocated.bytes;
  Table table({"by function", "allocated", "share", "samples", "at peak",
               "live", "place"},
              true);
  const auto add = [&](const std::string& name,
                       const MemoryProfile::Amounts& of,
                       const std::string& place) {
    table.Add({name, HumanBytes(of.allocated.bytes),
               ShareOf(of.allocated.bytes, all),
               HumanCount(of.allocated.samples), HumanBytes(of.peak.bytes),
               profile.has_heap ? HumanBytes(of.live.bytes) : "-", place});
  };
  const auto& functions = profile.functions;
  const std::size_t shown = std::min(functions.size(), kRowsOfMemoryText);
  for (std::size_t i = 0; i < shown; ++i) {
    add("  " + ShownName(functions[i].name), functions[i].sampled,
        ShownPlace(functions[i].place));
  }
  MemoryProfile::Amounts rest;
  for (std::size_t i = shown; i < functions.size(); ++i) {
    const MemoryProfile::Amounts& of = functions[i].sampled;
    rest.allocated.bytes += of.allocated.bytes;
    rest.allocated.samples += of.allocated.samples;
    rest.peak.bytes += of.peak.bytes;
    rest.live.bytes += of.live.bytes;
  }
  if (shown < functions.size()) add(Others(functions.size() - shown), rest, "");
  return table.Text();
}

}  // namespace

std::string MemoryText(const MemoryProfile& profile) {
  return TypesText(profile) + "\n" + FunctionsText(profile) +
         "\n  estimated from a sample each " +
         HumanBytes(profile.interval_bytes) +
         "; what is live by type is exact\n";
}

}  // namespace fledge::tools
