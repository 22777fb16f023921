// The workloads that come with the program, one function and one file each.
//
// Threads: each workload by one thread.
#pragma once

#include <memory>

#include "tools/fledge/workload.h"

namespace fledge::tools {

std::unique_ptr<Workload> MakeBinaryTrees();
std::unique_ptr<Workload> MakeGcBench();
std::unique_ptr<Workload> MakeLru();
std::unique_ptr<Workload> MakeJson();
std::unique_ptr<Workload> MakeGraphMutate();
std::unique_ptr<Workload> MakeOldToYoung();
std::unique_ptr<Workload> MakeFragment();
std::unique_ptr<Workload> MakeDeepStack();
std::unique_ptr<Workload> MakeWeakCache();

}  // namespace fledge::tools
