#include "runtime/lambda/names.h"

namespace fledge::lambda {

const Name* Names::Intern(std::string_view text) {
  const auto found = names_.find(text);
  if (found != names_.end()) return found->second;
  const Name* const name = memory_.Make<Name>(memory_.Copy(text));
  names_.emplace(name->text, name);
  return name;
}

}  // namespace fledge::lambda
