//! Tools for smolagents.
