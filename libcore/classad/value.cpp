#include "classad/value.hpp"

#include "classad/ad.hpp"
#include "classad/scope.hpp"

#include <array>

namespace tow::classad {

namespace {

constexpr std::array<std::string_view, 10> kKindNames{"undefined", "error",  "boolean", "integer",
                                                      "real",      "string", "list",    "classad",
                                                      "abstime",   "reltime"};

ListValue detached_list(const ListValue& list) {
    ListValue result;
    if (list.literal && list.literal.use_count() == 0) {
        result.literal = std::make_shared<const std::vector<ExprPtr>>(*list.literal);
    } else {
        result.literal = list.literal;
    }
    result.computed.reserve(list.computed.size());
    for (const auto& item : list.computed) {
        result.computed.push_back(item.detached());
    }
    return result;
}

}  // namespace

std::string_view kind_name(Kind kind) noexcept {
    return kKindNames[static_cast<std::size_t>(kind)];
}

Value Value::list(std::vector<Value> items) {
    ListValue list;
    list.computed = std::move(items);
    return Value::list(std::move(list));
}

Value Value::list(ListValue list) {
    return Value(Kind::List, std::make_shared<const ListValue>(std::move(list)));
}

Value Value::ad(Ad ad) {
    return Value::ad(std::make_shared<const Scope>(
        Scope{std::make_shared<const Ad>(std::move(ad)), nullptr, Scope::Role::Plain}));
}

Value Value::ad(ScopePtr scope) noexcept {
    return Value(Kind::Ad, std::move(scope));
}

Value Value::absolute_time(AbsoluteTime time) noexcept {
    Value value(Kind::AbsoluteTime, Scalar{.integer = time.seconds});
    value.offset_ = time.offset;
    return value;
}

const ListValue* Value::if_list() const noexcept {
    return kind_ == Kind::List ? static_cast<const ListValue*>(object_.get()) : nullptr;
}

const Ad* Value::if_ad() const noexcept {
    return kind_ == Kind::Ad ? static_cast<const Scope*>(object_.get())->ad.get() : nullptr;
}

ScopePtr Value::ad_scope() const noexcept {
    return kind_ == Kind::Ad ? std::static_pointer_cast<const Scope>(object_) : nullptr;
}

bool Value::is_true() const noexcept {
    switch (kind_) {
        case Kind::Boolean:
            return scalar_.boolean;
        case Kind::Integer:
            return scalar_.integer != 0;
        case Kind::Real:
            return scalar_.real != 0.0;
        default:
            return false;
    }
}

Value Value::borrowed() const noexcept {
    if (!object_) {
        return *this;
    }
    return Value(kind_, unowned(object_.get()));
}

Value Value::detached() const {
    switch (kind_) {
        case Kind::String:
            return object_.use_count() == 0 ? Value::string(*if_string()) : *this;
        case Kind::List:
            return Value::list(detached_list(*if_list()));
        case Kind::Ad: {
            const auto& ad = static_cast<const Scope*>(object_.get())->ad;
            return Value::ad(std::make_shared<const Scope>(
                Scope{ad.use_count() == 0 ? std::make_shared<const Ad>(*ad) : ad, nullptr,
                      Scope::Role::Plain}));
        }
        default:
            return *this;
    }
}

}  // namespace tow::classad
