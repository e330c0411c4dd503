package selvedge.model;

/**
 * The result of an increment.
 *
 * {@snippet class="selvedge.examples.FirstSteps" region="increment"}
 *
 * @param value the new number
 * @param version the version of the change
 */
public record Counted(long value, Version version) {}
