package selvedge.model;

/** What an increment made of a number. */
public record Counted(long value, Version version) {}
