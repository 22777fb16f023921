#include "tools/fledge/report.h"

#include <ostream>
#include <string>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "allocator/base/check.h"
#include "tools/fledge/report_data.h"
#include "tools/fledge/resources.h"
#include "tools/fledge/summary.h"

namespace fledge::tools {
namespace {

// JSON that may stand in a script element: the only way out of one starts with
// '<', which occurs in JSON only inside strings.
std::string ScriptSafeJson(const nlohmann::ordered_json& json) {
  const std::string plain = json.dump(
      -1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  std::string safe;
  safe.reserve(plain.size());
  for (const char c : plain) {
    if (c == '<') {
      safe += "\\u003c";
    } else {
      safe += c;
    }
  }
  return safe;
}

std::string HtmlEscaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

std::string PageTitle(std::span<const RunRecord> runs) {
  if (runs.empty()) return "Fledge";
  std::string title = runs.front().Title();
  for (std::size_t i = 0; i < runs.size(); ++i) {
    title += (i == 0 ? ": " : ", ") + runs[i].policy;
  }
  return title;
}

// What the page shows where scripts are off.
std::string PlainSummaries(std::span<const RunRecord> runs) {
  std::string text;
  for (const RunRecord& run : runs) text += SummaryText(run) + "\n";
  return text;
}

}  // namespace

void WriteReport(std::span<const RunRecord> runs, std::ostream& out) {
  const std::pair<std::string_view, std::string> parts[] = {
      {"title", HtmlEscaped(PageTitle(runs))},
      {"summary", HtmlEscaped(PlainSummaries(runs))},
      {"uplot-style", std::string(kUplotStyle)},
      {"uplot-script", std::string(kUplotScript)},
      {"style", std::string(kReportStyle)},
      {"figures-script", std::string(kReportFigures)},
      {"memory-script", std::string(kReportMemory)},
      {"charts-script", std::string(kReportCharts)},
      {"data", ScriptSafeJson(ReportData(runs))},
  };
  // One pass over the template: what is put in is never searched for marks, so
  // a run may be called "{{data}}".
  std::string_view rest = kReportTemplate;
  while (true) {
    const std::size_t mark = rest.find("{{");
    out << rest.substr(0, mark);
    if (mark == std::string_view::npos) break;
    rest.remove_prefix(mark + 2);
    const std::size_t end = rest.find("}}");
    FLEDGE_CHECK(end != std::string_view::npos,
                 "a mark of the template is open");
    const std::string_view name = rest.substr(0, end);
    bool found = false;
    for (const auto& [part, text] : parts) {
      if (part != name) continue;
      out << text;
      found = true;
    }
    FLEDGE_CHECK(found,
                 "the template has a mark that the report does not know");
    rest.remove_prefix(end + 2);
  }
}

}  // namespace fledge::tools
