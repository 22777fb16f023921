// The files that are embedded in the program, so that a report needs nothing
// beside it. The build makes the definitions; see fledge_embed in
// cmake/FledgeEmbed.cmake.
//
// Threads: constants, initialized at compile time.
#pragma once

#include <string_view>

namespace fledge::tools {

// tools/fledge/report: template.html, report.css, figures.js, memory.js,
// charts.js.
extern const std::string_view kReportTemplate;
extern const std::string_view kReportStyle;
extern const std::string_view kReportFigures;
extern const std::string_view kReportMemory;
extern const std::string_view kReportCharts;

// third_party/uplot: the plotting library's script and style sheet.
extern const std::string_view kUplotScript;
extern const std::string_view kUplotStyle;

}  // namespace fledge::tools
