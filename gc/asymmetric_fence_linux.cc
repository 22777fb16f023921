#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "gc/asymmetric_fence.h"

namespace fledge::gc {
namespace {

long Membarrier(int command) { return syscall(SYS_membarrier, command, 0, 0); }

}  // namespace

std::atomic<bool> AsymmetricFence::expedited_{false};

void AsymmetricFence::Prepare() {
  if (Membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED) == 0) {
    expedited_.store(true, std::memory_order_relaxed);
  }
}

void AsymmetricFence::Heavy() {
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (expedited_.load(std::memory_order_relaxed)) {
    Membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED);
  }
}

}  // namespace fledge::gc
