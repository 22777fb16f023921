// LambdaWorkload: a program in Lambda as a workload, so that it is profiled,
// compared and stressed like one.
//
// What it prints is its result: whole if it is short, or else its size and a
// checksum. It does not get to stdout, which is for the command's own.
//
// Docs: docs/manual.md. Threads: as workloads.
#pragma once

#include <memory>
#include <string_view>

#include "tools/fledge/workload.h"

namespace fledge::tools {

std::unique_ptr<Workload> MakeLambdaWorkload(std::string_view path);

}  // namespace fledge::tools
