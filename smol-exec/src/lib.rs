//! Sandboxes for smolagents.
