//! The executor `e2b` against a stand-in for the service, `fake.py`, which E2B's own library accepts too.

mod fake;
mod session;
mod starts;
