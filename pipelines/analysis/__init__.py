"""Statistics as pure functions: frames and arrays in, frames and values out; nothing is read or written here."""
