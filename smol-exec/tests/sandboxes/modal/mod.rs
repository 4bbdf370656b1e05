//! The executor `modal` against a stand-in for the service, which Modal's own library accepts too.

mod fake;
mod session;
mod starts;
