#include "publish/sender.hpp"

#include "base/dirs.hpp"
#include "base/error.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "http/client.hpp"
#include "publish/documents.hpp"

#include <algorithm>
#include <utility>

namespace tow::publish {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kConnectTime{3'000};

milliseconds left(Deadline deadline) {
    return std::max(milliseconds{1},
                    std::chrono::ceil<milliseconds>(deadline - steady_clock::now()));
}

std::string content_type(Protocol protocol) {
    switch (protocol) {
        case Protocol::RemoteWrite:
            return "application/x-protobuf";
        case Protocol::OpenSearch:
            return "application/x-ndjson";
        case Protocol::Json:
        case Protocol::ApfMon:
            return "application/json";
        default:
            return "text/plain; version=0.0.4; charset=utf-8";
    }
}

bool is_final(int status) {
    constexpr int kFinal[] = {400, 413, 415, 422};
    return std::ranges::find(kFinal, status) != std::end(kFinal);
}

// The first words of an answer that says why.
std::string words_of(const http::Response& response) {
    constexpr std::size_t kShown = 200;
    const auto text = base::printable(base::trim(response.body.substr(0, kShown)));
    return text.empty() ? "" : ": " + text;
}

class HttpSender : public Sender {
  public:
    HttpSender(const Target& target, Deadline deadline, const Log& log)
        : target_(target), deadline_(deadline), client_(options(log)) {}

    void send(const Part& part) override {
        http::Request request;
        const auto verb = part.request.substr(0, part.request.find(' '));
        request.method = target_.protocol == Protocol::Pushgateway ? "PUT"
                         : verb.empty()                            ? "POST"
                                                                   : verb;
        request.url = url_of(target_, part, base::host_name());
        request.body = part.body;
        request.timeout = left(deadline_);
        request.connect_timeout = std::min(kConnectTime, left(deadline_));
        request.headers.push_back({"Content-Type", content_type(target_.protocol)});
        if (target_.protocol == Protocol::RemoteWrite) {
            request.headers.push_back({"Content-Encoding", "snappy"});
            request.headers.push_back({"X-Prometheus-Remote-Write-Version", "0.1.0"});
        }
        if (target_.authorization) {
            request.headers.push_back({"Authorization", *target_.authorization});
        }
        judge(client_.fetch(std::move(request)));
    }

  private:
    static http::ClientOptions options(const Log& log) {
        http::ClientOptions options;
        options.deadline = milliseconds{0};  // each request has its own
        options.log = log;
        return options;
    }

    void judge(const http::Response& response) const {
        if (!response.error && is_final(response.status)) {
            base::fail(base::Kind::Data, "{}: status {}{}", http::shown_url(response.url),
                       response.status, words_of(response));
        }
        if (!response.error && !response.ok()) {
            try {
                response.require_ok();
            } catch (const base::Error& error) {
                throw base::Error(error.kind(), error.what() + words_of(response));
            }
        }
        response.require_ok();
        if (target_.protocol == Protocol::OpenSearch) {
            if (const auto refusal = bulk_refusal(response.body)) {
                base::fail(base::Kind::Data, "{}: {}", http::shown_url(response.url),
                           base::printable(*refusal));
            }
        }
    }

    const Target& target_;
    Deadline deadline_;
    http::Client client_;
};

class SocketSender : public Sender {
  public:
    SocketSender(const Target& target, Deadline deadline) : target_(target), deadline_(deadline) {}

    void send(const Part& part) override {
        if (!socket_) {
            socket_ = std::make_unique<Socket>(
                target_.address, is_datagrams() ? Socket::Means::Datagrams : Socket::Means::Stream,
                deadline_);
        }
        try {
            socket_->send(part.body);
        } catch (const base::Error&) {
            socket_.reset();  // the next try begins with a new one
            throw;
        }
    }

    void finish() override {
        const auto socket = std::exchange(socket_, nullptr);
        if (socket && !is_datagrams()) {
            socket->finish();
        }
    }

  private:
    bool is_datagrams() const { return target_.protocol == Protocol::Statsd; }

    const Target& target_;
    Deadline deadline_;
    std::unique_ptr<Socket> socket_;
};

class CollectorSender : public Sender {
  public:
    CollectorSender(const Target& target, Deadline deadline)
        : target_(target), deadline_(deadline) {}

    void send(const Part& part) override {
        constexpr std::size_t kMostOutput = std::size_t{1} << 20;
        const auto result = base::run_to_end(
            {{"condor_advertise", "-pool", target_.address, "-multiple", "UPDATE_AD_GENERIC", "-"},
             {},
             part.body},
            {kMostOutput, left(deadline_)});
        if (!result.status.ok()) {
            base::fail(base::Kind::Unavailable, "condor_advertise: {}: {}",
                       result.status.describe(), result.complaint);
        }
    }

  private:
    const Target& target_;
    Deadline deadline_;
};

}  // namespace

std::string url_of(const Target& target, const Part& part, const std::string& host) {
    auto url = target.address;
    if (target.protocol == Protocol::Pushgateway &&
        url.find("/metrics/job/") == std::string::npos) {
        url += url.ends_with('/') ? "" : "/";
        url += fmt::format("metrics/job/{}/instance/{}", target.prefix, host);
    } else if (target.protocol == Protocol::Influx) {
        url += url.find('?') == std::string::npos ? "?precision=ms" : "&precision=ms";
    } else if (target.protocol == Protocol::OpenSearch) {
        url += url.ends_with('/') ? "_bulk" : "/_bulk";
    }
    const auto blank = part.request.find(' ');
    if (blank != std::string::npos) {
        while (url.ends_with('/')) {
            url.pop_back();
        }
        url += part.request.substr(blank + 1);
    }
    return url;
}

std::unique_ptr<Sender> make_sender(const Target& target, Deadline deadline, const Log& log) {
    if (target.is_http()) {
        return std::make_unique<HttpSender>(target, deadline, log);
    }
    if (target.protocol == Protocol::Collector) {
        return std::make_unique<CollectorSender>(target, deadline);
    }
    return std::make_unique<SocketSender>(target, deadline);
}

}  // namespace tow::publish
