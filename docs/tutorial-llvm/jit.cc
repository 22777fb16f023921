#include "docs/tutorial-llvm/jit.h"

#include <llvm/ExecutionEngine/JITLink/JITLink.h>
#include <llvm/ExecutionEngine/Orc/ExecutorProcessControl.h>
#include <llvm/ExecutionEngine/Orc/TaskDispatch.h>
#include <llvm/Support/Error.h>
#include <llvm/Support/MemoryBuffer.h>

#include <map>
#include <span>
#include <string>
#include <utility>

#include "docs/tutorial-llvm/code_generator.h"
#include "runtime/llvm_stack_map.h"
#include "runtime/stack_map.h"

namespace nest {
namespace {

namespace jitlink = llvm::jitlink;
namespace orc = llvm::orc;
using fledge::runtime::CodeRegistry;

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
          CodeRegistry::Registration registration;
          if (llvm::Error error = Register(graph, registration)) return error;
          return responsibility.withResourceKeyDo([&](orc::ResourceKey key) {
            registrations_.emplace(key, std::move(registration));
          });
        });
  }

  llvm::Error notifyFailed(orc::MaterializationResponsibility&) override {
    return llvm::Error::success();
  }
  // Before the memory is given back.
  llvm::Error notifyRemovingResources(orc::JITDylib&,
                                      orc::ResourceKey key) override {
    registrations_.erase(key);
    return llvm::Error::success();
  }
  void notifyTransferringResources(orc::JITDylib&, orc::ResourceKey to,
                                   orc::ResourceKey from) override {
    for (auto found = registrations_.find(from); found != registrations_.end();
         found = registrations_.find(from)) {
      registrations_.emplace(to, std::move(found->second));
      registrations_.erase(found);
    }
  }

 private:
  static constexpr char kMapSection[] = ".llvm_stackmaps";

  llvm::Error Register(jitlink::LinkGraph& graph,
                       CodeRegistry::Registration& registration) {
    fledge::runtime::Code code;
    code.name = "jit";
    code.walk = fledge::runtime::FrameWalk::kFramePointer;
    jitlink::Section* const text = graph.findSectionByName(kCodeSection);
    if (text == nullptr) return llvm::Error::success();
    const jitlink::SectionRange range(*text);
    code.range = {range.getStart().getValue(), range.getSize()};
    if (jitlink::Section* maps = graph.findSectionByName(kMapSection)) {
      for (jitlink::Block* block : maps->blocks()) {
        const llvm::ArrayRef<char> bytes = block->getContent();
        if (auto error = ReadLlvmStackMaps(
                std::as_bytes(std::span(bytes.data(), bytes.size())),
                code.map)) {
          return llvm::createStringError(error->message);
        }
      }
    }
    std::map<fledge::Address, std::string> names;
    for (jitlink::Symbol* symbol : text->symbols()) {
      if (symbol->hasName()) {
        names.emplace(symbol->getAddress().getValue(), symbol->getName().str());
      }
    }
    code.map.NameFunctions([&](fledge::Address begin) {
      const auto found = names.find(begin);
      return found == names.end() ? std::string() : found->second;
    });
    if (auto error = registry_.RegisterCode(std::move(code), registration)) {
      return llvm::createStringError(error->message);
    }
    return llvm::Error::success();
  }

  CodeRegistry& registry_;
  std::multimap<orc::ResourceKey, CodeRegistry::Registration> registrations_;
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
  llvm::cantFail(layer_.add(
      code_, llvm::MemoryBuffer::getMemBufferCopy(
                 llvm::StringRef(object.data(), object.size()), "nest")));
  return Take(session_.lookup({&code_}, session_.intern(kMainSymbol)))
      .getAddress()
      .toPtr<Main*>();
}

void Jit::Unload() {
  llvm::cantFail(code_.getDefaultResourceTracker()->remove());
}

}  // namespace nest
