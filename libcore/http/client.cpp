#include "http/client.hpp"

#include "base/stop.hpp"
#include "base/text.hpp"
#include "http/transfer.hpp"

#include <algorithm>
#include <deque>
#include <list>
#include <map>
#include <unordered_map>

#include <curl/curl.h>

namespace tow::http {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kLongestRetryDelay{30'000};
constexpr milliseconds kLongestPoll{1'000};

struct FreeMulti {
    void operator()(CURLM* handle) const noexcept { ::curl_multi_cleanup(handle); }
};

milliseconds until(Clock::time_point end) {
    return std::max(milliseconds{0}, std::chrono::ceil<milliseconds>(end - Clock::now()));
}

bool is_worth_a_retry(const Response& response) {
    if (response.error) {
        return response.error->kind() == base::Kind::Unavailable;
    }
    const int status = response.status;
    return status == 429 || status == 502 || status == 503 || status == 504;
}

milliseconds delay_before_retry(const Request& request, const Response& response) {
    auto delay = request.retry_delay * (1LL << std::min(response.tries - 1, 10));
    const auto* after = response.header("Retry-After");
    if (after != nullptr && !after->empty() && after->size() < 6 &&
        std::ranges::all_of(*after, base::is_digit)) {
        delay = std::max<milliseconds>(delay, std::chrono::seconds(std::stoi(*after)));
    }
    return std::min<milliseconds>(delay, kLongestRetryDelay);
}

using Place = std::list<Transfer>::iterator;

// Requests to one host through one proxy, in the order they came.
struct Host {
    std::deque<Place> waiting;
    std::size_t running = 0;
    int failures = 0;  // in a row, without a word from it
    std::optional<base::Error> last_failure;
};

std::string host_key(const Request& request) {
    return origin_of(request.url).value_or("") + " " + request.proxy.value_or("environment");
}

}  // namespace

class Client::State {
  public:
    explicit State(ClientOptions options);
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State();

    void add(Request request, Done done);
    void run();
    bool gave_up(const std::string& host) const;

  private:
    void start_what_can_start();
    void start_waiting(const std::string& name, Host& host);
    void start(Place place);
    void collect();
    void finish(CURL* handle, CURLcode code);
    bool retries(Place place);
    void end(Place place);
    void fail_all();
    void wait() const;

