//! The executor `modal` against a stand-in for the service, which Modal's own library accepts too.

#[cfg(test)]
mod fake;
#[cfg(test)]
mod session;
#[cfg(test)]
mod starts;
