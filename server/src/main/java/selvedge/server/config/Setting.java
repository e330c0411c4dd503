package selvedge.server.config;

/**
 * One setting as it was given.
 *
 * @param source where it stands, for messages: a flag, a variable, or a line of a file
 */
public record Setting(String key, String value, String source) {}
