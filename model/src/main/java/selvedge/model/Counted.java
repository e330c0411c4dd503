package selvedge.model;

/**
 * What an increment made of a number.
 *
 * {@snippet class="selvedge.examples.FirstSteps" region="increment"}
 */
public record Counted(long value, Version version) {}
