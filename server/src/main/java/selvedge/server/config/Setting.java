package selvedge.server.config;

/**
 * One setting and its source.
 *
 * @param source the flag, the variable or the line of a file, for error messages
 */
public record Setting(String key, String value, String source) {

  /** Returns the setting with a value that may be shown: that of a secret is left out. */
  public Setting shown() {
    boolean secret = SettingKey.of(key).filter(SettingKey::isSecret).isPresent();
    return secret ? new Setting(key, "(secret)", source) : this;
  }
}
