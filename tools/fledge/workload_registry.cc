#include "tools/fledge/workload.h"
#include "tools/fledge/workloads/workloads.h"

namespace fledge::tools {

std::vector<std::unique_ptr<Workload>> MakeWorkloads() {
  std::vector<std::unique_ptr<Workload>> workloads;
  workloads.push_back(MakeBinaryTrees());
  workloads.push_back(MakeGcBench());
  workloads.push_back(MakeLru());
  workloads.push_back(MakeJson());
  workloads.push_back(MakeGraphMutate());
  workloads.push_back(MakeOldToYoung());
  workloads.push_back(MakeFragment());
  workloads.push_back(MakeDeepStack());
  workloads.push_back(MakeWeakCache());
  return workloads;
}

}  // namespace fledge::tools
