#include "batch/credentials.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "record/json.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace tow::batch {

namespace {

constexpr std::size_t kLargestFile = std::size_t{1} << 20;
constexpr std::chrono::minutes kShortest{15};  // of a wall time that is worth a pilot
constexpr std::chrono::minutes kMargin{5};     // before a credential expires, the pilot has ended

int base64_digit(char c) {
    constexpr std::string_view kUrlDigits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const auto digit = kUrlDigits.find(c);
    return digit == std::string_view::npos ? -1 : static_cast<int>(digit);
}

// RFC 4648, the alphabet for URLs, without padding.
std::optional<std::string> decode_base64url(std::string_view text) {
    std::string bytes;
    unsigned bits = 0;
    int count = 0;
    for (const char c : text) {
        const int digit = base64_digit(c);
        if (digit < 0) {
            return std::nullopt;
        }
        bits = (bits << 6U) | static_cast<unsigned>(digit);
        count += 6;
        if (count >= 8) {
            count -= 8;
            bytes += static_cast<char>((bits >> static_cast<unsigned>(count)) & 0xFFU);
        }
    }
    return bytes;
}

struct Free {
    void operator()(BIO* bio) const noexcept { BIO_free(bio); }
    void operator()(X509* certificate) const noexcept { X509_free(certificate); }
};

std::optional<base::Time> to_time(const ASN1_TIME* time) {
    std::tm parts{};
    if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) {
        return std::nullopt;
    }
    return base::Time{std::chrono::seconds{::timegm(&parts)}};
}

// Instead of asking on the terminal.
int no_pass_phrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*data*/) {
    return -1;
}

using Expiry = std::optional<base::Time> (*)(std::string_view);

std::optional<base::Time> expiry_of_proxy(std::string_view pem) {
    return proxy_expiry(pem);
}

std::optional<base::Time> expiry_of(const std::string& path, Expiry expiry, Transport& transport,
                                    base::Time now) {
    std::optional<base::Time> end;
    try {
        const auto content = transport.read_file(path, kLargestFile);
        end = base::with_context(path, [&] { return expiry(content); });
    } catch (const base::Error& error) {
        if (error.kind() == base::Kind::Unavailable || error.kind() == base::Kind::Timeout) {
            throw;  // the machine where the file lies
        }
        base::fail(base::Kind::Permission, "credential {}", error.what());
    }
    if (end && *end <= now) {
        base::fail(base::Kind::Permission, "credential {}: expired at {}", path,
                   base::format_time(*end));
    }
    return end;
}

}  // namespace

Credentials read_credentials(const model::Fields& target) {
    Credentials result;
    const auto fields = target.known_fields("credentials");
    if (!fields) {
        return result;
    }
    for (const auto& [key, file] :
         {std::pair{"proxy", &result.proxy}, std::pair{"scitoken", &result.scitoken},
          std::pair{"idtoken", &result.idtoken}}) {
        *file = fields->known_text(key);
        if (*file && (*file)->substr(0, 1) != "/") {
            fields->reject(key, "expected an absolute path");
        }
    }
    const auto when_short = fields->known_text("when_short").value_or("shorten");
    if (when_short != "shorten" && when_short != "refuse") {
        fields->reject("when_short", "expected shorten or refuse");
    }
    result.may_shorten = when_short == "shorten";
    return result;
}

model::Entry fit_to_credentials(const model::Entry& entry, Transport& transport, base::Time now) {
    const record::Document document(record::to_json(entry.target));
    const auto credentials = read_credentials(model::Fields(document.root(), "target."));
    std::optional<base::Time> end;
    std::string first_to_end;
    const auto look = [&](const std::optional<std::string>& path, Expiry expiry) {
        const auto its_end = path ? expiry_of(*path, expiry, transport, now) : std::nullopt;
        if (its_end && (!end || *its_end < *end)) {
            end = its_end;
            first_to_end = *path;
        }
    };
    look(credentials.proxy, expiry_of_proxy);
    look(credentials.scitoken, token_expiry);
    look(credentials.idtoken, token_expiry);
    auto result = entry;
    if (!end || (entry.pilot.walltime && now + *entry.pilot.walltime + kMargin <= *end)) {
        return result;
    }
    const auto left = *end - now - kMargin;
    if (!credentials.may_shorten || left < kShortest) {
        base::fail(base::Kind::Permission,
                   "credential {}: expires at {}, before the pilot would end", first_to_end,
                   base::format_time(*end));
    }
    result.pilot.walltime = std::chrono::floor<std::chrono::minutes>(left);
    return result;
}

std::optional<base::Time> token_expiry(std::string_view token) {
    const auto parts = base::split(base::trim(token), '.');
    const auto payload = parts.size() == 3 ? decode_base64url(parts[1]) : std::nullopt;
    if (!payload) {
        base::fail(base::Kind::Data, "is no JSON web token");
    }
    try {
        const record::Document document(*payload);
        constexpr double kLatest = 253'402'300'799;  // the year 9999
        if (!document.root().is_object()) {
            base::fail(base::Kind::Data, "no claims");
        }
        const auto seconds = model::Fields(document.root()).known_number("exp");
        if (!seconds) {
            return std::nullopt;
        }
        return base::Time{
            std::chrono::seconds{static_cast<std::int64_t>(std::clamp(*seconds, 0.0, kLatest))}};
    } catch (const base::Error&) {
        base::fail(base::Kind::Data, "is no JSON web token");
    }
}

base::Time proxy_expiry(std::string_view pem) {
    const std::unique_ptr<BIO, Free> input(
        BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    std::optional<base::Time> end;
    for (;;) {
        const std::unique_ptr<X509, Free> certificate(
            PEM_read_bio_X509(input.get(), nullptr, no_pass_phrase, nullptr));
        if (certificate == nullptr) {
            break;
        }
        const auto its_end = to_time(X509_get0_notAfter(certificate.get()));
        if (!its_end) {
            base::fail(base::Kind::Data, "holds a certificate without an end");
        }
        end = std::min(end.value_or(*its_end), *its_end);
    }
    ERR_clear_error();  // the end of the file counts as one
    if (!end) {
        base::fail(base::Kind::Data, "holds no certificate");
    }
    return *end;
}

}  // namespace tow::batch
