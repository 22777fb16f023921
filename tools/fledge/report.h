// Report: one page of HTML that shows one run, or several over each other.
//
// The page holds all that it needs: template, script, uPlot and the data. A
// policy in its head forbids it to load anything, so it can be mailed, kept
// and opened in ten years.
//
// Design: docs/design/reports.md.
//
// Invariants:
//   [report.escape]  No text of a run ends the script or the element that it
//                    is in: data is JSON without '<', text is escaped, and the
//                    page's script writes text as text, never as HTML.
//
// Threads: pure functions.
#pragma once

#include <iosfwd>
#include <span>

#include "tools/fledge/run_record.h"

namespace fledge::tools {

// Writes the page. Several runs are compared: each has a colour of its own in
// every chart, and a column in the table of figures.
void WriteReport(std::span<const RunRecord> runs, std::ostream& out);

}  // namespace fledge::tools
