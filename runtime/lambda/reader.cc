#include "runtime/lambda/reader.h"

#include <algorithm>
#include <span>
#include <string>

namespace fledge::lambda {
namespace {

using Kind = Token::Kind;

[[noreturn]] void Fail(Position at, const std::string& message) {
  throw SyntaxError(at, message);
}

std::string Place(Position at) {
  return "line " + std::to_string(at.line) + ", column " +
         std::to_string(at.column);
}

// What the form that `kind` begins lacks if the text ends.
std::string Missing(Kind kind) {
  switch (kind) {
    case Kind::kOpenMap:
      return "this map has no end: } is missing";
    case Kind::kOpenVector:
    case Kind::kOpenBytevector:
      return "this vector has no end: ) is missing";
    case Kind::kOpenList:
      return "this list has no end: ) is missing";
    default:
      return "what this belongs to is missing";
  }
}

bool HasItems(Kind kind) {
  return kind == Kind::kOpenList || kind == Kind::kOpenVector ||
         kind == Kind::kOpenBytevector || kind == Kind::kOpenMap;
}

Syntax* Make(Arena& arena, Syntax::Kind kind, Position at) {
  auto* const syntax = arena.Make<Syntax>();
  syntax->kind = kind;
  syntax->at = at;
  return syntax;
}

const Syntax* MakePair(Arena& arena, Position at, const Syntax* first,
                       const Syntax* rest) {
  Syntax* const pair = Make(arena, Syntax::Kind::kPair, at);
  pair->first = first;
  pair->rest = rest;
  return pair;
}

}  // namespace

const Syntax* Reader::Read(Arena& arena) {
  labels_.clear();
  while (true) {
    const Token token = lexer_.Next(arena);
    const Syntax* form = nullptr;
    switch (token.kind) {
      case Kind::kDatum:
        form = Add(arena, arena.Make<Syntax>(token.datum));
        break;
      case Kind::kReference:
        form = Add(arena, Reference(arena, token));
        break;
      case Kind::kClose:
      case Kind::kCloseMap:
        form = Add(arena, Close(arena, token));
        break;
      case Kind::kDot:
        AddDot(token);
        break;
      case Kind::kEnd:
        if (!open_.empty()) {
          const Token& open = open_.back().token;
          throw IncompleteError(open.at, Missing(open.kind));
        }
        return Make(arena, Syntax::Kind::kEndOfFile, token.at);
      default:
        Begin(token);
    }
    if (form != nullptr) return form;
  }
}

void Reader::Begin(const Token& token) {
  if (open_.size() == kMaxNesting) {
    Fail(token.at, "more than " + std::to_string(kMaxNesting) +
                       " forms are within each other here");
  }
  const std::size_t labels = labels_.size();
  if (token.kind == Kind::kLabel) {
    if (std::find(labels_.begin(), labels_.end(), token.integer) !=
        labels_.end()) {
      Fail(token.at, "the form has this label already");
    }
    labels_.push_back(token.integer);
  }
  open_.push_back({token, items_.size(), labels, Open::Dot::kNone, nullptr});
}

const Syntax* Reader::Close(Arena& arena, const Token& token) {
  const std::string mark = token.kind == Kind::kClose ? ")" : "}";
  if (open_.empty()) Fail(token.at, mark + " closes nothing");
  const Open open = open_.back();
  const Position at = open.token.at;
  if (!HasItems(open.token.kind)) {
    Fail(token.at, "before " + mark + " comes what belongs to " + Place(at));
  }
  const bool is_map = open.token.kind == Kind::kOpenMap;
  if (is_map != (token.kind == Kind::kCloseMap)) {
    Fail(token.at, mark + " does not close what is open since " + Place(at));
  }
  if (open.dot == Open::Dot::kRead) {
    Fail(token.at, "after the dot comes the rest of the list");
  }
  const std::span<const Syntax* const> items =
      std::span(items_).subspan(open.first_item);
  const Syntax* form = nullptr;
  if (open.token.kind == Kind::kOpenList) {
    form = ListOf(arena, open, token.at);
  } else if (open.token.kind == Kind::kOpenBytevector) {
    form = BytevectorOf(arena, open);
  } else {
    if (is_map && items.size() % 2 != 0) {
      Fail(token.at, "the map's last key has no value");
    }
    Syntax* const made =
        Make(arena, is_map ? Syntax::Kind::kMap : Syntax::Kind::kVector, at);
    made->items = arena.Copy(items);
    form = made;
  }
  items_.resize(open.first_item);
  open_.pop_back();
  return form;
}

const Syntax* Reader::ListOf(Arena& arena, const Open& open, Position end) {
  const bool is_empty = items_.size() == open.first_item;
  const Syntax* list = open.tail;
  if (list == nullptr) {
    list = Make(arena, Syntax::Kind::kNil, is_empty ? open.token.at : end);
  }
  for (std::size_t i = items_.size(); i > open.first_item; --i) {
    const Position at =
        i - 1 == open.first_item ? open.token.at : items_[i - 1]->at;
    list = MakePair(arena, at, items_[i - 1], list);
  }
  return list;
}

const Syntax* Reader::BytevectorOf(Arena& arena, const Open& open) {
  std::string bytes;
  for (std::size_t i = open.first_item; i < items_.size(); ++i) {
    const Syntax& item = *items_[i];
    if (!item.Is(Syntax::Kind::kInteger) || item.integer < 0 ||
        item.integer > 255) {
      Fail(item.at, "a bytevector has integers from 0 to 255");
    }
    bytes += static_cast<char>(item.integer);
  }
  Syntax* const made = Make(arena, Syntax::Kind::kBytevector, open.token.at);
  made->text = arena.Copy(bytes);
  return made;
}

const Syntax* Reader::Add(Arena& arena, const Syntax* form) {
  while (!open_.empty()) {
    Open& open = open_.back();
    const Token token = open.token;
    if (HasItems(token.kind)) {
      if (open.dot == Open::Dot::kComplete) {
        Fail(form->at, "after a dot comes one form, and then )");
      }
      if (open.dot == Open::Dot::kRead) {
        open.tail = form;
        open.dot = Open::Dot::kComplete;
      } else {
        items_.push_back(form);
      }
      return nullptr;
    }
    if (token.kind == Kind::kSkip) labels_.resize(open.first_label);
    open_.pop_back();
    if (token.kind == Kind::kSkip) return nullptr;
    if (token.kind == Kind::kAbbreviation) {
      form = Abbreviation(arena, token, form);
      continue;
    }
    const Syntax* meant = form;
    while (meant->Is(Syntax::Kind::kLabelled)) meant = meant->first;
    if (meant->Is(Syntax::Kind::kReference) &&
        meant->integer == token.integer) {
      Fail(meant->at, "the label means itself");
    }
    Syntax* const labelled = Make(arena, Syntax::Kind::kLabelled, token.at);
    labelled->integer = token.integer;
    labelled->first = form;
    form = labelled;
  }
  return form;
}

void Reader::AddDot(const Token& token) {
  if (open_.empty() || open_.back().token.kind != Kind::kOpenList ||
      open_.back().first_item == items_.size()) {
    Fail(token.at, "a dot comes in a list, after its first item");
  }
  if (open_.back().dot != Open::Dot::kNone) {
    Fail(token.at, "the list has a dot already");
  }
  open_.back().dot = Open::Dot::kRead;
}

const Syntax* Reader::Abbreviation(Arena& arena, const Token& token,
                                   const Syntax* form) {
  Syntax* const symbol = Make(arena, Syntax::Kind::kSymbol, token.at);
  symbol->name = names_.Intern(token.text);
  const Syntax* const end = Make(arena, Syntax::Kind::kNil, form->at);
  return MakePair(arena, token.at, symbol,
                  MakePair(arena, form->at, form, end));
}

const Syntax* Reader::Reference(Arena& arena, const Token& token) {
  if (std::find(labels_.begin(), labels_.end(), token.integer) ==
      labels_.end()) {
    Fail(token.at, "there is no such label before this");
  }
  Syntax* const reference = Make(arena, Syntax::Kind::kReference, token.at);
  reference->integer = token.integer;
  return reference;
}

}  // namespace fledge::lambda
