// Many requests at once over few connections, with a deadline for each and one for all.
#pragma once

#include "http/message.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace tow::http {

struct ClientOptions {
    std::chrono::milliseconds deadline{60'000};  // for all, from the first run(); zero: none
    std::size_t parallel = 64;                   // requests at once
    std::size_t per_host = 4;  // connections to one host through one proxy; 1 is polite

    // A host that failed so often in a row without a word is not asked again: what waits for it
    // fails at once, in the same way. 0: it is asked again and again.
    int give_up_after = 0;
    std::string user_agent = "aerotow";

    // What happens, for people (-vv): one line for each try, without secrets.
    std::function<void(const std::string& line)> log;
};

class Client {
  public:
    using Done = std::function<void(Response response)>;

    explicit Client(ClientOptions options = {});
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;
    ~Client();

    // Takes the request; done is called once, from run(), and may start others.
    void start(Request request, Done done);

    // Works until nothing is left, or the deadline has passed: then all that is left has failed.
    // Ends early as stop.hpp says.
    void run();

    // Whether a request to this URL would be refused because its host was given up.
    bool gave_up(const Request& request) const;

    // One request, from start to end.
    Response fetch(Request request);

  private:
    class State;
    std::unique_ptr<State> state_;
};

// All of them, in the order of the requests.
std::vector<Response> fetch_all(std::vector<Request> requests, ClientOptions options = {});

}  // namespace tow::http
