//! Rules × scopes → results.
