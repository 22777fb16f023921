// The way from Node, whose binary holds cppgc, to the workloads: an add-on with
// one function, run(workload, first, second), that returns a result's line.
#include <cppgc/default-platform.h>
#include <cppgc/heap.h>
#include <node_api.h>

#include <memory>
#include <string>

#include "benchmarks/peers/programs/cppgc/workloads.h"

namespace fledge::peers {
namespace {

std::string RunWorkload(const std::string& workload, int first, int second) {
  // Kept to the end of the process, as the languages' runtimes keep theirs:
  // taking it down would sweep it.
  static auto* heap =
      cppgc::Heap::Create(std::make_shared<cppgc::DefaultPlatform>()).release();
  cppgc::AllocationHandle& handle = heap->GetAllocationHandle();
  if (workload == "binary-trees") return RunBinaryTrees(handle, first);
  if (workload == "gcbench") return RunGcBench(handle, first, second);
  if (workload == "lru") return RunLru(handle, first, second);
  return "unknown workload";
}

napi_value Run(napi_env env, napi_callback_info info) {
  constexpr std::size_t kParameters = 3;
  napi_value parameters[kParameters];
  std::size_t count = kParameters;
  char workload[32] = "";
  std::size_t length = 0;
  int first = 0;
  int second = 0;
  napi_value line = nullptr;
  if (napi_get_cb_info(env, info, &count, parameters, nullptr, nullptr) ==
          napi_ok &&
      napi_get_value_string_utf8(env, parameters[0], workload, sizeof workload,
                                 &length) == napi_ok &&
      napi_get_value_int32(env, parameters[1], &first) == napi_ok &&
      napi_get_value_int32(env, parameters[2], &second) == napi_ok) {
    const std::string result = RunWorkload(workload, first, second);
    napi_create_string_utf8(env, result.data(), result.size(), &line);
  } else {
    napi_throw_type_error(env, nullptr, "run(workload, first, second)");
  }
  return line;
}

napi_value Initialize(napi_env env, napi_value exports) {
  napi_value run;
  if (napi_create_function(env, "run", NAPI_AUTO_LENGTH, Run, nullptr, &run) ==
      napi_ok) {
    napi_set_named_property(env, exports, "run", run);
  }
  return exports;
}

}  // namespace

NAPI_MODULE(NODE_GYP_MODULE_NAME, Initialize)

}  // namespace fledge::peers
