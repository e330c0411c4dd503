package selvedge.examples.bookshop;

import java.io.Serializable;
import java.time.Instant;

/**
 * A book of the catalogue.
 *
 * @param read when it was taken from the catalogue
 */
public record Book(String isbn, String title, Instant read) implements Serializable {}
