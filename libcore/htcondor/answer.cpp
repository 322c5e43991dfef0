#include "htcondor/answer.hpp"

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "record/json.hpp"

#include <algorithm>
#include <array>

namespace tow::htcondor {

namespace {

constexpr std::array<std::string_view, 8> kRefusals{
    "AUTHENTICATE", "uthorization",    "uthentication", "DENIED",
    "SECMAN:2010",  "No auth methods", "Permission",    "not authorized"};

struct HoldCode {
    std::int64_t code;
    std::string_view meaning;
};

constexpr std::array kHoldCodes{
    HoldCode{0, "unspecified"},
    HoldCode{1, "held by a person"},
    HoldCode{2, "Globus GRAM error"},
    HoldCode{3, "job policy"},
    HoldCode{4, "credential"},
    HoldCode{5, "job policy undefined"},
    HoldCode{6, "could not execute"},
    HoldCode{7, "could not open standard input"},
    HoldCode{8, "could not open standard output"},
    HoldCode{9, "could not open standard error"},
    HoldCode{10, "could not open standard files"},
    HoldCode{11, "could not open a file"},
    HoldCode{12, "output transfer"},
    HoldCode{13, "input transfer"},
    HoldCode{14, "could not go to its directory"},
    HoldCode{15, "submitted on hold"},
    HoldCode{16, "input being spooled"},
    HoldCode{17, "shadow mismatch"},
    HoldCode{18, "input transfer by GoAhead"},
    HoldCode{19, "hook could not be used"},
    HoldCode{20, "could not work on deferred job"},
    HoldCode{21, "held by the startd"},
    HoldCode{22, "could not open the user log"},
    HoldCode{23, "hook failed"},
    HoldCode{24, "proc cap"},
    HoldCode{25, "unready transfer"},
    HoldCode{26, "system policy"},
    HoldCode{27, "system policy undefined"},
    HoldCode{28, "job module failed"},
    HoldCode{32, "transfer input limit"},
    HoldCode{33, "transfer output limit"},
    HoldCode{34, "memory exceeded"},
    HoldCode{35, "invalid container image"},
    HoldCode{36, "checkpoint failed"},
    HoldCode{37, "EC2 user error"},
    HoldCode{38, "EC2 internal error"},
    HoldCode{39, "EC2 administrator error"},
    HoldCode{40, "EC2 connection problem"},
    HoldCode{41, "EC2 server error"},
    HoldCode{42, "EC2 instance may be lost"},
    HoldCode{43, "pre-script failed"},
    HoldCode{44, "post-script failed"},
    HoldCode{45, "container runtime test failed"},
    HoldCode{46, "job duration exceeded"},
    HoldCode{47, "execution duration exceeded"},
    HoldCode{48, "input transfer hook failed"},
};

[[noreturn]] void refuse() {
    base::fail(base::Kind::Data, "expected a JSON array of ads");
}

void take(std::string_view& text, char token) {
    if (text.empty() || text.front() != token) {
        refuse();
    }
    text = base::trim_left(text.substr(1));
}

// Of the object that the text begins with; whether it is one, the parser will tell.
std::size_t length_of_object(std::string_view text) {
    bool in_string = false;
    std::size_t depth = 0;
    for (std::size_t i = 0; i < text.size() && (i > 0 || text[0] == '{'); ++i) {
        const char c = text[i];
        if (in_string) {
            i += c == '\\' ? 1U : 0U;
            in_string = c != '"';
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{') {
            ++depth;
        } else if (c == '}' && --depth == 0) {
            return i + 1;
        }
    }
    refuse();
}

}  // namespace

base::Error failure(std::string_view command, const base::ExitStatus& status,
                    std::string_view complaint) {
    const bool is_refused = std::ranges::any_of(kRefusals, [&](std::string_view words) {
        return complaint.find(words) != std::string_view::npos;
    });
    return {is_refused ? base::Kind::Permission : base::Kind::Unavailable,
            fmt::format("{}: {}: {}", command, status.describe(),
                        complaint.empty() ? "it gave no reason" : base::printable(complaint))};
}

// One by one: together they may be larger than any document that is parsed at once.
void each_ad(std::string_view json, const std::function<void(record::View ad)>& visit) {
    auto rest = base::trim(json);
    if (rest.empty()) {
        return;
    }
    take(rest, '[');
    record::JsonParser parser;
    std::string ad;
    for (bool is_first = true; rest.empty() || rest.front() != ']'; is_first = false) {
        if (!is_first) {
            take(rest, ',');
        }
        const auto length = length_of_object(rest);
        ad.assign(rest.substr(0, length)).append(record::kPadding, '\0');
        parser.parse_padded(std::string_view(ad).substr(0, length));
        visit(parser.root());
        rest = base::trim_left(rest.substr(length));
    }
    take(rest, ']');
    if (!rest.empty()) {
        refuse();
    }
}

std::string_view hold_meaning(std::int64_t code) noexcept {
    const auto known = std::ranges::find(kHoldCodes, code, &HoldCode::code);
    return known == kHoldCodes.end() ? "" : known->meaning;
}

}  // namespace tow::htcondor
