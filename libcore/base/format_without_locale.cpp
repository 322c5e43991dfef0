// fmt, and what a static program needs of the C++ library, without locales and without names that
// are made readable: for tow-cvmfs-node, of which they would be the larger half. What is defined
// here is not taken from the libraries.
#define FMT_STATIC_THOUSANDS_SEPARATOR ','
#include <cstdlib>

#include <fmt/format-inl.h>

FMT_BEGIN_NAMESPACE

namespace detail {

// What fmt's own format.cc instantiates, for char.
template FMT_API auto dragonbox::to_decimal(float x) noexcept -> dragonbox::decimal_fp<float>;
template FMT_API auto dragonbox::to_decimal(double x) noexcept -> dragonbox::decimal_fp<double>;
template FMT_API auto thousands_sep_impl<char>(locale_ref) -> thousands_sep_result<char>;
template FMT_API auto decimal_point_impl(locale_ref) -> char;
template FMT_API void buffer<char>::append(const char*, const char*);
template FMT_API void vformat_to(buffer<char>&, string_view,
                                 basic_format_args<FMT_BUFFER_CONTEXT(char)>, locale_ref);

}  // namespace detail

FMT_END_NAMESPACE

namespace __gnu_cxx {

// Says nothing: an exception that leaves main() has been told by then.
void __verbose_terminate_handler() {  // NOLINT(bugprone-reserved-identifier,cert-dcl51-cpp) its
                                      // name
    std::abort();
}

}  // namespace __gnu_cxx