    ClientOptions options_;
    std::unique_ptr<CURLM, FreeMulti> multi_;
    std::optional<Clock::time_point> deadline_;
    std::map<std::string, Host> hosts_;
    std::list<Transfer> transfers_;  // all of them
    std::unordered_map<CURL*, Place> running_;
    std::multimap<Clock::time_point, Place> delayed_;  // to be tried again
    std::size_t ended_ = 0;
};

Client::State::State(ClientOptions options) : options_(std::move(options)) {
    static const CURLcode ready = ::curl_global_init(CURL_GLOBAL_DEFAULT);
    multi_.reset(::curl_multi_init());
    if (ready != CURLE_OK || !multi_) {
        base::fail(base::Kind::Internal, "libcurl cannot be used");
    }
    ::curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS,
                        static_cast<long>(options_.parallel * 2));
}

Client::State::~State() {
    for (const auto& [handle, place] : running_) {
        ::curl_multi_remove_handle(multi_.get(), handle);
    }
}

bool Client::State::gave_up(const std::string& host) const {
    const auto found = hosts_.find(host);
    return options_.give_up_after > 0 && found != hosts_.end() &&
           found->second.failures >= options_.give_up_after;
}

void Client::State::add(Request request, Done done) {
    transfers_.emplace_back();
    const auto place = std::prev(transfers_.end());
    place->host = host_key(request);
    place->request = std::move(request);
    place->done = std::move(done);
    hosts_[place->host].waiting.push_back(place);
}

void Client::State::run() {
    if (!deadline_) {
        deadline_ = options_.deadline.count() > 0 ? Clock::now() + options_.deadline
                                                  : Clock::time_point::max();
    }
    while (!transfers_.empty()) {
        base::check_stop();
        if (Clock::now() >= *deadline_) {
            fail_all();
            continue;  // who was told may have started others
        }
        const auto ended_before = ended_;
        start_what_can_start();
        int still_running = 0;
        ::curl_multi_perform(multi_.get(), &still_running);
        collect();
        if (ended_ == ended_before) {  // else there may be something new to start
            wait();
        }
    }
}

void Client::State::start_what_can_start() {
    const auto now = Clock::now();
    while (!delayed_.empty() && delayed_.begin()->first <= now) {
        const auto place = delayed_.begin()->second;
        hosts_[place->host].waiting.push_back(place);
        delayed_.erase(delayed_.begin());
    }
    for (auto& [name, host] : hosts_) {
        start_waiting(name, host);
    }
}

void Client::State::start_waiting(const std::string& name, Host& host) {
    while (!host.waiting.empty() && host.running < options_.per_host &&
           running_.size() < options_.parallel) {
        const auto place = host.waiting.front();
        host.waiting.pop_front();
        if (gave_up(name)) {
            place->response.error =
                base::Error(host.last_failure->kind(),
                            fmt::format("{}: its host is not asked again after {} failures: {}",
                                        shown_url(place->request.url), host.failures,
                                        host.last_failure->what()));
            end(place);
        } else {
            start(place);
        }
    }
}

void Client::State::start(Place place) {
    const auto now = Clock::now();
    if (place->response.tries == 0) {
        place->end = std::min(*deadline_, now + place->request.timeout);
    }
    try {
        place->prepare(until(place->end), options_.user_agent);
    } catch (const base::Error& error) {
        place->response.error = error;
        end(place);
        return;
    }
    ++hosts_[place->host].running;
    running_.emplace(place->handle.get(), place);
    ::curl_multi_add_handle(multi_.get(), place->handle.get());
}

void Client::State::collect() {
    int left = 0;
    while (const CURLMsg* message = ::curl_multi_info_read(multi_.get(), &left)) {
        if (message->msg == CURLMSG_DONE) {
            finish(message->easy_handle, message->data.result);
        }
    }
}

void Client::State::finish(CURL* handle, CURLcode code) {
    const auto place = running_.at(handle);
    place->settle(code);
    ::curl_multi_remove_handle(multi_.get(), handle);
    running_.erase(handle);
    place->handle.reset();
    auto& host = hosts_[place->host];
    --host.running;
    const auto& response = place->response;
    host.failures = response.error && response.status == 0 ? host.failures + 1 : 0;
    if (host.failures > 0) {
        host.last_failure = response.error;
    }
    if (options_.log) {
        options_.log(place->summary());
    }
    if (const auto thrown = place->thrown()) {
        transfers_.erase(place);
        std::rethrow_exception(thrown);
    }
    if (!retries(place)) {
        end(place);
    }
}

// Whether it is tried again later.
bool Client::State::retries(Place place) {
    const auto& request = place->request;
    const auto& response = place->response;
    const bool sink_has_some = request.sink && response.body_bytes > 0;
    if (!may_be_repeated(request) || sink_has_some || response.tries > request.retries ||
        !is_worth_a_retry(response)) {
        return false;
    }
    const auto next = Clock::now() + delay_before_retry(request, response);
    if (next >= place->end) {
        return false;
    }
    delayed_.emplace(next, place);
    return true;
}

void Client::State::end(Place place) {
    ++ended_;
    const auto done = std::move(place->done);
    auto response = std::move(place->response);
    transfers_.erase(place);
    done(std::move(response));
}

void Client::State::fail_all() {
    for (const auto& [handle, place] : running_) {
        ::curl_multi_remove_handle(multi_.get(), handle);
    }
    running_.clear();
    delayed_.clear();
    for (auto& [name, host] : hosts_) {
        host.waiting.clear();
        host.running = 0;
    }
    auto left = std::exchange(transfers_, {});
    for (auto& transfer : left) {
        auto& response = transfer.response;
        response.error = base::Error(
            base::Kind::Timeout,
            fmt::format("{}: {} when the {} ms for all had passed", shown_url(transfer.request.url),
                        response.tries > 0 ? "no whole answer" : "not asked",
                        options_.deadline.count()));
        transfer.done(std::move(response));
    }
}

void Client::State::wait() const {
    auto longest = std::min(kLongestPoll, until(*deadline_));
    if (!delayed_.empty()) {
        longest = std::min(longest, until(delayed_.begin()->first));
    }
    curl_waitfd stop{base::stop_descriptor(), CURL_WAIT_POLLIN, 0};
    const bool watches = stop.fd >= 0 && !base::stop_requested();
    ::curl_multi_poll(multi_.get(), &stop, watches ? 1 : 0, static_cast<int>(longest.count()),
                      nullptr);
}

Client::Client(ClientOptions options) : state_(std::make_unique<State>(std::move(options))) {}

Client::~Client() = default;

void Client::start(Request request, Done done) {
    state_->add(std::move(request), std::move(done));
}

void Client::run() {
    state_->run();
}

bool Client::gave_up(const Request& request) const {
    return state_->gave_up(host_key(request));
}

Response Client::fetch(Request request) {
    Response result;
    start(std::move(request), [&](Response response) { result = std::move(response); });
    run();
    return result;
}

std::vector<Response> fetch_all(std::vector<Request> requests, ClientOptions options) {
    std::vector<Response> results(requests.size());
    Client client(std::move(options));
    for (std::size_t i = 0; i < requests.size(); ++i) {
        client.start(std::move(requests[i]),
                     [&results, i](Response response) { results[i] = std::move(response); });
    }
    client.run();
    return results;
}

}  // namespace tow::http
