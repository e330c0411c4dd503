package selvedge.spring;

import org.springframework.boot.SpringBootVersion;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Stops the start of a program on Spring Boot 3, which has these classes in other packages. Without
 * this check, the start fails with the name of a class that is not found. It has no state.
 */
final class RequiredBoot implements ApplicationContextInitializer<ConfigurableApplicationContext> {
  private static final int MAJOR_MIN = 4;

  @Override
  public void initialize(ConfigurableApplicationContext context) {
    require(SpringBootVersion.getVersion());
  }

  /**
   * @throws IllegalStateException if the version is older than the first one that is supported
   */
  static void require(String version) {
    if (Integer.parseInt(version.substring(0, version.indexOf('.'))) < MAJOR_MIN) {
      throw new IllegalStateException(
          "selvedge-spring-boot requires Spring Boot "
              + MAJOR_MIN
              + " or newer, got "
              + version
              + ": upgrade Spring Boot, or use selvedge-client without the starter");
    }
  }
}
