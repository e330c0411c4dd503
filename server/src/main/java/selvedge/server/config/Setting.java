package selvedge.server.config;

/**
 * One setting and its source.
 *
 * @param source the flag, the variable or the line of a file, for error messages
 */
public record Setting(String key, String value, String source) {}
