#include <pthread.h>

#include "gc/native_stack.h"

namespace fledge::gc {

AddressRange CurrentThreadStack() {
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return {};
  void* begin = nullptr;
  std::size_t bytes = 0;
  const bool known = pthread_attr_getstack(&attributes, &begin, &bytes) == 0;
  pthread_attr_destroy(&attributes);
  if (!known) return {};
  return {reinterpret_cast<Address>(begin), bytes};
}

}  // namespace fledge::gc
