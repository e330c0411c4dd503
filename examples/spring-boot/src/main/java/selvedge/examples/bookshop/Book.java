package selvedge.examples.bookshop;

import java.io.Serializable;
import java.time.Instant;

/**
 * A book of the catalogue.
 *
 * @param read the time at which it was read from the catalogue
 */
public record Book(String isbn, String title, Instant read) implements Serializable {}
