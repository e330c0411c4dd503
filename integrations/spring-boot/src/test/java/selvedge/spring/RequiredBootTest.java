package selvedge.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootVersion;

/** The version of Spring Boot that a program must have. */
final class RequiredBootTest {

  @Test
  void anOlderSpringBootIsNamedInOneSentence() {
    assertThatThrownBy(() -> RequiredBoot.require("3.5.7"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("requires Spring Boot 4")
        .hasMessageContaining("got 3.5.7");
    RequiredBoot.require(SpringBootVersion.getVersion());
    RequiredBoot.require("10.0.0");
  }

  @Test
  void everyProgramChecksTheVersionBeforeItCreatesBeans() {
    assertThat(new SpringApplication(RequiredBootTest.class).getInitializers())
        .hasAtLeastOneElementOfType(RequiredBoot.class);
  }
}
