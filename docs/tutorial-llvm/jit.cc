#include "docs/tutorial-llvm/jit.h"

#include <llvm/ExecutionEngine/JITLink/JITLink.h>
#include <llvm/ExecutionEngine/Orc/ExecutorProcessControl.h>
#include <llvm/ExecutionEngine/Orc/TaskDispatch.h>
#include <llvm/Support/Error.h>
#include <llvm/Support/MemoryBuffer.h>

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "docs/tutorial-llvm/code_generator.h"
#include "runtime/llvm_stack_map.h"
#include "runtime/stack_map.h"
#include "runtime/unwind_table.h"

namespace nest {
namespace {

namespace jitlink = llvm::jitlink;
namespace orc = llvm::orc;
using fledge::runtime::CodeRegistry;
using fledge::runtime::UnwindTable;

// Sees each object while it is linked.
class StackMapPlugin : public orc::ObjectLinkingLayer::Plugin {
 public:
  explicit StackMapPlugin(CodeRegistry& registry) : registry_(registry) {}

  void modifyPassConfig(orc::MaterializationResponsibility& responsibility,
                        jitlink::LinkGraph&,
                        jitlink::PassConfiguration& passes) override {
    // Nothing in the program refers to the maps, so the linker would drop them.
    passes.PrePrunePasses.emplace_back([](jitlink::LinkGraph& graph) {
      if (jitlink::Section* maps = graph.findSectionByName(kMapSection)) {
        for (jitlink::Block* block : maps->blocks()) {
          graph.addAnonymousSymbol(*block, 0, block->getSize(), false, true);
        }
      }
      return llvm::Error::success();
    });
    // Addresses are known and filled in; the code has not run yet.
    passes.PostFixupPasses.emplace_back(
        [this, &responsibility](jitlink::LinkGraph& graph) {
          Linked linked;
          if (llvm::Error error = Register(graph, linked)) return error;
          return responsibility.withResourceKeyDo([&](orc::ResourceKey key) {
            linked_.emplace(key, std::move(linked));
          });
        });
  }

  llvm::Error notifyFailed(orc::MaterializationResponsibility&) override {
    return llvm::Error::success();
  }
  // Before the memory is given back.
  llvm::Error notifyRemovingResources(orc::JITDylib&,
                                      orc::ResourceKey key) override {
    linked_.erase(key);
    return llvm::Error::success();
  }
  void notifyTransferringResources(orc::JITDylib&, orc::ResourceKey to,
                                   orc::ResourceKey from) override {
    for (auto found = linked_.find(from); found != linked_.end();
         found = linked_.find(from)) {
      linked_.emplace(to, std::move(found->second));
      linked_.erase(found);
    }
  }

 private:
  static constexpr char kMapSection[] = ".llvm_stackmaps";

  // What is known of linked code; ends in the other order.
  struct Linked {
    UnwindTable::Registration table;
    CodeRegistry::Registration code;
  };

  // Where a section was put, in this process.
  static fledge::AddressRange RangeOf(jitlink::LinkGraph& graph,
                                      const char* name) {
    jitlink::Section* const section = graph.findSectionByName(name);
    if (section == nullptr) return {};
    const jitlink::SectionRange range(*section);
    return {range.getStart().getValue(), range.getSize()};
  }
  static std::span<const std::byte> BytesOf(fledge::AddressRange range) {
    return {reinterpret_cast<const std::byte*>(range.begin), range.bytes};
  }
  static llvm::Error ErrorOf(
      const std::optional<fledge::runtime::StackMapError>& error) {
    return error ? llvm::createStringError(error->message)
                 : llvm::Error::success();
  }

  llvm::Error Register(jitlink::LinkGraph& graph, Linked& linked) {
    fledge::runtime::Code code;
    code.name = "jit";
    code.walk = fledge::runtime::FrameWalk::kBoth;
    code.range = RangeOf(graph, kCodeSection);
    if (llvm::Error error = ErrorOf(fledge::runtime::ReadLlvmStackMaps(
            BytesOf(RangeOf(graph, kMapSection)), code.map))) {
      return error;
    }
    std::map<fledge::Address, std::string> names;
    for (jitlink::Symbol* symbol : graph.defined_symbols()) {
      if (!symbol->hasName()) continue;
      names.emplace(symbol->getAddress().getValue(), symbol->getName().str());
    }
    code.map.NameFunctions([&](fledge::Address begin) {
      const auto found = names.find(begin);
      return found == names.end() ? std::string() : found->second;
    });
    if (llvm::Error error = ErrorOf(UnwindTable::Register(
            registry_.heap(), code.range, BytesOf(RangeOf(graph, ".eh_frame")),
            linked.table))) {
      return error;
    }
    return ErrorOf(registry_.RegisterCode(std::move(code), linked.code));
  }

  CodeRegistry& registry_;
  std::multimap<orc::ResourceKey, Linked> linked_;
};

template <typename T>
T Take(llvm::Expected<T> expected) {
  return llvm::cantFail(std::move(expected));
}

}  // namespace

Jit::Jit(CodeRegistry& registry)
    // Links where it is asked to, on this thread.
    : session_(Take(orc::SelfExecutorProcessControl::Create(
          nullptr, std::make_unique<orc::InPlaceTaskDispatcher>()))),
      layer_(session_),
      code_(session_.createBareJITDylib("nest")) {
  layer_.addPlugin(std::make_shared<StackMapPlugin>(registry));
  orc::SymbolMap symbols;
  for (const auto& [name, function] : RuntimeFunctions()) {
    symbols[session_.intern(name)] = {orc::ExecutorAddr::fromPtr(function),
                                      llvm::JITSymbolFlags::Exported};
  }
  llvm::cantFail(code_.define(orc::absoluteSymbols(std::move(symbols))));
}

Jit::~Jit() { llvm::cantFail(session_.endSession()); }

Main* Jit::Load(const ObjectFile& object) {
  // Removed as a whole; the runtime's functions stay.
  loaded_ = code_.createResourceTracker();
  llvm::cantFail(layer_.add(
      loaded_, llvm::MemoryBuffer::getMemBufferCopy(
                   llvm::StringRef(object.data(), object.size()), "nest")));
  return Take(session_.lookup({&code_}, session_.intern(kMainSymbol)))
      .getAddress()
      .toPtr<Main*>();
}

void Jit::Unload() {
  llvm::cantFail(loaded_->remove());
  loaded_ = nullptr;
}

}  // namespace nest
