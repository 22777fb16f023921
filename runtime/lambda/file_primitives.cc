// Files: R7RS small, section 6.14, and what opens them, 6.13.1.
#include <memory>
#include <utility>

#include "runtime/lambda/argument_checks.h"
#include "runtime/lambda/file.h"
#include "runtime/lambda/port_arguments.h"
#include "runtime/lambda/primitives.h"
#include "runtime/lambda/text_encoding.h"
#include "runtime/text_layout.h"

namespace fledge::lambda {
namespace {

std::string NameAt(const Arguments& arguments, std::size_t i) {
  return Utf8Of(runtime::Text(arguments[i]));
}

// Tries again when ports that were dropped have given their files back.
File OpenFile(Vm& vm, const std::string& name, FileMode mode) {
  const auto is_interrupted = [&vm] { return vm.is_interrupted(); };
  vm.ports().CloseDropped();
  try {
    return File(vm.mutator(), name, mode, is_interrupted);
  } catch (const OutOfFilesError&) {
    vm.mutator().Collect(gc::CollectionKind::kMajor,
                         gc::CollectionReason::kExternal);
    vm.ports().CloseDropped();
    return File(vm.mutator(), name, mode, is_interrupted);
  }
}

template <FileMode kMode, StreamContent kContent>
Value Open(Vm& vm, Arguments arguments) {
  if (!CheckText(vm, arguments, 0)) return Value();
  File file = OpenFile(vm, NameAt(arguments, 0), kMode);
  std::unique_ptr<Stream> stream;
  if constexpr (kMode == FileMode::kRead) {
    auto input = std::make_unique<InputStream>(kContent, std::move(file));
    input->SetIsInterrupted([&vm] { return vm.is_interrupted(); });
    stream = std::move(input);
  } else {
    stream = std::make_unique<OutputStream>(kContent, std::move(file));
  }
  return vm.ports().Make(vm.mutator(), std::move(stream));
}

Value FileExistsP(Vm& vm, Arguments arguments) {
  if (!CheckText(vm, arguments, 0)) return Value();
  return Value::Boolean(FileExists(NameAt(arguments, 0)));
}

Value Delete(Vm& vm, Arguments arguments) {
  if (!CheckText(vm, arguments, 0)) return Value();
  DeleteFile(NameAt(arguments, 0));
  return Value::Undefined();
}

template <FileMode kMode, StreamContent kContent>
constexpr PrimitiveFunction kOpen = WithPorts<Open<kMode, kContent>>;

constexpr Primitive kPrimitives[] = {
    {"open-input-file", kOpen<FileMode::kRead, StreamContent::kText>, 1, 1},
    {"open-binary-input-file", kOpen<FileMode::kRead, StreamContent::kBytes>, 1,
     1},
    {"open-output-file", kOpen<FileMode::kWrite, StreamContent::kText>, 1, 1},
    {"open-binary-output-file", kOpen<FileMode::kWrite, StreamContent::kBytes>,
     1, 1},
    {"%open-append-file", kOpen<FileMode::kAppend, StreamContent::kText>, 1, 1},
    {"%open-binary-append-file",
     kOpen<FileMode::kAppend, StreamContent::kBytes>, 1, 1},
    {"file-exists?", FileExistsP, 1, 1},
    {"delete-file", WithPorts<Delete>, 1, 1},
};

}  // namespace

std::span<const Primitive> FilePrimitives() { return kPrimitives; }

}  // namespace fledge::lambda
