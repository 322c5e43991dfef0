#include "top/terminal.hpp"

#include "base/dirs.hpp"
#include "base/error.hpp"
#include "base/file.hpp"

#include <array>
#include <clocale>
#include <cstring>
#include <poll.h>
#include <unistd.h>

#include <langinfo.h>

#define NCURSES_NOMACROS  // they have short names and no scope
#include <curses.h>

namespace tow::top {

namespace {

// Numbers of colour pairs, by style; 0 is the terminal's own.
struct Look {
    Style style;
    short color;  // -1: none
    attr_t attributes;
};

constexpr std::array kLooks{
    Look{Style::Plain, -1, A_NORMAL},         Look{Style::Quiet, COLOR_CYAN, A_NORMAL},
    Look{Style::Good, COLOR_GREEN, A_NORMAL}, Look{Style::Warning, COLOR_YELLOW, A_NORMAL},
    Look{Style::Critical, COLOR_RED, A_BOLD}, Look{Style::Title, -1, A_BOLD},
    Look{Style::Selected, -1, A_REVERSE}};

// Text is UTF-8 whatever the locale says; only its character set matters here.
void use_utf8() {
    std::setlocale(LC_CTYPE, "");
    if (std::strcmp(::nl_langinfo(CODESET), "UTF-8") != 0) {
        std::setlocale(LC_CTYPE, "C.UTF-8");
    }
}

KeyPress to_key(int code) {
    switch (code) {
        case KEY_UP:
            return {Key::Up};
        case KEY_DOWN:
            return {Key::Down};
        case KEY_PPAGE:
            return {Key::PageUp};
        case KEY_NPAGE:
            return {Key::PageDown};
        case KEY_HOME:
            return {Key::Home};
        case KEY_END:
            return {Key::End};
        case KEY_RIGHT:
        case '\t':
            return {Key::NextTab};
        case KEY_LEFT:
        case KEY_BTAB:
            return {Key::PreviousTab};
        case KEY_ENTER:
        case '\n':
        case '\r':
            return {Key::Enter};
        case 27:
            return {Key::Escape};
        case KEY_BACKSPACE:
        case 127:
        case '\b':
            return {Key::Backspace};
        default:
            return code >= ' ' && code < 256 ? KeyPress{Key::Character, static_cast<char>(code)}
                                             : KeyPress{};
    }
}

}  // namespace

struct Terminal::Screen {
    SCREEN* screen = nullptr;
    bool has_color = false;
};

Terminal::Terminal(bool use_color) : screen_(std::make_unique<Screen>()) {
    if (::isatty(STDIN_FILENO) != 1 || ::isatty(STDOUT_FILENO) != 1) {
        throw base::Error(base::Kind::Usage, "standard input and output are no terminal",
                          "--once prints what there is and ends");
    }
    use_utf8();
    screen_->screen = ::newterm(nullptr, stdout, stdin);
    if (screen_->screen == nullptr) {
        base::fail(base::Kind::Usage, "nobody knows how to draw on a terminal of type \"{}\"",
                   base::environment("TERM").value_or(""));
    }
    ::set_escdelay(50);  // milliseconds: a lone Escape should not wait for a second
    ::cbreak();
    ::noecho();
    ::nonl();
    ::keypad(stdscr, TRUE);
    ::nodelay(stdscr, TRUE);
    ::curs_set(0);
    screen_->has_color = use_color && ::has_colors() && ::start_color() == OK;
    if (screen_->has_color) {
        ::use_default_colors();
        for (std::size_t i = 1; i < kLooks.size(); ++i) {
            ::init_pair(static_cast<short>(i), kLooks.at(i).color, -1);
        }
    }
}

Terminal::~Terminal() {
    ::endwin();
    ::delscreen(screen_->screen);
}

Size Terminal::size() const {
    return {static_cast<std::size_t>(std::max(1, getmaxx(stdscr))),
            static_cast<std::size_t>(std::max(1, getmaxy(stdscr)))};
}

KeyPress Terminal::read(std::chrono::milliseconds at_most) {
    auto code = ::getch();  // also tells ncurses of a new size
    if (code == ERR) {
        pollfd wait{STDIN_FILENO, POLLIN, 0};
        const auto ready = ::poll(&wait, 1, static_cast<int>(at_most.count()));
        const bool is_gone = ready > 0 && (wait.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
        code = ::getch();
        if (code == ERR && is_gone) {  // SIGHUP may have been ignored, as by nohup
            base::fail(base::Kind::Io, "the terminal has gone");
        }
    }
    return code == ERR || code == KEY_RESIZE ? KeyPress{} : to_key(code);
}

void Terminal::draw(const std::vector<Line>& lines) {
    ::erase();
    int row = 0;
    for (const auto& line : lines) {
        ::move(row++, 0);
        for (const auto& span : line) {
            const auto look = static_cast<std::size_t>(span.style);
            ::attrset(static_cast<int>(kLooks.at(look).attributes));
            if (screen_->has_color && kLooks.at(look).color >= 0) {
                ::attron(COLOR_PAIR(static_cast<int>(look)));
            }
            ::addnstr(span.text.data(), static_cast<int>(span.text.size()));
        }
    }
    ::attrset(A_NORMAL);
    ::refresh();
}

}  // namespace tow::top
